//! Figures as text: scaled units, three significant digits, intervals as a spread.

use super::glyphs::Glyphs;
use crate::report::Estimate;

/// A figure and half the width of its interval, apart, so that tables can line them up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Figure {
    /// The estimate with its unit, for example `52.1 ns`.
    pub(super) value: String,
    /// Half the interval in the same unit, for example `± 0.4`; `None` where the data carries no interval.
    pub(super) spread: Option<String>,
}

impl Figure {
    /// Value and spread in one piece.
    pub(super) fn joined(&self) -> String {
        match &self.spread {
            Some(spread) => format!("{} {spread}", self.value),
            None => self.value.clone(),
        }
    }

    /// What stands where nothing was measured.
    pub(super) fn absent(glyphs: &Glyphs) -> Self {
        Self {
            value: glyphs.absent.into(),
            spread: None,
        }
    }
}

/// Units of time, largest first, each in ns.
fn time_units(glyphs: &Glyphs) -> [(f64, &'static str); 4] {
    [(1e9, "s"), (1e6, "ms"), (1e3, glyphs.micro), (1.0, "ns")]
}

/// Units of a rate, largest first. The word for what is counted follows.
const RATE_UNITS: [(f64, &str); 5] = [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"), (1.0, "")];

/// The unit for a rate: thousands stay as they are up to 10,000, so that 500 and 1000 a second compare at a glance.
fn rate_unit(per_s: f64) -> (f64, &'static str) {
    if (0.9995..9_999.5).contains(&per_s.abs()) {
        (1.0, "")
    } else {
        unit_for(per_s, &RATE_UNITS)
    }
}

/// The largest unit that leaves at least 1 before the point, after rounding to three digits.
fn unit_for(value: f64, units: &[(f64, &'static str)]) -> (f64, &'static str) {
    let size = value.abs();
    units
        .iter()
        .copied()
        .find(|(unit, _)| size / unit >= 0.9995)
        .unwrap_or(units[units.len() - 1])
}

/// Decimals that show `value` with three significant digits; at most 4.
pub(super) fn decimals(value: f64) -> usize {
    let size = value.abs();
    if size >= 99.95 {
        0
    } else if size >= 9.995 {
        1
    } else if size >= 0.9995 {
        2
    } else if size >= 0.099_95 {
        3
    } else {
        4
    }
}

/// A number with so many decimals; long ones in scientific notation, never a negative zero.
fn number(value: f64, decimals: usize, glyphs: &Glyphs) -> String {
    if !value.is_finite() {
        return glyphs.absent.into();
    }
    if value.abs() >= 1e6 {
        return format!("{value:.2e}");
    }
    let text = format!("{:.decimals$}", value.abs());
    let zero = text.bytes().all(|b| matches!(b, b'0' | b'.'));
    if zero {
        return "0".into();
    }
    if value < 0.0 {
        format!("{}{text}", glyphs.minus)
    } else {
        text
    }
}

/// A plain number with three significant digits.
pub(super) fn plain(value: f64, glyphs: &Glyphs) -> String {
    number(value, decimals(value), glyphs)
}

/// A plain number with up to three significant digits, without zeros at its end.
pub(super) fn short(value: f64, glyphs: &Glyphs) -> String {
    let text = plain(value, glyphs);
    if text.contains('.') && !text.contains('e') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

/// Half the width of an interval, with as few decimals as show at least one digit of it.
fn spread(half: f64, shown: usize, glyphs: &Glyphs) -> String {
    if half == 0.0 {
        return format!("{} 0", glyphs.plus_minus);
    }
    let most = (shown + 2).min(4);
    let mut places = shown;
    while places < most && half < 0.95 / 10_f64.powi(places as i32) {
        places += 1;
    }
    // An interval is never shown as smaller than the smallest step: it would claim too much.
    let step = 1.0 / 10_f64.powi(places as i32);
    format!(
        "{} {}",
        glyphs.plus_minus,
        number(half.max(step), places, glyphs)
    )
}

/// An estimate in one unit: value, then the spread in the same unit.
fn estimate_in(estimate: &Estimate, unit: f64, name: &str, glyphs: &Glyphs) -> Figure {
    if !estimate.estimate.is_finite() {
        return Figure::absent(glyphs);
    }
    let value = estimate.estimate / unit;
    let places = decimals(value);
    let half = (estimate.upper - estimate.lower) / 2.0 / unit;
    let text = number(value, places, glyphs);
    Figure {
        value: if name.is_empty() {
            text
        } else {
            format!("{text} {name}")
        },
        spread: (estimate.level > 0.0 && half.is_finite() && half >= 0.0)
            .then(|| spread(half, places, glyphs)),
    }
}

/// A time in ns, s or between.
pub(super) fn time(ns: f64, glyphs: &Glyphs) -> String {
    if !ns.is_finite() {
        return glyphs.absent.into();
    }
    let (unit, name) = unit_for(ns, &time_units(glyphs));
    format!("{} {name}", plain(ns / unit, glyphs))
}

/// A time with its interval.
pub(super) fn time_estimate(estimate: &Estimate, glyphs: &Glyphs) -> Figure {
    let (unit, name) = unit_for(estimate.estimate, &time_units(glyphs));
    estimate_in(estimate, unit, name, glyphs)
}

/// An efficiency as a percentage with its interval in points. At one thread it is 1 by definition and has no interval.
pub(super) fn efficiency(estimate: &Estimate, threads: u32, glyphs: &Glyphs) -> Figure {
    let mut figure = share_estimate(estimate, glyphs);
    if threads == 1 {
        figure.spread = None;
    }
    figure
}

/// A share as a percentage with its interval in points.
pub(super) fn share_estimate(estimate: &Estimate, glyphs: &Glyphs) -> Figure {
    estimate_in(estimate, 0.01, "%", glyphs)
}

/// A share as a percentage.
pub(super) fn share(value: f64, glyphs: &Glyphs) -> String {
    if !value.is_finite() {
        return glyphs.absent.into();
    }
    format!("{} %", plain(value * 100.0, glyphs))
}

/// A rate; `what` is empty for calls, else `B` or `items`.
pub(super) fn rate(per_s: f64, what: &str, glyphs: &Glyphs) -> String {
    if !per_s.is_finite() {
        return glyphs.absent.into();
    }
    let (unit, prefix) = rate_unit(per_s);
    let gap = if what.len() > 1 && !prefix.is_empty() {
        " "
    } else {
        ""
    };
    format!("{} {prefix}{gap}{what}/s", plain(per_s / unit, glyphs))
}

/// A rate of calls with its interval.
pub(super) fn rate_estimate(estimate: &Estimate, glyphs: &Glyphs) -> Figure {
    let (unit, prefix) = rate_unit(estimate.estimate);
    estimate_in(estimate, unit, &format!("{prefix}/s"), glyphs)
}

/// A factor, for example `×2.00`.
pub(super) fn factor(value: f64, glyphs: &Glyphs) -> String {
    if !value.is_finite() {
        return glyphs.absent.into();
    }
    let places = factor_decimals(value);
    format!("{}{}", glyphs.times, number(value, places, glyphs))
}

/// A factor with half its interval, for example `×2.00 ± 0.01`.
pub(super) fn factor_estimate(estimate: &Estimate, glyphs: &Glyphs) -> Figure {
    if !estimate.estimate.is_finite() {
        return Figure::absent(glyphs);
    }
    let half = (estimate.upper - estimate.lower) / 2.0;
    let places = factor_decimals(estimate.estimate);
    Figure {
        value: factor(estimate.estimate, glyphs),
        spread: (estimate.level > 0.0 && half.is_finite() && half >= 0.0)
            .then(|| spread(half, places, glyphs)),
    }
}

/// Factors near 1 differ in the third decimal; three digits would show two.
fn factor_decimals(value: f64) -> usize {
    if (0.9..1.1).contains(&value) {
        3
    } else {
        decimals(value)
    }
}

/// The ends of an interval, for example ` [1.97, 2.03]`; empty where the data carries none.
fn brackets(estimate: &Estimate, unit: f64, places: usize, glyphs: &Glyphs) -> String {
    if estimate.level <= 0.0 || !estimate.lower.is_finite() || !estimate.upper.is_finite() {
        return String::new();
    }
    let end = |v: f64| number(v / unit, places, glyphs);
    format!(" [{}, {}]", end(estimate.lower), end(estimate.upper))
}

/// A figure to four digits with the ends of its interval, for the tables that hold every figure.
fn exact_in(estimate: &Estimate, unit: f64, name: &str, glyphs: &Glyphs) -> String {
    if !estimate.estimate.is_finite() {
        return glyphs.absent.into();
    }
    let value = estimate.estimate / unit;
    let places = (decimals(value) + 1).min(5);
    let value = number(value, places, glyphs);
    let gap = if name.is_empty() { "" } else { " " };
    format!(
        "{value}{gap}{name}{}",
        brackets(estimate, unit, places, glyphs)
    )
}

/// A time to four digits, for example `2.004 ms [1.996, 2.012]`.
pub(super) fn exact_time(estimate: &Estimate, glyphs: &Glyphs) -> String {
    let (unit, name) = unit_for(estimate.estimate, &time_units(glyphs));
    exact_in(estimate, unit, name, glyphs)
}

/// A rate to four digits.
pub(super) fn exact_rate(estimate: &Estimate, glyphs: &Glyphs) -> String {
    let (unit, prefix) = rate_unit(estimate.estimate);
    exact_in(estimate, unit, &format!("{prefix}/s"), glyphs)
}

/// A share to four digits, as a percentage.
pub(super) fn exact_share(estimate: &Estimate, glyphs: &Glyphs) -> String {
    exact_in(estimate, 0.01, "%", glyphs)
}

/// A plain number to four digits.
pub(super) fn exact_plain(estimate: &Estimate, glyphs: &Glyphs) -> String {
    exact_in(estimate, 1.0, "", glyphs)
}

/// A factor with the ends of its interval, for example `×2.00 [1.99, 2.01]`.
pub(super) fn exact_factor(estimate: &Estimate, glyphs: &Glyphs) -> String {
    let places = factor_decimals(estimate.estimate);
    format!(
        "{}{}",
        factor(estimate.estimate, glyphs),
        brackets(estimate, 1.0, places, glyphs)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::glyphs::{ASCII, UNICODE};

    fn estimate(estimate: f64, half: f64) -> Estimate {
        Estimate {
            estimate,
            lower: estimate - half,
            upper: estimate + half,
            level: 0.95,
        }
    }

    #[test]
    fn times_scale_and_round_to_three_digits() {
        let cases = [
            (0.0, "0 ns"),
            (0.312, "0.312 ns"),
            (1.0, "1.00 ns"),
            (52.14, "52.1 ns"),
            (999.4, "999 ns"),
            (999.6, "1.00 µs"),
            (1.5e6, "1.50 ms"),
            (2.0e9, "2.00 s"),
            (-31.0, "−31.0 ns"),
            (f64::NAN, "–"),
        ];
        for (ns, text) in cases {
            assert_eq!(time(ns, &UNICODE), text);
        }
        assert_eq!(time(1_500.0, &ASCII), "1.50 us");
    }

    #[test]
    fn spreads_show_at_least_one_digit_and_never_nothing() {
        let cases = [
            (52.1, 0.4, "52.1 ns ± 0.4"),
            (16.0e6, 12_300.0, "16.0 ms ± 0.01"),
            (130.0, 0.52, "130 ns ± 0.5"),
            (2.0e6, 3.0, "2.00 ms ± 0.0001"),
            (2.0e6, 0.0, "2.00 ms ± 0"),
            (150.0, 30.0, "150 ns ± 30"),
        ];
        for (value, half, text) in cases {
            assert_eq!(
                time_estimate(&estimate(value, half), &UNICODE).joined(),
                text
            );
        }
    }

    #[test]
    fn no_level_means_no_spread() {
        let bare = Estimate {
            level: 0.0,
            ..estimate(5.0, 1.0)
        };
        assert_eq!(time_estimate(&bare, &UNICODE).joined(), "5.00 ns");
    }

    #[test]
    fn rates_shares_and_factors() {
        assert_eq!(rate(500.0, "", &UNICODE), "500 /s");
        assert_eq!(rate(1_000.0, "", &UNICODE), "1000 /s");
        assert_eq!(rate(12_345.0, "", &UNICODE), "12.3 k/s");
        assert_eq!(rate(19.24e6, "", &UNICODE), "19.2 M/s");
        assert_eq!(rate(1.2e9, "B", &UNICODE), "1.20 GB/s");
        assert_eq!(rate(3.1e6, "items", &UNICODE), "3.10 M items/s");
        assert_eq!(share(0.1249, &UNICODE), "12.5 %");
        assert_eq!(factor(2.0, &UNICODE), "×2.00");
        assert_eq!(factor(0.998, &ASCII), "x0.998");
        assert_eq!(
            exact_factor(&estimate(2.0, 0.03), &UNICODE),
            "×2.00 [1.97, 2.03]"
        );
        assert_eq!(
            exact_time(&estimate(2.0041e6, 8_000.0), &UNICODE),
            "2.004 ms [1.996, 2.012]"
        );
    }
}

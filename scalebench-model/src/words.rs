//! Figures inside sentences: durations, shares and factors as people write them.

use crate::report::Estimate;

const TIME_UNITS: [(f64, &str); 4] = [(1e9, "s"), (1e6, "ms"), (1e3, "µs"), (1.0, "ns")];

/// A number with two significant digits below 10 and three above; whole from 100 on.
pub(crate) fn number(value: f64) -> String {
    let decimals = decimals(value);
    let text = plain(value, decimals);
    // "14 ms" rather than "14.0 ms", but "2.0 ms": a lone digit looks like a rounded guess.
    match text.strip_suffix(".0") {
        Some(whole) if value.abs() >= 9.95 => whole.to_owned(),
        _ => text,
    }
}

fn decimals(value: f64) -> usize {
    let size = value.abs();
    match size {
        // Nothing has no digits to show.
        0.0 => 0,
        s if s >= 99.95 => 0,
        s if s >= 0.995 => 1,
        s if s >= 0.0995 => 2,
        s if s >= 0.009_95 => 3,
        _ => 4,
    }
}

fn plain(value: f64, decimals: usize) -> String {
    if value.abs() >= 1e15 || (value != 0.0 && value.abs() < 1e-4) {
        return format!("{value:.1e}");
    }
    let text = format!("{value:.decimals$}");
    match text.strip_prefix('-') {
        Some(rest) if rest.chars().all(|c| c == '0' || c == '.') => rest.to_owned(),
        _ => text,
    }
}

fn time_unit(ns: f64) -> (f64, &'static str) {
    let fits = |(unit, _): &(f64, &str)| ns.abs() / unit >= 0.9995;
    TIME_UNITS.into_iter().find(fits).unwrap_or(TIME_UNITS[3])
}

/// A whole number of things, with commas between thousands and no more than two digits that are not 0: "100,000".
pub(crate) fn amount(value: f64) -> String {
    let unit = 10_f64.powf(value.max(1.0).log10().floor() - 1.0).max(1.0);
    let digits = format!("{:.0}", (value / unit).round() * unit);
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A duration in ns with a fitting unit, for example "14 ms".
pub(crate) fn time(ns: f64) -> String {
    time_estimate(&exact(ns))
}

/// A duration in ns with its interval: "208 ns [205, 211]".
pub(crate) fn time_estimate(e: &Estimate) -> String {
    let (unit, name) = time_unit(e.estimate);
    let interval = match e.level > 0.0 {
        true => format!(" [{}, {}]", number(e.lower / unit), number(e.upper / unit)),
        false => String::new(),
    };
    format!("{} {name}{interval}", number(e.estimate / unit))
}

const RATE_UNITS: [(f64, &str); 4] = [(1e9, "G"), (1e6, "M"), (1e3, "k"), (1.0, "")];

/// Thousands stay as they are up to 10,000, as in the tables.
fn rate_unit(per_s: f64) -> (f64, &'static str) {
    let fits = |(unit, _): &(f64, &str)| per_s.abs() / unit >= 0.9995;
    match per_s.abs() < 9_999.5 {
        true => RATE_UNITS[3],
        false => RATE_UNITS.into_iter().find(fits).unwrap_or(RATE_UNITS[3]),
    }
}

/// A rate a second: "420/s", "12.3 k/s".
pub(crate) fn rate(per_s: f64) -> String {
    rate_estimate(&exact(per_s))
}

/// A figure without an interval.
fn exact(value: f64) -> Estimate {
    Estimate {
        estimate: value,
        lower: value,
        upper: value,
        level: 0.0,
    }
}

/// A rate with its interval: "420/s [410, 430]".
pub(crate) fn rate_estimate(e: &Estimate) -> String {
    let (unit, name) = rate_unit(e.estimate);
    let gap = if name.is_empty() { "" } else { " " };
    let interval = match e.level > 0.0 {
        true => format!(" [{}, {}]", number(e.lower / unit), number(e.upper / unit)),
        false => String::new(),
    };
    format!("{}{gap}{name}/s{interval}", number(e.estimate / unit))
}

/// How exactly two figures are written beside each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Digits {
    /// As single figures are: a change too small to matter does not show.
    Usual,
    /// Enough to tell the two apart.
    Telling,
}

/// Two durations in the unit of the larger one: "2.0 → 1.0 ms".
pub(crate) fn times(old_ns: f64, new_ns: f64, digits: Digits) -> String {
    let (unit, name) = time_unit(old_ns.max(new_ns));
    format!("{} {name}", pair(old_ns / unit, new_ns / unit, digits))
}

/// Two shares (1 is 100 %): "12.5 → 25.0 %".
pub(crate) fn shares(old: f64, new: f64, digits: Digits) -> String {
    format!("{} %", pair(100.0 * old, 100.0 * new, digits))
}

/// Two plain numbers: "0.54 → 1.10".
pub(crate) fn pair(old: f64, new: f64, digits: Digits) -> String {
    let apart = (old - new).abs() / old.abs().max(new.abs());
    // Equal to so many digits reads as equal; no digits would help.
    let more = match apart {
        _ if digits == Digits::Usual => 0,
        0.1.. | ..1e-4 => 0,
        0.01.. => 1,
        _ => 2,
    };
    let digits = decimals(old.abs().max(new.abs())) + more;
    format!("{} → {}", plain(old, digits), plain(new, digits))
}

/// A share (1 is 100 %): "12.5 %".
pub(crate) fn share(value: f64) -> String {
    format!("{} %", number(100.0 * value))
}

/// A share with its interval: "3.1 % [2.6, 3.6]".
pub(crate) fn share_estimate(e: &Estimate) -> String {
    let interval = match e.level > 0.0 {
        true => format!(
            " [{}, {}]",
            number(100.0 * e.lower),
            number(100.0 * e.upper)
        ),
        false => String::new(),
    };
    format!("{}{interval}", share(e.estimate))
}

/// A plain figure with its interval: "0.81 [0.79, 0.83]".
pub(crate) fn estimate(e: &Estimate) -> String {
    match e.level > 0.0 {
        true => format!("{} [{}, {}]", two(e.estimate), two(e.lower), two(e.upper)),
        false => two(e.estimate),
    }
}

/// How far from a whole number a capacity may be that is one.
const NEARLY_WHOLE: f64 = 0.03;

/// A capacity: "4" where it is a whole number as far as can be told.
pub(crate) fn capacity_number(capacity: &Estimate) -> String {
    let value = capacity.estimate;
    let whole = value.round();
    let is_whole = (value / whole - 1.0).abs() <= NEARLY_WHOLE && (value - whole).abs() < 0.25;
    match is_whole {
        true => format!("{whole:.0}"),
        false => number(value),
    }
}

/// A factor: "×2.00".
pub(crate) fn factor(value: f64) -> String {
    format!("×{}", factor_number(value))
}

/// A factor with its interval: "×2.00 [1.98, 2.02]".
pub(crate) fn factor_estimate(e: &Estimate) -> String {
    match e.level > 0.0 {
        true => format!(
            "{} [{}, {}]",
            factor(e.estimate),
            factor_number(e.lower),
            factor_number(e.upper)
        ),
        false => factor(e.estimate),
    }
}

/// Two decimals, three near 1, where a percent matters.
fn factor_number(value: f64) -> String {
    match value {
        v if v >= 99.5 => plain(v, 0),
        v if (v - 1.0).abs() < 0.0995 => plain(v, 3),
        v => two(v),
    }
}

/// Two decimals, four below 0.1.
pub(crate) fn two(value: f64) -> String {
    match value.abs() < 0.0995 {
        true => plain(value, 4),
        false => plain(value, 2),
    }
}

/// "1 launch"-like counts with a regular plural.
pub(crate) fn count(n: u32, what: &str) -> String {
    match n {
        1 => format!("1 {what}"),
        _ => format!("{n} {what}s"),
    }
}

/// "2, 4 and 8".
pub(crate) fn list(numbers: &[u32]) -> String {
    let texts: Vec<String> = numbers.iter().map(u32::to_string).collect();
    match texts.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        Some((last, _)) => last.clone(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_have_two_digits_and_commas() {
        for (value, text) in [
            (3.2, "3"),
            (99.6, "100"),
            (100_123.0, "100,000"),
            (1_049_000.0, "1,000,000"),
            (12_345.0, "12,000"),
        ] {
            assert_eq!(amount(value), text);
        }
    }

    #[test]
    fn durations_read_well() {
        for (ns, text) in [
            (14e6, "14 ms"),
            (2e6, "2.0 ms"),
            (9.13, "9.1 ns"),
            (12_340.0, "12.3 µs"),
            (999.96, "1.0 µs"),
            (0.25, "0.25 ns"),
            (3.2e11, "320 s"),
            (0.0, "0 ns"),
        ] {
            assert_eq!(time(ns), text);
        }
    }

    #[test]
    fn pairs_share_unit_and_digits() {
        let telling = |old, new| times(old, new, Digits::Telling);
        assert_eq!(telling(2e6, 1e6), "2.0 → 1.0 ms");
        assert_eq!(telling(2e6, 2.1e6), "2.00 → 2.10 ms");
        assert_eq!(telling(2e6, 2.01e6), "2.000 → 2.010 ms");
        assert_eq!(times(2e6, 2.01e6, Digits::Usual), "2.0 → 2.0 ms");
        assert_eq!(telling(900.0, 1500.0), "0.9 → 1.5 µs");
        assert_eq!(shares(0.125, 0.1253, Digits::Usual), "12.5 → 12.5 %");
        assert_eq!(shares(0.125, 0.25, Digits::Telling), "12.5 → 25.0 %");
    }

    #[test]
    fn shares_and_factors_read_well() {
        let e = Estimate {
            estimate: 0.031,
            lower: 0.026,
            upper: 0.036,
            level: 0.95,
        };
        assert_eq!(share_estimate(&e), "3.1 % [2.6, 3.6]");
        assert_eq!(share_estimate(&Estimate { level: 0.0, ..e }), "3.1 %");
        let f = Estimate {
            estimate: 2.0,
            lower: 1.98,
            upper: 2.02,
            level: 0.95,
        };
        assert_eq!(factor_estimate(&f), "×2.00 [1.98, 2.02]");
        assert_eq!(time_estimate(&f), "2.0 ns [2.0, 2.0]");
        assert_eq!(factor(1.0123), "×1.012");
        assert_eq!(factor(1234.0), "×1234");
        assert_eq!(factor(1e200), "×1.0e200");
        assert_eq!(number(-0.00001), "-1.0e-5");
        assert_eq!(plain(-0.0, 2), "0.00");
    }

    #[test]
    fn rates_read_well() {
        assert_eq!(rate(420.0), "420/s");
        assert_eq!(rate(9_876.0), "9876/s");
        assert_eq!(rate(12_345.0), "12.3 k/s");
        assert_eq!(rate(0.5), "0.50/s");
        let e = Estimate {
            estimate: 420.0,
            lower: 410.0,
            upper: 431.0,
            level: 0.95,
        };
        assert_eq!(rate_estimate(&e), "420/s [410, 431]");
    }

    #[test]
    fn lists_end_with_and() {
        assert_eq!(list(&[]), "");
        assert_eq!(list(&[8]), "8");
        assert_eq!(list(&[2, 4, 8]), "2, 4 and 8");
        assert_eq!(count(1, "launch"), "1 launch");
    }
}

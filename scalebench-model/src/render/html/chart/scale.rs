//! Scales: from figures to places on a chart, with ticks worth reading.

use super::super::super::figure;
use super::super::super::glyphs::UNICODE;

/// What a tick says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    /// Time in ns.
    Time,
    /// Calls per second.
    Rate,
    /// A share, shown as a percentage.
    Share,
}

impl Unit {
    fn label(self, value: f64) -> String {
        match self {
            _ if value == 0.0 => "0".into(),
            Self::Time => trim(&figure::time(value, &UNICODE)),
            Self::Rate => trim(&figure::rate(value, "", &UNICODE)),
            Self::Share => trim(&figure::share(value, &UNICODE)),
        }
    }
}

/// `2.50 ms` becomes `2.5 ms`, `2.00 ms` becomes `2 ms`.
fn trim(text: &str) -> String {
    let Some((number, unit)) = text.split_once(' ') else {
        return text.into();
    };
    let short = if number.contains('.') {
        number.trim_end_matches('0').trim_end_matches('.')
    } else {
        number
    };
    format!("{short} {unit}")
}

/// A scale from figures to units of the drawing.
#[derive(Debug, Clone)]
pub(super) struct Scale {
    low: f64,
    high: f64,
    log: bool,
    from: f64,
    to: f64,
    /// Ticks with their labels.
    pub(super) ticks: Vec<(f64, String)>,
}

impl Scale {
    /// From 0 to a round number that is at least `max`.
    pub(super) fn linear(max: f64, unit: Unit, from: f64, to: f64) -> Self {
        let max = if max.is_finite() && max > 0.0 {
            max
        } else {
            1.0
        };
        let step = round_step(max / 4.0);
        let count = (max / step - 1e-9).ceil().max(1.0);
        let ticks = (0..=count as u32)
            .map(|i| f64::from(i) * step)
            .map(|v| (v, unit.label(v)))
            .collect();
        Self {
            low: 0.0,
            high: count * step,
            log: false,
            from,
            to,
            ticks,
        }
    }

    /// Logarithmic over all of these figures, with a margin and at least a factor of 2 across.
    pub(super) fn log(values: impl Iterator<Item = f64>, unit: Unit, from: f64, to: f64) -> Self {
        let (low, high) = extent(values.filter(|v| *v > 0.0));
        let (low, high) = if high > 0.0 { (low, high) } else { (1.0, 2.0) };
        let widen = (2.0 / (high / low)).sqrt().max(1.0);
        let low = (low / widen / 1.15).max(f64::MIN_POSITIVE);
        let high = (high * widen * 1.15).min(f64::MAX);
        let ticks = log_ticks(low, high)
            .into_iter()
            .map(|v| (v, unit.label(v)))
            .collect();
        Self {
            low,
            high,
            log: true,
            from,
            to,
            ticks,
        }
    }

    /// Logarithmic where the figures span more than a factor of 30, else from 0.
    pub(super) fn fitting(values: &[f64], unit: Unit, from: f64, to: f64) -> Self {
        let (low, high) = extent(values.iter().copied().filter(|v| *v > 0.0));
        if low > 0.0 && high / low > 30.0 {
            Self::log(values.iter().copied(), unit, from, to)
        } else {
            Self::linear(high, unit, from, to)
        }
    }

    /// Where a figure stands; figures outside the scale stand at its edge.
    pub(super) fn place(&self, value: f64) -> i32 {
        let share = if self.log {
            (value.max(f64::MIN_POSITIVE) / self.low).ln() / (self.high / self.low).ln()
        } else {
            (value - self.low) / (self.high - self.low)
        };
        let share = if share.is_finite() {
            share.clamp(0.0, 1.0)
        } else {
            0.0
        };
        (self.from + share * (self.to - self.from)).round() as i32
    }
}

/// Smallest and largest of some figures; 0 and 0 of none.
pub(super) fn extent(values: impl Iterator<Item = f64>) -> (f64, f64) {
    values
        .filter(|v| v.is_finite())
        .fold(None, |range: Option<(f64, f64)>, v| {
            Some(range.map_or((v, v), |(low, high)| (low.min(v), high.max(v))))
        })
        .unwrap_or((0.0, 0.0))
}

/// The next of 1, 2, 2.5, 5, 10 times a power of ten.
fn round_step(least: f64) -> f64 {
    let power = 10_f64.powf(least.log10().floor());
    [1.0, 2.0, 2.5, 5.0, 10.0]
        .into_iter()
        .map(|m| m * power)
        .find(|step| *step >= least * (1.0 - 1e-9))
        .unwrap_or(10.0 * power)
}

/// Round numbers between two figures, neither too few nor too many.
fn log_ticks(low: f64, high: f64) -> Vec<f64> {
    let sets: [&[f64]; 5] = [
        &[1.0],
        &[1.0, 3.0],
        &[1.0, 2.0, 5.0],
        &[1.0, 1.5, 2.0, 3.0, 5.0, 7.0],
        &[
            1.0, 1.2, 1.4, 1.6, 1.8, 2.0, 2.5, 3.0, 3.5, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0,
        ],
    ];
    let power = |v: f64| (v.log10() as i32).clamp(-320, 320);
    let (first, last) = (power(low) - 1, power(high) + 1);
    let within = |set: &[f64], stride: i32| -> Vec<f64> {
        (first..=last)
            .filter(|power| power.rem_euclid(stride) == 0)
            .flat_map(|power| set.iter().map(move |m| m * 10_f64.powi(power)))
            .filter(|v| *v >= low && *v <= high)
            .collect()
    };
    let stride = ((last - first - 2) / 6).max(1);
    sets.into_iter()
        .map(|set| within(set, stride))
        .find(|ticks| ticks.len() >= 3)
        .unwrap_or_else(|| within(sets[4], stride))
}

/// The axis of thread counts: places by log2, labels for the measured counts.
#[derive(Debug, Clone)]
pub(super) struct Threads {
    low: f64,
    high: f64,
    from: f64,
    to: f64,
}

impl Threads {
    /// From the smallest to the largest of some thread counts.
    pub(super) fn new(low: f64, high: f64, from: f64, to: f64) -> Self {
        Self {
            low,
            high,
            from,
            to,
        }
    }

    /// Where a thread count stands.
    pub(super) fn place(&self, threads: f64) -> i32 {
        let share = if self.high > self.low {
            (threads / self.low).log2() / (self.high / self.low).log2()
        } else {
            0.5
        };
        let share = if share.is_finite() {
            share.clamp(0.0, 1.0)
        } else {
            0.5
        };
        (self.from + share * (self.to - self.from)).round() as i32
    }

    /// Whether a thread count is on the axis.
    pub(super) fn holds(&self, threads: f64) -> bool {
        threads >= self.low * 0.999 && threads <= self.high * 1.001
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(scale: &Scale) -> Vec<&str> {
        scale.ticks.iter().map(|(_, l)| l.as_str()).collect()
    }

    #[test]
    fn linear_scales_end_on_round_numbers() {
        let scale = Scale::linear(16.1e6, Unit::Time, 100.0, 0.0);
        assert_eq!(labels(&scale), ["0", "5 ms", "10 ms", "15 ms", "20 ms"]);
        assert_eq!(scale.place(0.0), 100);
        assert_eq!(scale.place(10e6), 50);
        assert_eq!(scale.place(1e9), 0);
        let share = Scale::linear(1.0, Unit::Share, 0.0, 1.0);
        assert_eq!(labels(&share), ["0", "25 %", "50 %", "75 %", "100 %"]);
    }

    #[test]
    fn wide_ranges_become_logarithmic() {
        let scale = Scale::fitting(&[10.0, 2_000.0], Unit::Time, 0.0, 100.0);
        assert_eq!(labels(&scale), ["10 ns", "100 ns", "1 µs"]);
        let narrow = Scale::fitting(&[10.0, 200.0], Unit::Time, 0.0, 100.0);
        assert_eq!(narrow.place(0.0), 0);
    }

    #[test]
    fn log_scales_have_enough_ticks_and_not_too_many() {
        for (low, high) in [
            (1.0, 1.1),
            (500.0, 1000.0),
            (3.0, 4.0),
            (1.0, 1e3),
            (1.0, 1e12),
        ] {
            let scale = Scale::log([low, high].into_iter(), Unit::Rate, 0.0, 100.0);
            let count = scale.ticks.len();
            assert!((2..=9).contains(&count), "{low} to {high}: {count} ticks");
            assert!(scale.place(low) < scale.place(high));
        }
    }

    #[test]
    fn nothing_to_show_is_no_reason_to_fail() {
        for values in [
            vec![],
            vec![0.0],
            vec![f64::NAN],
            vec![-1.0],
            vec![f64::INFINITY],
        ] {
            let scale = Scale::fitting(&values, Unit::Time, 0.0, 100.0);
            assert!((0..=100).contains(&scale.place(5.0)));
            let log = Scale::log(values.into_iter(), Unit::Time, 0.0, 100.0);
            assert!((0..=100).contains(&log.place(f64::NAN)));
        }
        assert_eq!(Threads::new(4.0, 4.0, 0.0, 100.0).place(4.0), 50);
    }
}

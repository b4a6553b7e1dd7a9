//! What single windows of arrivals say, and a launch of them.

use super::super::collect::{Clock, LaunchValues, Pooling, latency_ns};
use crate::data::{BenchmarkRecord, LaunchRecord, LoadSample, ResponseTimes};
use crate::stats::{Weighted, median};

/// Rates that differ less are one rate.
const SAME_RATE: f64 = 0.001;
/// With a smaller share of windows in which the generator kept up, a rate is refused.
const LEAST_KEPT_UP: f64 = 0.5;
/// What a response that never came is taken for, ns: as good as infinite, yet with a logarithm.
pub(super) const NEVER_NS: f64 = 1e300;
/// With fewer arrivals in a window there is no p99.
const LEAST_FOR_P99: u64 = 100;
/// Column of the unloaded latency.
pub(super) const UNLOADED: usize = 0;

/// A figure of a window of arrivals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Figure {
    Achieved,
    Mean,
    P50,
    P90,
    P99,
    P999,
}

pub(super) const FIGURES: [Figure; 6] = [
    Figure::Achieved,
    Figure::Mean,
    Figure::P50,
    Figure::P90,
    Figure::P99,
    Figure::P999,
];

impl Figure {
    /// The column of this figure at a rate, by its place.
    pub(super) fn column(self, rate: usize) -> usize {
        1 + rate * FIGURES.len() + self as usize
    }

    /// With fewer arrivals not one of them lies beyond it, so it would be the maximum by another name.
    fn least_arrivals(self) -> u64 {
        match self {
            Self::Achieved => 0,
            Self::Mean => 1,
            Self::P50 => 2,
            Self::P90 => 10,
            Self::P99 => LEAST_FOR_P99,
            Self::P999 => 1000,
        }
    }

    /// The figure of a window; NaN where it has too few calls for it.
    fn of(self, sample: &LoadSample) -> f64 {
        if sample.arrivals < self.least_arrivals() {
            return f64::NAN;
        }
        match self {
            Self::Achieved => sample.completed as f64 / sample.window_ns * 1e9,
            Self::Mean => response(sample, 0.99, |r| r.mean_ns),
            Self::P50 => response(sample, 0.50, |r| r.p50_ns),
            Self::P90 => response(sample, 0.90, |r| r.p90_ns),
            Self::P99 => response(sample, 0.99, |r| r.p99_ns),
            Self::P999 => response(sample, 0.999, |r| r.p999_ns),
        }
    }
}

/// A response time that a share `within` of all arrivals stays within, those that were lost among the slowest.
fn response(sample: &LoadSample, within: f64, figure: fn(&ResponseTimes) -> f64) -> f64 {
    let lost = lost(sample) as f64 / sample.arrivals as f64;
    match &sample.response {
        Some(response) if lost <= (1.0 - within) * (1.0 + 1e-9) => figure(response),
        _ => NEVER_NS,
    }
}

/// Arrivals that did not end well.
#[must_use]
pub fn lost(sample: &LoadSample) -> u64 {
    sample.errors + sample.timed_out + sample.unfinished
}

/// One rate of the ladder.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rate {
    /// Arrivals a second, as asked for.
    pub offered_per_s: f64,
    /// Whether the generator kept up, in most windows at least.
    pub kept_up: bool,
    /// Arrivals of a typical window, the median.
    pub arrivals: f64,
}

impl Rate {
    /// Whether its windows are too short for a p99.
    #[must_use]
    pub fn few_calls(&self) -> bool {
        !self.carries(Figure::P99)
    }

    /// Whether a typical window has arrivals enough for a figure. Where it has not, those few that do would tell only of
    /// the times when more came.
    fn carries(&self, figure: Figure) -> bool {
        self.arrivals >= figure.least_arrivals() as f64
    }
}

/// All samples of a record.
fn samples(record: &BenchmarkRecord) -> impl Iterator<Item = &LoadSample> {
    let usable = |s: &&LoadSample| {
        let positive = |v: f64| v > 0.0 && v.is_finite();
        positive(s.offered_per_s) && positive(s.window_ns)
    };
    record.launches.iter().flat_map(|l| &l.load).filter(usable)
}

/// Whether a sample is of this rate.
#[must_use]
pub fn is_of(sample: &LoadSample, rate: &Rate) -> bool {
    (sample.offered_per_s / rate.offered_per_s - 1.0).abs() <= SAME_RATE
}

/// The rates of a record, ascending, and whether the generator kept up.
pub(super) fn rates(record: &BenchmarkRecord) -> Vec<Rate> {
    let mut offered: Vec<f64> = samples(record).map(|s| s.offered_per_s).collect();
    crate::sort::numbers(&mut offered);
    offered.dedup_by(|b, a| *b <= *a * (1.0 + SAME_RATE));
    let rate = |offered_per_s| {
        let mut rate = Rate {
            offered_per_s,
            kept_up: true,
            arrivals: 0.0,
        };
        let here: Vec<&LoadSample> = samples(record).filter(|s| is_of(s, &rate)).collect();
        let kept = here.iter().filter(|s| s.kept_up).count();
        let arrivals: Vec<f64> = here.iter().map(|s| s.arrivals as f64).collect();
        rate.kept_up = kept as f64 >= LEAST_KEPT_UP * here.len() as f64;
        rate.arrivals = median(&arrivals).unwrap_or(0.0);
        rate
    };
    offered.into_iter().map(rate).collect()
}

/// How windows are taken together: those of the unloaded latency as in other modes; under load to the mean over all arrivals. A
/// median of windows would hide a stall that hits one of them, and response times are there to show it.
pub(super) fn pooling(column: usize) -> Pooling {
    match column {
        UNLOADED => Pooling::Totals,
        _ => Pooling::Arrivals,
    }
}

/// The usable figures of a launch. Of a rate at which the generator mostly kept up only those windows count in which it
/// did; of the others all are shown.
pub(super) fn launch_values(
    launch: &LaunchRecord,
    record: &BenchmarkRecord,
    rates: &[Rate],
    columns: usize,
) -> Option<LaunchValues> {
    let mut values = Vec::new();
    for sample in launch.samples.iter().filter(|s| s.threads == 1) {
        if let Some(value) = latency_ns(sample, record.mode, Clock::Counted) {
            let weight = sample.counted_calls;
            values.push((sample.round, UNLOADED, Weighted { value, weight }));
        }
    }
    for sample in &launch.load {
        let Some(place) = rates.iter().position(|rate| is_of(sample, rate)) else {
            continue;
        };
        if rates[place].kept_up && !sample.kept_up {
            continue;
        }
        for figure in FIGURES.into_iter().filter(|f| rates[place].carries(*f)) {
            let value = figure.of(sample);
            if value > 0.0 && value.is_finite() {
                let weight = sample.arrivals as f64;
                let entry = Weighted { value, weight };
                values.push((sample.round, figure.column(place), entry));
            }
        }
    }
    LaunchValues::of(&values, columns, &pooling)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(arrivals: u64, lost: u64) -> LoadSample {
        LoadSample {
            round: 0,
            offered_per_s: 100.0,
            window_ns: 1e9,
            arrivals,
            completed: arrivals - lost,
            errors: 0,
            timed_out: lost,
            unfinished: 0,
            late_p99_ns: 0.0,
            kept_up: true,
            response: Some(ResponseTimes {
                count: arrivals - lost,
                mean_ns: 1.0,
                p50_ns: 2.0,
                p90_ns: 3.0,
                p99_ns: 4.0,
                p999_ns: 5.0,
                max_ns: 6.0,
            }),
            first_error: None,
        }
    }

    #[test]
    fn a_percentile_needs_a_call_beyond_it() {
        assert_eq!(Figure::P99.of(&sample(100, 0)), 4.0);
        assert!(Figure::P99.of(&sample(99, 0)).is_nan());
        assert!(Figure::P999.of(&sample(999, 0)).is_nan());
        assert_eq!(Figure::P999.of(&sample(1000, 1)), 5.0);
    }

    #[test]
    fn calls_that_were_lost_are_the_slowest() {
        assert_eq!(Figure::P99.of(&sample(1000, 10)), 4.0);
        assert_eq!(Figure::P99.of(&sample(1000, 11)), NEVER_NS);
        assert_eq!(Figure::P999.of(&sample(1000, 2)), NEVER_NS);
        assert_eq!(Figure::P90.of(&sample(1000, 100)), 3.0);
        assert_eq!(Figure::P50.of(&sample(1000, 400)), 2.0);
        let none = LoadSample {
            response: None,
            ..sample(1000, 1000)
        };
        assert_eq!(Figure::P50.of(&none), NEVER_NS);
    }
}

//! Response times against load: their estimates, and the knee.

use std::ops::Deref;

use super::collect::{Clock, LaunchValues, latency_ns};
use super::replicas::{Basis, RESAMPLES, Replicas, Scale};
use crate::data::{BenchmarkRecord, LaunchRecord, LoadPlan, LoadSample, ResponseTimes};
use crate::report::Estimate;
use crate::stats::{Weighted, hash_text, weighted_median_in_place};

/// Rates that differ less are one rate.
const SAME_RATE: f64 = 0.001;
/// With a smaller share of windows in which the generator kept up, a rate is refused.
const LEAST_KEPT_UP: f64 = 0.5;
/// What a response that never came is taken for, ns: as good as infinite, yet with a logarithm.
const NEVER_NS: f64 = 1e300;
/// No response time that was measured is as long; means of some that were with [`NEVER_NS`] are longer.
const KNOWN_NS: f64 = 1e18;
/// So many resamples must have a knee for it to have an interval.
const MOSTLY: f64 = 0.95;

/// Column of the unloaded latency.
const UNLOADED: usize = 0;

/// A figure of a window of arrivals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Figure {
    Achieved,
    Mean,
    P50,
    P90,
    P99,
    P999,
}

const FIGURES: [Figure; 6] = [
    Figure::Achieved,
    Figure::Mean,
    Figure::P50,
    Figure::P90,
    Figure::P99,
    Figure::P999,
];

impl Figure {
    /// The figure of a window; NaN where it has too few calls for it.
    fn of(self, sample: &LoadSample) -> f64 {
        match self {
            Self::Achieved => sample.completed as f64 / sample.window_ns * 1e9,
            Self::Mean => response(sample, 0.99, 1, |r| r.mean_ns),
            Self::P50 => response(sample, 0.50, 2, |r| r.p50_ns),
            Self::P90 => response(sample, 0.90, 10, |r| r.p90_ns),
            Self::P99 => response(sample, 0.99, 100, |r| r.p99_ns),
            Self::P999 => response(sample, 0.999, 1000, |r| r.p999_ns),
        }
    }
}

/// A response time that a share `within` of all arrivals stays within, those that were lost among the slowest.
///
/// Below `least` arrivals not one of them lies beyond it, so it would be the maximum by another name.
fn response(
    sample: &LoadSample,
    within: f64,
    least: u64,
    figure: fn(&ResponseTimes) -> f64,
) -> f64 {
    if sample.arrivals < least {
        return f64::NAN;
    }
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
}

/// Where the knee lies.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Knee {
    /// At so many arrivals a second.
    At(f64),
    /// Above the highest rate that counts.
    Above,
    /// Below the lowest rate that counts.
    Below,
    /// The unloaded latency, or every p99, is unknown.
    Unknown,
}

/// The response times of one benchmark at every rate.
#[derive(Debug, Clone)]
pub struct LoadCurves {
    rates: Vec<Rate>,
    knee_factor: f64,
    figures: Replicas,
}

/// They are asked for their figures as any replicas are.
impl Deref for LoadCurves {
    type Target = Replicas;

    fn deref(&self) -> &Replicas {
        &self.figures
    }
}

impl LoadCurves {
    /// Reads the curves of a record in load mode. `seed` (of the plan) and the record's id decide the resamples.
    #[must_use]
    pub fn of(record: &BenchmarkRecord, plan: &LoadPlan, seed: u64) -> Self {
        Self::with_resamples(record, plan, seed, RESAMPLES)
    }

    /// The same for readers who need no intervals where they would cost a bootstrap.
    #[must_use]
    pub fn central_only(record: &BenchmarkRecord, plan: &LoadPlan) -> Self {
        Self::with_resamples(record, plan, 0, 0)
    }

    fn with_resamples(
        record: &BenchmarkRecord,
        plan: &LoadPlan,
        seed: u64,
        resamples: usize,
    ) -> Self {
        let rates = rates(record);
        let columns = 1 + rates.len() * FIGURES.len();
        let launches = record
            .launches
            .iter()
            .filter_map(|l| Some((l.launch, launch_values(l, record, &rates, columns)?)))
            .collect();
        Self {
            figures: Replicas::of(
                launches,
                columns,
                whole_of,
                resamples,
                seed ^ hash_text(&record.id),
            ),
            knee_factor: match plan.knee_factor {
                factor if factor > 1.0 && factor.is_finite() => factor,
                _ => LoadPlan::KNEE_FACTOR,
            },
            rates,
        }
    }

    /// The same curves with the knee elsewhere: so that both sides of a comparison mean the same by it.
    #[must_use]
    pub fn with_knee_factor(self, knee_factor: f64) -> Self {
        Self {
            knee_factor,
            ..self
        }
    }

    /// How many times the unloaded latency the p99 is at the knee.
    #[must_use]
    pub fn knee_factor(&self) -> f64 {
        self.knee_factor
    }

    /// The rates, ascending.
    #[must_use]
    pub fn rates(&self) -> &[Rate] {
        &self.rates
    }

    /// The unloaded latency that a row says, ns.
    #[must_use]
    pub fn unloaded_ns(row: &[f64]) -> f64 {
        row[UNLOADED]
    }

    /// The unloaded latency: one caller in a closed loop, ns.
    #[must_use]
    pub fn unloaded(&self) -> Option<Estimate> {
        self.estimate(&[UNLOADED], Scale::Log, |row| row[UNLOADED].ln())
    }

    fn column(rate: usize, figure: Figure) -> usize {
        1 + rate * FIGURES.len() + figure as usize
    }

    /// Calls that ended well, a second, at a rate (by its place).
    #[must_use]
    pub fn achieved_per_s(&self, rate: usize) -> Option<Estimate> {
        let column = Self::column(rate, Figure::Achieved);
        self.estimate(&[column], Scale::Log, |row| row[column].ln())
    }

    /// The response times at a rate (by its place): mean, p50, p90, p99 and p99.9, ns.
    #[must_use]
    pub fn responses(&self, rate: usize) -> [Option<Estimate>; 5] {
        [
            Figure::Mean,
            Figure::P50,
            Figure::P90,
            Figure::P99,
            Figure::P999,
        ]
        .map(|figure| self.response(Self::column(rate, figure)))
    }

    /// A response time; `None` where it is not known because calls were lost, be it in a single launch.
    fn response(&self, column: usize) -> Option<Estimate> {
        let known = |row: &[f64]| row[column].is_nan() || row[column] < KNOWN_NS;
        let by_launch = matches!(self.basis(), Basis::Launches(_));
        if by_launch && !self.replicas().all(known) {
            return None;
        }
        let e = self.estimate(&[column], Scale::Log, |row| row[column].ln())?;
        let bare = Estimate {
            lower: e.estimate,
            upper: e.estimate,
            level: 0.0,
            ..e
        };
        match e {
            e if e.estimate >= KNOWN_NS => None,
            e if e.upper >= KNOWN_NS => Some(bare),
            e => Some(e),
        }
    }

    /// The last rate whose p99 is within `knee_factor` times the unloaded latency, walking upwards, and the first beyond,
    /// by their places.
    fn passage(&self, row: &[f64]) -> (Option<usize>, Option<usize>) {
        let limit = self.knee_factor * row[UNLOADED];
        let mut within = None;
        for (place, rate) in self.rates.iter().enumerate() {
            let p99 = row[Self::column(place, Figure::P99)];
            if !rate.kept_up || p99.is_nan() || limit.is_nan() {
                continue;
            }
            if p99 > limit {
                return (within, Some(place));
            }
            within = Some(place);
        }
        (within, None)
    }

    /// The knee that a row says.
    ///
    /// Between the last rate within and the first beyond, the reciprocal of p99 is taken for a straight line: a queue's
    /// response times grow like 1/(capacity - rate), exactly so for M/M/1, and a p99 that is infinite has a reciprocal, too.
    #[must_use]
    pub fn knee_of(&self, row: &[f64]) -> Knee {
        let (within, beyond) = match self.passage(row) {
            (Some(within), Some(beyond)) => (within, beyond),
            (Some(_), None) => return Knee::Above,
            (None, Some(_)) => return Knee::Below,
            (None, None) => return Knee::Unknown,
        };
        let rate = |place: usize| self.rates[place].offered_per_s;
        let pace = |place: usize| 1.0 / row[Self::column(place, Figure::P99)];
        let limit = 1.0 / (self.knee_factor * row[UNLOADED]);
        let part = (pace(within) - limit) / (pace(within) - pace(beyond));
        Knee::At(rate(within) + part * (rate(beyond) - rate(within)))
    }

    /// The columns that the knee is made of.
    #[must_use]
    pub fn knee_columns(&self) -> Vec<usize> {
        let (within, beyond) = self.passage(self.central());
        let places = [within, beyond].into_iter().flatten();
        std::iter::once(UNLOADED)
            .chain(places.map(|place| Self::column(place, Figure::P99)))
            .collect()
    }

    /// The logarithm of the knee that a row says; NaN where it says none.
    #[must_use]
    pub fn knee_ln(&self, row: &[f64]) -> f64 {
        match self.knee_of(row) {
            Knee::At(per_s) => per_s.ln(),
            Knee::Above | Knee::Below | Knee::Unknown => f64::NAN,
        }
    }

    /// The knee with its interval; `None` unless all launches with the figures for one have one.
    #[must_use]
    pub fn knee(&self) -> Option<Estimate> {
        let knees: Vec<Knee> = self.replicas().map(|row| self.knee_of(row)).collect();
        let known = knees.iter().filter(|knee| **knee != Knee::Unknown).count();
        let at = knees.iter().filter(|k| matches!(k, Knee::At(_))).count();
        let columns = self.knee_columns();
        let estimate = self.estimate(&columns, Scale::Log, |row| self.knee_ln(row))?;
        match self.basis() {
            Basis::Launches(_) => (at == known).then_some(estimate),
            _ if at as f64 >= MOSTLY * known as f64 => Some(estimate),
            _ => Some(Estimate {
                lower: estimate.estimate,
                upper: estimate.estimate,
                level: 0.0,
                ..estimate
            }),
        }
    }

    /// In how many launches the knee lies where; `[at, above, below]`. Of the estimates where there is no launch's own.
    #[must_use]
    pub fn knees(&self) -> [usize; 3] {
        let mut counts = [0; 3];
        let mut count = |row: &[f64]| match self.knee_of(row) {
            Knee::At(_) => counts[0] += 1,
            Knee::Above => counts[1] += 1,
            Knee::Below => counts[2] += 1,
            Knee::Unknown => {}
        };
        match self.basis() {
            Basis::Launches(_) => self.replicas().for_each(count),
            _ => count(self.central()),
        }
        counts
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
fn rates(record: &BenchmarkRecord) -> Vec<Rate> {
    let mut offered: Vec<f64> = samples(record).map(|s| s.offered_per_s).collect();
    offered.sort_unstable_by(f64::total_cmp);
    offered.dedup_by(|b, a| *b <= *a * (1.0 + SAME_RATE));
    let rate = |offered_per_s| {
        let mut rate = Rate {
            offered_per_s,
            kept_up: true,
        };
        let all = samples(record).filter(|s| is_of(s, &rate)).count();
        let kept = samples(record).filter(|s| is_of(s, &rate) && s.kept_up);
        rate.kept_up = kept.count() as f64 >= LEAST_KEPT_UP * all as f64;
        rate
    };
    offered.into_iter().map(rate).collect()
}

/// The windows of a launch in one figure: of the unloaded latency the median, as in other modes; under load the mean over
/// all arrivals. A median of windows would hide a stall that hits one of them, and response times are there to show it.
fn whole_of(column: usize, values: &mut [Weighted]) -> Option<f64> {
    if column == UNLOADED {
        return weighted_median_in_place(values);
    }
    let weight: f64 = values.iter().map(|v| v.weight).sum();
    (weight > 0.0).then(|| values.iter().map(|v| v.value * (v.weight / weight)).sum())
}

/// The usable figures of a launch. Of a rate at which the generator mostly kept up only those windows count in which it
/// did; of the others all are shown.
fn launch_values(
    launch: &LaunchRecord,
    record: &BenchmarkRecord,
    rates: &[Rate],
    columns: usize,
) -> Option<LaunchValues> {
    let mut values = Vec::new();
    for sample in launch.samples.iter().filter(|s| s.threads == 1) {
        if let Some(value) = latency_ns(sample, record.mode, Clock::Counted) {
            let weight = sample.counted_ns;
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
        for figure in FIGURES {
            let value = figure.of(sample);
            if value > 0.0 && value.is_finite() {
                let weight = sample.arrivals as f64;
                let entry = Weighted { value, weight };
                values.push((sample.round, LoadCurves::column(place, figure), entry));
            }
        }
    }
    LaunchValues::of(&values, columns, whole_of)
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

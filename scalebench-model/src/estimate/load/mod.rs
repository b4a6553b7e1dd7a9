//! Response times against load: their estimates, and the knee.

mod figure;

use std::ops::Deref;

use super::replicas::{Basis, RESAMPLES, Replicas, Scale};
use crate::data::{BenchmarkRecord, LoadPlan};
use crate::report::Estimate;
use crate::stats::hash_text;
use figure::{FIGURES, Figure, UNLOADED, launch_values, pooling, rates};

pub use figure::{Rate, is_of, lost};

/// No response time that was measured is as long; means that hold one which never came are longer.
const KNOWN_NS: f64 = 1e18;
/// So many resamples must have a knee for it to have an interval.
const MOSTLY: f64 = 0.95;

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
                &pooling,
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
        self.estimate(&[UNLOADED], Scale::Log, &|row| row[UNLOADED].ln())
    }

    /// Calls that ended well, a second, at a rate (by its place).
    #[must_use]
    pub fn achieved_per_s(&self, rate: usize) -> Option<Estimate> {
        let column = Figure::Achieved.column(rate);
        self.estimate(&[column], Scale::Log, &|row| row[column].ln())
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
        .map(|figure| self.response(figure.column(rate)))
    }

    /// A response time; `None` where it is not known because calls were lost, be it in a single launch.
    fn response(&self, column: usize) -> Option<Estimate> {
        let known = |row: &[f64]| row[column].is_nan() || row[column] < KNOWN_NS;
        let by_launch = matches!(self.basis(), Basis::Launches(_));
        if by_launch && !self.replicas().all(known) {
            return None;
        }
        let e = self.estimate(&[column], Scale::Log, &|row| row[column].ln())?;
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
            let p99 = row[Figure::P99.column(place)];
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
        let pace = |place: usize| 1.0 / row[Figure::P99.column(place)];
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
            .chain(places.map(|place| Figure::P99.column(place)))
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
        let estimate = self.estimate(&columns, Scale::Log, &|row| self.knee_ln(row))?;
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

//! Figures that were measured together, and the one way in which what is made of them gets its interval.

use super::collect::{LaunchValues, Pooling};
use super::resample::resample;
use crate::report::Estimate;
use crate::stats::{Weighted, mean, mean_and_error, quantile, student};

/// Confidence level of all intervals in a report.
pub const CONFIDENCE: f64 = 0.95;
/// From so many launches on, intervals stand on the launches.
pub const MIN_LAUNCHES: usize = 3;
/// With fewer launches, intervals need so many rounds.
pub const MIN_ROUNDS: usize = 5;
/// Resamples of the round bootstrap.
pub const RESAMPLES: usize = 9_999;

/// What the intervals stand on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// So many launches (at least [`MIN_LAUNCHES`]): Student-t over them.
    Launches(usize),
    /// The rounds of so many launches (fewer than [`MIN_LAUNCHES`]): a bootstrap, which sees nothing of the
    /// variation between processes.
    Rounds(usize),
    /// Too few values for any interval.
    Single,
    /// No usable value at all.
    Nothing,
}

impl Basis {
    /// What the intervals stand on, in words.
    #[must_use]
    pub fn words(self) -> String {
        match self {
            Self::Launches(count) => format!("{count} launches"),
            Self::Rounds(0 | 1) => "within one process".into(),
            Self::Rounds(count) => format!("within {count} processes"),
            Self::Single => "single values, no intervals".into(),
            Self::Nothing => "nothing measured".into(),
        }
    }
}

/// On which scale values are averaged and intervals are symmetric.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// The figure is the logarithm of what is reported.
    Log,
    /// The figure is what is reported.
    Plain,
}

/// The figures of one benchmark by column: the central ones and the replicas that show their uncertainty.
///
/// A row is a slice with one positive figure a column, NaN where nothing usable was measured. There is one replica for
/// each launch, or one for each bootstrap resample where there are too few launches.
///
/// A launch's replica is its pseudo-value: K times the logarithm of the figure of all K launches, less K − 1 times that of all
/// but this one. Their mean and its error are the jackknife's, so the figure may be anything that is made of all launches together.
/// Source: Tukey, "Bias and confidence in not-quite large samples", Annals of Mathematical Statistics 29, 1958.
#[derive(Debug, Clone)]
pub struct Replicas {
    columns: usize,
    basis: Basis,
    central: Vec<f64>,
    rows: Vec<f64>,
    /// Whether the spread is known, by column.
    spread: Vec<bool>,
    /// Usable launches, by column.
    usable: Vec<usize>,
    /// The numbers of the launches with anything usable.
    launches: Vec<u32>,
    /// By how much a column may be lower and higher, as logarithms, because few long calls were seen.
    leeway: Vec<Option<[f64; 2]>>,
}

impl Replicas {
    /// The replicas of these launches, each with its number. `pooling` is what theirs were made with, by column; `seed` decides
    /// the resamples.
    pub(super) fn of(
        launches: Vec<(u32, LaunchValues)>,
        columns: usize,
        pooling: &dyn Fn(usize) -> Pooling,
        resamples: usize,
        seed: u64,
    ) -> Self {
        let (numbers, launches): (Vec<u32>, Vec<LaunchValues>) = launches.into_iter().unzip();
        let rounds = |column: usize| launches.iter().map(|l| l.rounds[column]).sum::<usize>();
        let enough_rounds: Vec<bool> = (0..columns).map(|c| rounds(c) >= MIN_ROUNDS).collect();
        let usable: Vec<usize> = (0..columns)
            .map(|c| launches.iter().filter(|l| is_known(&l.whole[c])).count())
            .collect();
        let basis = match launches.len() {
            0 => Basis::Nothing,
            k if k >= MIN_LAUNCHES => Basis::Launches(k),
            k if resamples > 0 && enough_rounds.contains(&true) => Basis::Rounds(k),
            _ => Basis::Single,
        };
        let (rows, spread) = match basis {
            Basis::Launches(_) => (
                pseudo_values(&launches, columns, pooling),
                usable.iter().map(|&k| k >= MIN_LAUNCHES).collect(),
            ),
            Basis::Rounds(_) => (
                resample(&launches, columns, pooling, resamples, seed),
                enough_rounds,
            ),
            Basis::Single | Basis::Nothing => (Vec::new(), vec![false; columns]),
        };
        Self {
            columns,
            basis,
            central: central(&launches, columns, pooling),
            rows,
            spread,
            usable,
            launches: numbers,
            leeway: vec![None; columns],
        }
    }

    /// The same where few long calls were seen in a column, and so its figure may be lower and higher by so much.
    pub(super) fn with_leeway(mut self, leeway: Vec<Option<[f64; 2]>>) -> Self {
        self.leeway = leeway;
        self
    }

    /// What the intervals stand on.
    #[must_use]
    pub fn basis(&self) -> Basis {
        self.basis
    }

    /// The row of the estimates: the figures of all launches together.
    #[must_use]
    pub fn central(&self) -> &[f64] {
        &self.central
    }

    /// One row for each launch, or for each resample.
    pub fn replicas(&self) -> impl Iterator<Item = &[f64]> {
        self.rows.chunks_exact(self.columns.max(1))
    }

    /// In how many launches there is something usable, by column.
    #[must_use]
    pub fn usable_launches(&self) -> &[usize] {
        &self.usable
    }

    /// The numbers of the launches with anything usable, in the order of the record.
    #[must_use]
    pub fn launch_numbers(&self) -> &[u32] {
        &self.launches
    }

    /// Whether the spread is known at all these columns.
    #[must_use]
    pub fn spread_known(&self, columns: &[usize]) -> bool {
        columns
            .iter()
            .all(|&c| self.spread.get(c).copied().unwrap_or(false))
    }

    /// A figure of a row with its 95 % interval; `None` where it cannot be computed.
    ///
    /// `figure` is given a row and answers NaN where it lacks a point; `columns` names the points that it uses.
    #[must_use]
    pub fn estimate(
        &self,
        columns: &[usize],
        scale: Scale,
        figure: &dyn Fn(&[f64]) -> f64,
    ) -> Option<Estimate> {
        let known = self.spread_known(columns);
        let center = figure(&self.central);
        let values: Vec<f64> = match self.basis {
            Basis::Rounds(_) if !known => Vec::new(),
            _ => self
                .replicas()
                .map(figure)
                .filter(|v| v.is_finite())
                .collect(),
        };
        let center = match self.basis {
            // The launches that have all the points, not all that have some.
            Basis::Launches(k) if values.len() < k => mean(&values)?,
            _ => center,
        };
        if !center.is_finite() {
            return None;
        }
        let estimate = self.interval(values, center, known, scale);
        let [lower, upper] = self.leeway(columns, figure);
        Some(match estimate.level > 0.0 && (lower < 0.0 || upper > 0.0) {
            true => estimate.reaching(center + lower, center + upper, scale),
            false => estimate,
        })
    }

    /// By how much a figure may be lower and higher because few long calls were seen at these columns.
    pub(crate) fn leeway(&self, columns: &[usize], figure: &dyn Fn(&[f64]) -> f64) -> [f64; 2] {
        let center = figure(&self.central);
        let mut squares = [0.0_f64; 2];
        for &column in columns {
            let Some(leeway) = self.leeway.get(column).copied().flatten() else {
                continue;
            };
            let mut row = self.central.clone();
            let moved = leeway.map(|by| {
                row[column] = self.central[column] * by.exp();
                figure(&row) - center
            });
            squares[0] += moved[0].min(moved[1]).min(0.0).powi(2);
            squares[1] += moved[0].max(moved[1]).max(0.0).powi(2);
        }
        // Columns are sampled by windows of their own, so what they lack adds up as errors do.
        [-squares[0].sqrt(), squares[1].sqrt()]
    }

    /// The interval that the figures of the replicas give; it contains `estimate` in any case.
    pub(crate) fn interval(
        &self,
        mut values: Vec<f64>,
        estimate: f64,
        known: bool,
        scale: Scale,
    ) -> Estimate {
        let bounds = match self.basis {
            Basis::Launches(_) if known && values.len() >= MIN_LAUNCHES => {
                student(&values, CONFIDENCE).map(|i| (i.lower, i.upper))
            }
            Basis::Rounds(_) if known => {
                crate::sort::numbers(&mut values);
                let tail = (1.0 - CONFIDENCE) / 2.0;
                quantile(&values, tail).zip(quantile(&values, 1.0 - tail))
            }
            _ => None,
        };
        match bounds {
            Some((lower, upper)) => Estimate::between(estimate, lower, upper, CONFIDENCE, scale),
            None => Estimate::between(estimate, estimate, estimate, 0.0, scale),
        }
    }

    /// The standard error of ln L(N) by column; `None` where the spread is not known.
    #[must_use]
    pub fn log_error(&self, column: usize) -> Option<f64> {
        if !self.spread_known(&[column]) {
            return None;
        }
        let logs: Vec<f64> = self
            .replicas()
            .map(|curve| curve[column].ln())
            .filter(|v| v.is_finite())
            .collect();
        let (_, error) = mean_and_error(&logs)?;
        let [lower, upper] = self.leeway(&[column], &|row| row[column].ln());
        let error = error.max(upper.max(-lower) / NORMAL);
        match self.basis {
            // Each resample stands for all the rounds: their spread is the error itself.
            Basis::Rounds(_) => Some(error * (logs.len() as f64).sqrt()),
            _ => Some(error),
        }
    }
}

impl Estimate {
    /// An estimate with bounds that are finite and contain it, whatever came in. On the log scale all are logarithms.
    pub(crate) fn between(estimate: f64, lower: f64, upper: f64, level: f64, scale: Scale) -> Self {
        let finite = |figure: f64| match scale {
            Scale::Log => figure.exp().clamp(f64::MIN_POSITIVE, f64::MAX),
            Scale::Plain => figure.clamp(f64::MIN, f64::MAX),
        };
        Self {
            estimate: finite(estimate),
            lower: finite(lower.min(estimate)),
            upper: finite(upper.max(estimate)),
            level,
        }
    }

    /// The same with an interval that reaches from `lower` to `upper` at least. On the log scale these are logarithms.
    fn reaching(self, lower: f64, upper: f64, scale: Scale) -> Self {
        let wide = Self::between(f64::midpoint(lower, upper), lower, upper, self.level, scale);
        Self {
            lower: self.lower.min(wide.lower),
            upper: self.upper.max(wide.upper),
            ..self
        }
    }

    /// An estimate with an interval of half-width `half`; without one where that is not finite.
    pub(crate) fn around(estimate: f64, half: f64, level: f64, scale: Scale) -> Self {
        match half.is_finite() {
            true => Self::between(estimate, estimate - half, estimate + half, level, scale),
            false => Self::between(estimate, estimate, estimate, 0.0, scale),
        }
    }
}

/// What an interval at [`CONFIDENCE`] is in standard errors of a normal figure.
pub(crate) const NORMAL: f64 = 1.96;

fn is_known(whole: &Weighted) -> bool {
    whole.value > 0.0 && whole.value.is_finite()
}

/// One row for each launch.
fn pseudo_values(
    launches: &[LaunchValues],
    columns: usize,
    pooling: &dyn Fn(usize) -> Pooling,
) -> Vec<f64> {
    let mut rows = vec![f64::NAN; launches.len() * columns];
    for column in 0..columns {
        let known: Vec<usize> = (0..launches.len())
            .filter(|&l| is_known(&launches[l].whole[column]))
            .collect();
        let count = known.len() as f64;
        let of = |left_out: Option<usize>| {
            let rest = known.iter().filter(|&&l| Some(l) != left_out);
            let rest: Vec<Weighted> = rest.map(|&l| launches[l].whole[column]).collect();
            pooling(column).launches(&rest).ln()
        };
        let all = of(None);
        for &launch in &known {
            rows[launch * columns + column] = match known.len() {
                1 => all.exp(),
                _ => (count * all - (count - 1.0) * of(Some(launch))).exp(),
            };
        }
    }
    rows
}

/// All launches together.
fn central(
    launches: &[LaunchValues],
    columns: usize,
    pooling: &dyn Fn(usize) -> Pooling,
) -> Vec<f64> {
    let of = |column: usize| {
        let wholes = launches.iter().map(|launch| launch.whole[column]);
        let known: Vec<Weighted> = wholes.filter(is_known).collect();
        pooling(column).launches(&known)
    };
    (0..columns).map(of).collect()
}

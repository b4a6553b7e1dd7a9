//! Fitting the laws to a curve.

use super::capacity;
use super::least_squares::{Solution, least_squares};

/// How often the weights are renewed with the fitted curve.
pub const REFRESHES: usize = 3;
/// No law is exact: every point may miss it by so much, as a share.
pub(super) const MISFIT: f64 = 0.01;

/// A law that can be fitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Law {
    /// R = 1/λ.
    Linear,
    /// R = (1+σ(N−1))/λ.
    Amdahl,
    /// R = max(1, N/C)/λ.
    Capacity,
    /// R = N^(1−p)/λ.
    Power,
    /// R = (1+σ(N−1)+κN(N−1))/λ.
    Usl,
}

impl Law {
    /// All of them, the one with the fewest parameters first.
    pub const ALL: [Self; 5] = [
        Self::Linear,
        Self::Amdahl,
        Self::Capacity,
        Self::Power,
        Self::Usl,
    ];

    /// Number of parameters, λ included.
    #[must_use]
    pub fn parameters(self) -> usize {
        match self {
            Self::Linear => 1,
            Self::Amdahl | Self::Capacity | Self::Power => 2,
            Self::Usl => 3,
        }
    }

    /// The columns of its linear problem: R in 1, N−1, N(N−1); for the power law ln R in 1, ln N. For a capacity R in 1 up to
    /// `split` and in N beyond.
    pub(super) fn row(self, threads: f64, split: f64) -> [f64; 3] {
        match self {
            Self::Capacity if threads <= split => [1.0, 0.0, 0.0],
            Self::Capacity => [0.0, threads, 0.0],
            Self::Power => [1.0, threads.ln(), 0.0],
            _ => [1.0, threads - 1.0, threads * (threads - 1.0)],
        }
    }

    /// R as its linear problem sees it.
    pub(super) fn transform(self, r: f64) -> f64 {
        match self {
            Self::Power => r.ln(),
            _ => r,
        }
    }

    /// R(N) by parameters.
    pub(super) fn predict(self, parameters: &[f64; 3], threads: f64) -> f64 {
        if self == Self::Capacity {
            return parameters[0].max(parameters[1] * threads);
        }
        let row = self.row(threads, 0.0);
        let sum: f64 = row.iter().zip(parameters).map(|(a, b)| a * b).sum();
        match self {
            Self::Power => sum.exp(),
            _ => sum,
        }
    }

    /// The columns that may be other than 0, for each face of the feasible region.
    fn active_sets(self) -> &'static [&'static [usize]] {
        match self {
            Self::Linear => &[&[0]],
            Self::Amdahl | Self::Power => &[&[0, 1], &[0]],
            Self::Capacity => &[&[0, 1]],
            Self::Usl => &[&[0, 1, 2], &[0, 1], &[0, 2], &[0]],
        }
    }

    /// All its columns.
    pub(super) fn all_columns(self) -> &'static [usize] {
        self.active_sets()[0]
    }

    /// Whether parameters are such as the law allows: time per call positive, costs not negative.
    fn allows(self, parameters: &[f64; 3]) -> bool {
        (self == Self::Power || parameters[0] > 0.0) && parameters[1] >= 0.0 && parameters[2] >= 0.0
    }
}

/// A curve to fit: R(N) at some thread counts with the relative variance of each.
#[derive(Debug, Clone, PartialEq)]
pub struct Observed {
    /// N, each different and at least 1.
    pub threads: Vec<f64>,
    /// R(N) = N/X(N), positive and finite, in any unit of time.
    pub r: Vec<f64>,
    /// Variance of ln R(N), misfit allowed to the law included; positive.
    pub variance: Vec<f64>,
}

/// A law fitted to a curve.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit {
    /// Which law.
    pub law: Law,
    /// The parameters of its linear problem.
    pub(super) parameters: [f64; 3],
    /// The weights at which they were found.
    pub(super) weights: Vec<f64>,
    /// Of a capacity, the largest N of the points that lie below it.
    pub(super) split: f64,
    /// Sum of squared relative residuals over their variances.
    pub chi_squared: f64,
}

impl Fit {
    /// Weights for a problem in R itself, at this fitted curve.
    pub(super) fn linear_weights(&self, observed: &Observed) -> Vec<f64> {
        let expected: Vec<f64> = observed.threads.iter().map(|&n| self.r(n)).collect();
        weights(Law::Linear, &expected, &observed.variance)
    }

    /// Fitted R(N).
    #[must_use]
    pub fn r(&self, threads: f64) -> f64 {
        self.law.predict(&self.parameters, threads)
    }

    /// 1/λ, in the unit of R.
    #[must_use]
    pub fn r_one(&self) -> f64 {
        self.r(1.0)
    }

    /// σ; 0 where the law has none.
    #[must_use]
    pub fn sigma(&self) -> f64 {
        sigma(self.law, &self.parameters)
    }

    /// κ; 0 where the law has none.
    #[must_use]
    pub fn kappa(&self) -> f64 {
        kappa(self.law, &self.parameters)
    }

    /// C, how many calls run at a time; infinite where the law sets no such limit.
    #[must_use]
    pub fn capacity(&self) -> f64 {
        match self.law {
            Law::Capacity => self.parameters[0] / self.parameters[1],
            _ => f64::INFINITY,
        }
    }

    /// By how much the law misses the point that it misses most, as a share: 0.02 is 2 %, up or down.
    #[must_use]
    pub fn largest_miss(&self, observed: &Observed) -> f64 {
        let points = observed.threads.iter().zip(&observed.r);
        let misses = points.map(|(&n, r)| (r / self.r(n)).ln().abs());
        misses.fold(0.0, f64::max).exp_m1()
    }
}

pub(super) fn sigma(law: Law, parameters: &[f64; 3]) -> f64 {
    match law {
        Law::Amdahl | Law::Usl => parameters[1] / parameters[0],
        Law::Linear | Law::Capacity | Law::Power => 0.0,
    }
}

pub(super) fn kappa(law: Law, parameters: &[f64; 3]) -> f64 {
    match law {
        Law::Usl => parameters[2] / parameters[0],
        _ => 0.0,
    }
}

/// Fits one law by exact non-negative weighted least squares, the weights being 1/(R̂²·variance).
///
/// R̂ is the observed curve at first and the fitted one after each of `refreshes`. Three columns at most: every active
/// set is tried, so the optimum is exact. `None` where the points cannot be fitted (fewer than parameters, or numbers
/// beyond what can be computed with).
///
/// ```
/// use scalebench_model::laws::{Law, Observed, REFRESHES, Usl, fit};
/// let truth = Usl { lambda: 1.0, sigma: 0.02, kappa: 0.001 };
/// let threads = vec![1.0, 2.0, 4.0, 8.0, 16.0];
/// let r = threads.iter().map(|&n| truth.latency_s(n)).collect();
/// let observed = Observed { threads, r, variance: vec![1e-4; 5] };
/// let found = fit(Law::Usl, &observed, REFRESHES).unwrap();
/// assert!((found.kappa() - 0.001).abs() < 1e-9);
/// ```
#[must_use]
pub fn fit(law: Law, observed: &Observed, refreshes: usize) -> Option<Fit> {
    let mut expected = observed.r.clone();
    let mut found = None;
    for _ in 0..=refreshes {
        let weights = weights(law, &expected, &observed.variance);
        let (parameters, split) = match law {
            Law::Capacity => capacity::parameters(observed, &weights)?,
            _ => (non_negative(law, observed, &weights)?, 0.0),
        };
        expected = observed
            .threads
            .iter()
            .map(|&n| law.predict(&parameters, n))
            .collect();
        found = Some((parameters, weights, split));
    }
    let (parameters, weights, split) = found?;
    let chi_squared = chi_squared(observed, &expected);
    chi_squared.is_finite().then_some(Fit {
        law,
        parameters,
        weights,
        split,
        chi_squared,
    })
}

fn weights(law: Law, expected: &[f64], variance: &[f64]) -> Vec<f64> {
    let weight = |(r, v): (&f64, &f64)| match law {
        // The error of a logarithm is relative already.
        Law::Power => 1.0 / v,
        _ => 1.0 / (r * r * v),
    };
    expected.iter().zip(variance).map(weight).collect()
}

fn non_negative(law: Law, observed: &Observed, weights: &[f64]) -> Option<[f64; 3]> {
    let rows: Vec<[f64; 3]> = observed.threads.iter().map(|&n| law.row(n, 0.0)).collect();
    let values: Vec<f64> = observed.r.iter().map(|&r| law.transform(r)).collect();
    let mut best: Option<(f64, [f64; 3])> = None;
    for (face, used) in law.active_sets().iter().enumerate() {
        let Some(Solution { parameters, .. }) = least_squares(&rows, &values, weights, used) else {
            continue;
        };
        if !law.allows(&parameters) {
            continue;
        }
        if face == 0 {
            // The unconstrained optimum is allowed: nothing can be better.
            return Some(parameters);
        }
        let squares = squares(&rows, &values, weights, &parameters);
        if best.is_none_or(|(least, _)| squares < least) {
            best = Some((squares, parameters));
        }
    }
    best.map(|(_, parameters)| parameters)
}

fn squares(rows: &[[f64; 3]], values: &[f64], weights: &[f64], parameters: &[f64; 3]) -> f64 {
    let residual = |row: &[f64; 3], value: f64| {
        value - row.iter().zip(parameters).map(|(a, b)| a * b).sum::<f64>()
    };
    let terms = rows.iter().zip(values).zip(weights);
    terms
        .map(|((row, value), weight)| weight * residual(row, *value).powi(2))
        .sum()
}

fn chi_squared(observed: &Observed, expected: &[f64]) -> f64 {
    let terms = observed.r.iter().zip(expected).zip(&observed.variance);
    terms.map(|((r, e), v)| (r / e - 1.0).powi(2) / v).sum()
}

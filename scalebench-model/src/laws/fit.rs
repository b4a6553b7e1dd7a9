//! Fitting the laws to a curve, and choosing among them.

use super::least_squares::{Solution, least_squares};
use crate::stats::chi_squared_tail;

/// How often the weights are renewed with the fitted curve.
pub const REFRESHES: usize = 3;
/// No law is exact: every point may miss it by so much, as a share.
pub(super) const MISFIT: f64 = 0.01;
/// Below this probability of so bad a fit, no law describes the curve.
const LEAST_PROBABILITY: f64 = 0.01;
/// Laws within this much of the best χ²+2p are as good as the best.
const AS_GOOD: f64 = 2.0;

/// A law that can be fitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Law {
    /// R = 1/λ.
    Linear,
    /// R = (1+σ(N−1))/λ.
    Amdahl,
    /// R = N^(1−p)/λ.
    Power,
    /// R = (1+σ(N−1)+κN(N−1))/λ.
    Usl,
}

impl Law {
    /// All of them, the one with the fewest parameters first.
    pub const ALL: [Self; 4] = [Self::Linear, Self::Amdahl, Self::Power, Self::Usl];

    /// Number of parameters, λ included.
    #[must_use]
    pub fn parameters(self) -> usize {
        match self {
            Self::Linear => 1,
            Self::Amdahl | Self::Power => 2,
            Self::Usl => 3,
        }
    }

    /// The columns of its linear problem: R in 1, N−1, N(N−1); for the power law ln R in 1, ln N.
    pub(super) fn row(self, threads: f64) -> [f64; 3] {
        match self {
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
        let row = self.row(threads);
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
    /// Sum of squared relative residuals over their variances.
    pub chi_squared: f64,
}

impl Fit {
    /// Weights for a problem in R itself, at this fitted curve.
    fn linear_weights(&self, observed: &Observed) -> Vec<f64> {
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
}

pub(super) fn sigma(law: Law, parameters: &[f64; 3]) -> f64 {
    match law {
        Law::Amdahl | Law::Usl => parameters[1] / parameters[0],
        Law::Linear | Law::Power => 0.0,
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
    let rows: Vec<[f64; 3]> = observed.threads.iter().map(|&n| law.row(n)).collect();
    let values: Vec<f64> = observed.r.iter().map(|&r| law.transform(r)).collect();
    let mut expected = observed.r.clone();
    let mut found = None;
    for _ in 0..=refreshes {
        let weights = weights(law, &expected, &observed.variance);
        let parameters = non_negative(law, &rows, &values, &weights)?;
        expected = observed
            .threads
            .iter()
            .map(|&n| law.predict(&parameters, n))
            .collect();
        found = Some((parameters, weights));
    }
    let (parameters, weights) = found?;
    let chi_squared = chi_squared(observed, &expected);
    chi_squared.is_finite().then_some(Fit {
        law,
        parameters,
        weights,
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

fn non_negative(law: Law, rows: &[[f64; 3]], values: &[f64], weights: &[f64]) -> Option<[f64; 3]> {
    let mut best: Option<(f64, [f64; 3])> = None;
    for (face, used) in law.active_sets().iter().enumerate() {
        let Some(Solution { parameters, .. }) = least_squares(rows, values, weights, used) else {
            continue;
        };
        if !law.allows(&parameters) {
            continue;
        }
        if face == 0 {
            // The unconstrained optimum is allowed: nothing can be better.
            return Some(parameters);
        }
        let squares = squares(rows, values, weights, &parameters);
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

/// What laws with equally many parameters are compared by. One big lock is Amdahl's law with σ = 1 and a power law with
/// p = 0 at once: where the data do not tell them apart, the law that names a mechanism is preferred.
fn preference(fit: &Fit) -> f64 {
    match fit.law {
        Law::Power => fit.chi_squared + 1.0,
        _ => fit.chi_squared,
    }
}

/// The outcome of choosing among the laws.
#[derive(Debug, Clone, PartialEq)]
pub struct Selection {
    /// The law with the fewest parameters that the data cannot tell from the best.
    pub chosen: Fit,
    /// How probable a fit as bad as that of the best law would be, were the law right.
    pub probability: f64,
    /// The best law.
    pub best: Law,
    /// The best law's typical relative residual.
    pub typical_miss: f64,
    /// The least χ² per degree of freedom of any law: by how much the variances are too small, if they are.
    pub least_variance: f64,
    /// The weights of the best law's fit.
    pub(super) weights: Vec<f64>,
}

impl Selection {
    /// Whether even the best law misfits.
    #[must_use]
    pub fn misfits(&self) -> bool {
        self.probability < LEAST_PROBABILITY
    }
}

/// Fits all laws and chooses by χ²+2p with known variance; `None` where not even a straight line can be fitted.
///
/// Source: Burnham and Anderson, Model Selection and Multimodel Inference, Springer, 2002, section 2.2.
#[must_use]
pub fn select(observed: &Observed) -> Option<Selection> {
    let fits: Vec<Fit> = Law::ALL
        .iter()
        .filter(|law| law.parameters() <= observed.threads.len())
        .filter_map(|&law| fit(law, observed, REFRESHES))
        .collect();
    let score = |fit: &Fit| fit.chi_squared + 2.0 * fit.law.parameters() as f64;
    let best = fits.iter().min_by(|a, b| score(a).total_cmp(&score(b)))?;
    let chosen = fits
        .iter()
        .filter(|fit| score(fit) <= score(best) + AS_GOOD)
        .min_by(|a, b| {
            let (p, q) = (a.law.parameters(), b.law.parameters());
            p.cmp(&q).then(preference(a).total_cmp(&preference(b)))
        })?;
    let degrees = |law: Law| observed.threads.len() - law.parameters();
    let reduced = fits
        .iter()
        .filter(|fit| degrees(fit.law) > 0)
        .map(|fit| fit.chi_squared / degrees(fit.law) as f64);
    let misses = observed
        .threads
        .iter()
        .zip(&observed.r)
        .map(|(&n, r)| (r / best.r(n) - 1.0).powi(2));
    Some(Selection {
        chosen: chosen.clone(),
        best: best.law,
        probability: chi_squared_tail(best.chi_squared, degrees(best.law) as f64),
        typical_miss: (misses.sum::<f64>() / degrees(best.law).max(1) as f64).sqrt(),
        least_variance: reduced.min_by(f64::total_cmp).unwrap_or(0.0),
        weights: best.linear_weights(observed),
    })
}

//! The unconstrained linear problem of a law at fixed weights: what every launch's parameters are computed with.

use super::fit::{Law, Observed};
use super::least_squares::{Solution, least_squares, project};

/// The linear problem of one law for one curve.
pub(super) struct Design {
    pub(super) law: Law,
    rows: Vec<[f64; 3]>,
    weights: Vec<f64>,
    solution: Solution,
}

impl Design {
    /// `None` where the points cannot tell the law's parameters apart.
    ///
    /// `split` is the largest N below a capacity; no other law has one.
    pub(super) fn of(law: Law, observed: &Observed, weights: &[f64], split: f64) -> Option<Self> {
        let row = |&n: &f64| law.row(n, split);
        let rows: Vec<[f64; 3]> = observed.threads.iter().map(row).collect();
        let values: Vec<f64> = observed.r.iter().map(|&r| law.transform(r)).collect();
        let solution = least_squares(&rows, &values, weights, law.all_columns())?;
        Some(Self {
            law,
            rows,
            weights: weights.to_vec(),
            solution,
        })
    }

    /// The parameters for the curve that the design was made of.
    pub(super) fn parameters(&self) -> &[f64; 3] {
        &self.solution.parameters
    }

    /// The parameters for another curve, NaN where it lacks a point; `None` where too few are left.
    pub(super) fn solve(&self, r: &[f64]) -> Option<[f64; 3]> {
        let values: Vec<f64> = r.iter().map(|&r| self.law.transform(r)).collect();
        if values.iter().all(|v| v.is_finite()) {
            return Some(project(&self.solution.projection, &values));
        }
        let present: Vec<usize> = (0..values.len())
            .filter(|&i| values[i].is_finite())
            .collect();
        let rows: Vec<[f64; 3]> = present.iter().map(|&i| self.rows[i]).collect();
        let weights: Vec<f64> = present.iter().map(|&i| self.weights[i]).collect();
        let values: Vec<f64> = present.iter().map(|&i| values[i]).collect();
        least_squares(&rows, &values, &weights, self.law.all_columns()).map(|s| s.parameters)
    }

    /// Covariance of the parameters for weights that are one over the variance times `variance`.
    pub(super) fn covariance(&self, variance: f64) -> [[f64; 3]; 3] {
        self.solution
            .covariance
            .map(|row| row.map(|c| c * variance))
    }

    /// Residual variance in units of the weights, and its degrees of freedom; `None` for as many parameters as points.
    pub(super) fn residual_variance(&self, r: &[f64]) -> Option<(f64, usize)> {
        let degrees = self
            .rows
            .len()
            .checked_sub(self.law.parameters())
            .filter(|&d| d > 0)?;
        let squares: f64 = r
            .iter()
            .zip(&self.rows)
            .zip(&self.weights)
            .map(|((&r, row), weight)| {
                let fitted: f64 = row.iter().zip(self.parameters()).map(|(a, b)| a * b).sum();
                weight * (self.law.transform(r) - fitted).powi(2)
            })
            .sum();
        Some((squares / degrees as f64, degrees))
    }
}

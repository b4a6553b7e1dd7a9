//! Intervals for a mean.

use super::{mean, student_quantile};

/// An estimate between two bounds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// The point estimate.
    pub estimate: f64,
    /// The lower bound.
    pub lower: f64,
    /// The upper bound.
    pub upper: f64,
}

/// The mean of independent values with its Student-t interval; `None` for fewer than two values.
///
/// ```
/// let i = scalebench_model::stats::student(&[1.0, 2.0, 3.0], 0.95).unwrap();
/// assert_eq!(i.estimate, 2.0);
/// assert!((i.upper - 4.484_138).abs() < 1e-6);
/// ```
#[must_use]
pub fn student(values: &[f64], level: f64) -> Option<Interval> {
    let degrees = values.len().checked_sub(1).filter(|&d| d > 0)?;
    let (estimate, error) = mean_and_error(values)?;
    let half = error * student_quantile(degrees as f64, level);
    Some(Interval {
        estimate,
        lower: estimate - half,
        upper: estimate + half,
    })
}

/// The mean and its standard error; the error is 0 for one value, `None` for none.
pub(crate) fn mean_and_error(values: &[f64]) -> Option<(f64, f64)> {
    let center = mean(values)?;
    let n = values.len() as f64;
    let squares: f64 = values.iter().map(|v| (v - center).powi(2)).sum();
    let error = (squares / (n - 1.0).max(1.0) / n).sqrt();
    Some((center, error))
}

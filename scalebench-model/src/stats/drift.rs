//! Whether a series still moves in one direction.

use super::distribution::student_tail;

/// The outcome of a drift test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Drift {
    /// Kendall's tau against time, −1 to 1: the sign is the direction.
    pub tau: f64,
    /// How probable so much order is in a series without drift, 0 to 1.
    pub probability: f64,
}

/// The Mann-Kendall test for drift in values taken one after the other; `None` for fewer than 4.
///
/// Sources: Mann, Econometrica 13, 1945; Kendall, Rank Correlation Methods, 1975 (ties, continuity correction).
///
/// ```
/// use scalebench_model::stats::drift;
/// let falling: Vec<f64> = (0..12).map(|i| 100.0 - f64::from(i)).collect();
/// assert!(drift(&falling).unwrap().probability < 0.001);
/// assert!(drift(&[3.0, 1.0, 2.0, 3.0, 1.0, 2.0]).unwrap().probability > 0.3);
/// ```
#[must_use]
pub fn drift(series: &[f64]) -> Option<Drift> {
    let n = series.len();
    if n < 4 || series.iter().any(|v| v.is_nan()) {
        return None;
    }
    let mut score = 0.0;
    for (i, earlier) in series.iter().enumerate() {
        for later in &series[i + 1..] {
            score += f64::from(i8::from(later > earlier) - i8::from(later < earlier));
        }
    }
    let variance = variance(series);
    let n = n as f64;
    // A series of equal values has no order to be surprised by.
    let z = match variance > 0.0 {
        true => (score.abs() - 1.0).max(0.0) / variance.sqrt(),
        false => 0.0,
    };
    Some(Drift {
        tau: score / (n * (n - 1.0) / 2.0),
        probability: (2.0 * student_tail(z, f64::INFINITY)).min(1.0),
    })
}

/// Variance of the score without drift, ties taken into account.
fn variance(series: &[f64]) -> f64 {
    let term = |count: f64| count * (count - 1.0) * (2.0 * count + 5.0);
    let mut ascending = series.to_vec();
    crate::sort::numbers(&mut ascending);
    let ties: f64 = ascending
        .chunk_by(|a, b| a == b)
        .map(|tied| term(tied.len() as f64))
        .sum();
    (term(series.len() as f64) - ties) / 18.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::Random;

    #[test]
    fn constant_and_short_series_do_not_drift() {
        assert_eq!(drift(&[1.0, 2.0, 3.0]), None);
        assert_eq!(drift(&[1.0, f64::NAN, 3.0, 4.0]), None);
        assert_eq!(drift(&[5.0; 10]).unwrap().probability, 1.0);
    }

    #[test]
    fn a_fully_ordered_series_has_the_known_figures() {
        // n = 10: S = 45, variance = 125, z = 44/sqrt(125) = 3.9355.
        let rising: Vec<f64> = (0..10).map(f64::from).collect();
        let d = drift(&rising).unwrap();
        assert_eq!(d.tau, 1.0);
        assert!((d.probability - 8.3e-5).abs() < 1e-6, "{}", d.probability);
    }

    #[test]
    fn noise_is_rarely_called_drift() {
        let mut random = Random::new(11);
        let mut series = || (0..10).map(|_| random.normal()).collect::<Vec<_>>();
        let alarms = (0..4000)
            .filter(|_| drift(&series()).unwrap().probability < 0.05)
            .count();
        assert!((100..=260).contains(&alarms), "{alarms} of 4000");
    }
}

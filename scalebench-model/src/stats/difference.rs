//! The difference of two locations: Welch's interval, and the paired one.

use super::{Interval, mean_and_error, student_quantile, student_tail};

/// Where a quantity lies, and how well that is known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Location {
    /// The estimate.
    pub estimate: f64,
    /// Its standard error.
    pub error: f64,
    /// Degrees of freedom of the standard error; infinity where it is as good as known.
    pub degrees: f64,
}

impl Location {
    /// The mean of independent values; `None` for fewer than two.
    #[must_use]
    pub fn of(values: &[f64]) -> Option<Self> {
        let degrees = values.len().checked_sub(1).filter(|&d| d > 0)? as f64;
        let (estimate, error) = mean_and_error(values)?;
        Some(Self {
            estimate,
            error,
            degrees,
        })
    }

    /// The same, no more certain than an error that is known otherwise.
    #[must_use]
    pub fn with_least_error(self, error: f64) -> Self {
        match error > self.error {
            true => Self {
                error,
                degrees: f64::INFINITY,
                ..self
            },
            false => self,
        }
    }
}

/// A difference with its standard error.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Difference {
    /// New minus old.
    pub estimate: f64,
    /// Its standard error.
    pub error: f64,
    /// Its degrees of freedom.
    pub degrees: f64,
}

impl Difference {
    /// The interval at a confidence level.
    #[must_use]
    pub fn interval(&self, level: f64) -> Interval {
        // No error at all needs no quantile: infinity times zero is not a number.
        let half = match self.error > 0.0 {
            true => self.error * student_quantile(self.degrees, level),
            false => 0.0,
        };
        Interval {
            estimate: self.estimate,
            lower: self.estimate - half,
            upper: self.estimate + half,
        }
    }

    /// The same, no more certain than an error that is known otherwise.
    #[must_use]
    pub fn with_least_error(self, error: f64) -> Self {
        match error > self.error {
            true => Self {
                error,
                degrees: f64::INFINITY,
                ..self
            },
            false => self,
        }
    }

    /// The same with a further error that is independent of the first and known to `degrees` of freedom.
    ///
    /// Source: Satterthwaite, "An approximate distribution of estimates of variance components", Biometrics Bulletin 2, 1946.
    ///
    /// ```
    /// use scalebench_model::stats::Difference;
    /// let known = Difference { estimate: 0.1, error: 0.03, degrees: 8.0 };
    /// let wider = known.with_error(0.04, 6.0);
    /// assert!((wider.error - 0.05).abs() < 1e-12);
    /// assert!(wider.degrees > 6.0 && wider.degrees < 14.0);
    /// assert_eq!(known.with_error(0.0, 6.0), known);
    /// ```
    #[must_use]
    pub fn with_error(&self, error: f64, degrees: f64) -> Self {
        if error <= 0.0 {
            return *self;
        }
        let (own, added) = (self.error.powi(2), error.powi(2));
        let spread = own.powi(2) / self.degrees + added.powi(2) / degrees;
        Self {
            error: (own + added).sqrt(),
            degrees: (own + added).powi(2) / spread,
            ..*self
        }
    }

    /// How probable a difference at least this far beyond ±`threshold` would be, were the true one not beyond it.
    ///
    /// Two-sided, so that it is at most 0.05 exactly when the 95 % interval lies wholly beyond the threshold.
    #[must_use]
    pub fn probability_within(&self, threshold: f64) -> f64 {
        let beyond = self.estimate.abs() - threshold;
        if self.error > 0.0 {
            (2.0 * student_tail(beyond / self.error, self.degrees)).min(1.0)
        } else if beyond > 0.0 {
            0.0
        } else {
            1.0
        }
    }
}

/// New minus old for two independent locations, with Welch's degrees of freedom.
///
/// Source: Welch, "The generalization of 'Student's' problem", Biometrika 34, 1947.
///
/// ```
/// use scalebench_model::stats::{Location, difference};
/// let old = Location::of(&[10.0, 11.0, 12.0]).unwrap();
/// let new = Location::of(&[20.0, 22.0, 24.0]).unwrap();
/// let d = difference(&old, &new);
/// assert_eq!(d.estimate, 11.0);
/// assert!((d.degrees - 2.941_176).abs() < 1e-6);
/// ```
#[must_use]
pub fn difference(old: &Location, new: &Location) -> Difference {
    let (a, b) = (old.error.powi(2), new.error.powi(2));
    // Terms of infinite degrees are 0; two such terms leave infinity, as it should be.
    let spread = a.powi(2) / old.degrees + b.powi(2) / new.degrees;
    Difference {
        estimate: new.estimate - old.estimate,
        error: (a + b).sqrt(),
        degrees: match spread > 0.0 {
            true => (a + b).powi(2) / spread,
            false => f64::INFINITY,
        },
    }
}

/// New minus old for values that were taken in pairs, so that what both have in common cancels.
///
/// `None` for fewer than two pairs.
#[must_use]
pub fn paired_difference(old: &[f64], new: &[f64]) -> Option<Difference> {
    let differences: Vec<f64> = old.iter().zip(new).map(|(old, new)| new - old).collect();
    let location = Location::of(&differences)?;
    Some(Difference {
        estimate: location.estimate,
        error: location.error,
        degrees: location.degrees,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_spread_gives_the_degrees_of_the_pooled_test() {
        let old = Location::of(&[1.0, 2.0, 3.0, 4.0]).unwrap();
        let new = Location::of(&[11.0, 12.0, 13.0, 14.0]).unwrap();
        assert!((difference(&old, &new).degrees - 6.0).abs() < 1e-12);
    }

    #[test]
    fn probability_agrees_with_the_interval() {
        let d = Difference {
            estimate: -0.05,
            error: 0.01,
            degrees: 7.0,
        };
        let upper = d.interval(0.95).upper;
        assert!((d.probability_within(-upper) - 0.05).abs() < 1e-9);
        assert!(d.probability_within(0.0) < 0.05);
        assert!(d.probability_within(0.06) > 0.5);
    }

    #[test]
    fn certain_differences_have_no_width() {
        let exact = Location {
            estimate: 1.0,
            error: 0.0,
            degrees: f64::INFINITY,
        };
        let d = difference(
            &exact,
            &Location {
                estimate: 3.0,
                ..exact
            },
        );
        assert_eq!(
            d.interval(0.95),
            Interval {
                estimate: 2.0,
                lower: 2.0,
                upper: 2.0
            }
        );
        assert_eq!(d.probability_within(1.0), 0.0);
        assert_eq!(d.probability_within(2.0), 1.0);
    }

    #[test]
    fn pairs_cancel_what_they_share() {
        let d = paired_difference(&[1.0, 5.0, 9.0], &[2.0, 6.1, 9.9]).unwrap();
        assert!((d.estimate - 1.0).abs() < 1e-12);
        assert!(d.error < 0.1);
        assert_eq!(d.degrees, 2.0);
    }
}

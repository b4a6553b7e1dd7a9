//! Verdicts on one factor.

use crate::estimate::{CONFIDENCE, Scale};
use crate::report::{Estimate, Verdict};
use crate::stats::{Difference, Interval};

/// Confidence level at which a factor inside the threshold is called unchanged (two one-sided tests at 5 %).
pub(super) const EQUIVALENCE: f64 = 0.90;
/// Confidence level of looks in the middle of a run.
pub(super) const INTERIM: f64 = 0.99;
/// Estimates of more launches than this are not given.
const MANY_LAUNCHES: f64 = 1000.0;

/// One factor of a change, as a logarithm.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Factor {
    /// The estimate of the logarithm.
    pub estimate: f64,
    /// The difference that it is, where the data carries an error.
    pub difference: Option<Difference>,
    /// Which part of that error, a logarithm, no launches make smaller: the machine's drift from run to run, and neighbours.
    pub drift: f64,
}

impl Factor {
    /// A factor of which nothing is known.
    pub(super) const UNKNOWN: Self = Self {
        estimate: 0.0,
        difference: None,
        drift: 0.0,
    };

    /// The factor with a further error, a logarithm known to `degrees` of freedom, which no launches make smaller.
    pub(super) fn with_drift(self, error: f64, degrees: f64) -> Self {
        Self {
            difference: self.difference.map(|own| own.with_error(error, degrees)),
            drift: self.drift.hypot(error),
            ..self
        }
    }

    /// The factor e^x with its 95 % interval.
    #[must_use]
    pub fn factor(&self) -> Estimate {
        match self.difference {
            Some(d) => {
                let half = d.interval(CONFIDENCE).upper - d.estimate;
                Estimate::around(self.estimate, half, CONFIDENCE, Scale::Log)
            }
            None => Estimate::around(self.estimate, f64::INFINITY, 0.0, Scale::Log),
        }
    }

    /// The logarithm's interval at a confidence level; `None` without an error.
    #[must_use]
    pub fn interval(&self, level: f64) -> Option<Interval> {
        self.difference.map(|difference| difference.interval(level))
    }

    /// How probable so large a change is, were the true one within the threshold; `None` without an error.
    #[must_use]
    pub fn probability_within(&self, threshold: f64) -> Option<f64> {
        self.difference
            .map(|d| d.probability_within(logarithm(threshold)))
    }

    /// Whether the 95 % interval excludes no change.
    #[must_use]
    pub fn excludes_none(&self) -> bool {
        self.difference.is_some_and(|d| {
            let i = d.interval(CONFIDENCE);
            i.lower > 0.0 || i.upper < 0.0
        })
    }

    /// Whether no more launches are needed to say on which side of the threshold the change lies.
    ///
    /// This is asked after every launch, and whoever looks often finds something by chance: so the whole 99 % interval
    /// must lie beyond the threshold, or within it. In 2,000 simulated comparisons each, changes of exactly the threshold
    /// are then called changed no more often than the 2.5 % that one end of a 95 % interval misses. Source of the idea:
    /// Haybittle, "Repeated assessment of results in clinical trials of cancer treatment", British Journal of Radiology 44,
    /// 1971; Peto et al., British Journal of Cancer 34, 1976, who are stricter, as they must be where the threshold is 0.
    ///
    /// ```
    /// use scalebench_model::{change::Factor, stats::Difference};
    /// let factor = |estimate, error| Factor {
    ///     estimate, difference: Some(Difference { estimate, error, degrees: 8.0 }), drift: 0.0,
    /// };
    /// assert!(factor(0.050, 0.002).is_settled(0.01));
    /// assert!(factor(0.001, 0.001).is_settled(0.01));
    /// // The 95 % interval would do here, the 99 % interval does not.
    /// assert!(!factor(0.001, 0.003).is_settled(0.01));
    /// ```
    #[must_use]
    pub fn is_settled(&self, threshold: f64) -> bool {
        let delta = logarithm(threshold);
        self.difference.is_some_and(|difference| {
            let wide = difference.interval(INTERIM);
            let beyond = wide.lower > delta || wide.upper < -delta;
            beyond || (wide.lower > -delta && wide.upper < delta)
        })
    }

    /// How many launches more of each side would about settle whether the change is beyond the threshold.
    ///
    /// `launches` is the smaller number of launches of the two sides. `None` where it would take very many.
    #[must_use]
    pub fn more_launches(&self, threshold: f64, launches: usize) -> Option<u32> {
        let difference = self.difference?;
        let distance = self.estimate.abs() - logarithm(threshold);
        let level = if distance > 0.0 {
            CONFIDENCE
        } else {
            EQUIVALENCE
        };
        let half = difference.interval(level).upper - difference.estimate;
        if half <= 0.0 {
            return None;
        }
        // The error falls with the root of the launches, except for what drift adds.
        let drift = self.drift.powi(2);
        let wanted_error = difference.error * distance.abs() / half;
        let left = wanted_error.powi(2) - drift;
        if left <= 0.0 {
            return None;
        }
        let own = difference.error.powi(2) - drift;
        let wanted = (launches as f64 * own / left).ceil();
        let more = (wanted - launches as f64).max(1.0);
        (more <= MANY_LAUNCHES).then_some(more as u32)
    }
}

/// δ on the logarithmic scale.
pub(super) fn logarithm(threshold: f64) -> f64 {
    threshold.ln_1p()
}

/// The verdict on a factor. `discovered`: whether it stands among all the verdicts of the run (false-discovery control).
///
/// ```
/// use scalebench_model::change::{Factor, verdict};
/// use scalebench_model::{report::Verdict, stats::Difference};
/// let factor = |estimate, error| Factor {
///     estimate, difference: Some(Difference { estimate, error, degrees: 8.0 }), drift: 0.0,
/// };
/// assert_eq!(verdict(&factor(0.050, 0.002), 0.01, true), Verdict::Changed);
/// assert_eq!(verdict(&factor(0.001, 0.002), 0.01, true), Verdict::Unchanged);
/// assert_eq!(verdict(&factor(0.012, 0.002), 0.01, true), Verdict::Small);
/// assert_eq!(verdict(&factor(0.012, 0.020), 0.01, true), Verdict::Inconclusive);
/// ```
#[must_use]
pub fn verdict(factor: &Factor, threshold: f64, discovered: bool) -> Verdict {
    let Some(difference) = factor.difference else {
        return Verdict::Inconclusive;
    };
    let delta = logarithm(threshold);
    let wide = difference.interval(CONFIDENCE);
    let narrow = difference.interval(EQUIVALENCE);
    if discovered && (wide.lower > delta || wide.upper < -delta) {
        Verdict::Changed
    } else if narrow.lower > -delta && narrow.upper < delta {
        Verdict::Unchanged
    } else if factor.excludes_none() && wide.lower <= delta && wide.upper >= -delta {
        Verdict::Small
    } else {
        Verdict::Inconclusive
    }
}

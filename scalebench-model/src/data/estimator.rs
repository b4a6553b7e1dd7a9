//! By which method a run's samples were taken and its figures are computed.

use super::Run;

/// The number of the method by which this version measures: what a sample counts, and how figures follow from samples.
///
/// It grows when unchanged code on an unchanged machine would read another latency, efficiency or interval than before, as when
/// calls at the edges of a window begin to count otherwise. Then figures of before and after are not comparable, though both
/// can be read; a faster or more precise way to the same figure leaves it as it is. Estimator 1 took the median over windows and
/// left out spans in which a thread waited; 2 divides all time that counts by all calls in it.
pub const ESTIMATOR: u32 = 2;

/// Runs from before they carried the number.
pub(super) fn first() -> u32 {
    1
}

/// Why figures by one estimator say nothing beside those by another, in words; `None` where both are the same.
///
/// ```
/// use scalebench_model::data::{ESTIMATOR, unlike_estimator};
/// assert_eq!(unlike_estimator(ESTIMATOR, ESTIMATOR), None);
/// assert_eq!(
///     unlike_estimator(1, 2).unwrap(),
///     "it was measured by an older estimator (number 1, not 2), so that its figures mean something else",
/// );
/// ```
#[must_use]
pub fn unlike_estimator(old: u32, new: u32) -> Option<String> {
    let age = if old < new { "an older" } else { "a newer" };
    (old != new).then(|| {
        format!(
            "it was measured by {age} estimator (number {old}, not {new}), so that its figures mean something else"
        )
    })
}

impl Run {
    /// What to know of figures that this version would not measure like that; `None` where it would.
    #[must_use]
    pub fn estimator_note(&self) -> Option<String> {
        let age = if self.estimator < ESTIMATOR {
            "an older"
        } else {
            "a newer"
        };
        (self.estimator != ESTIMATOR).then(|| {
            format!(
                "The figures were made by {age} estimator than this version's (number {}, not {ESTIMATOR}): they mean something else \
                 than those of runs measured now. Measure again to compare.",
                self.estimator
            )
        })
    }
}

//! From factors to verdicts, with what would settle those that are open.

use super::comparison::{Scope, Thresholds};
use super::table::{Evidence, weigh};
use super::verdict::{EQUIVALENCE, Factor, INTERIM, logarithm, verdict};
use crate::report::{Pattern, Verdict};
use crate::stats::Interval;

/// From this change of performance on two processes are told apart where a side has fewer than 3 launches: 0.6 is 60 %.
///
/// Within one process nothing is known of how the next one differs: its layout in memory, its cores, its neighbours. Single
/// calls were seen to vary between runs by 1 to 5 % (coefficient of variation), those of contended code and on bad days by 10
/// (docs/measuring.md, "From run to run"). Two such processes differ by 14 %, and ln 1.6 is 3.3 times that: unchanged code
/// is beyond it in one of 1,000 comparisons, and at 5 % in none. (With 50 % it was one of 250.)
pub(super) const LEAST_BETWEEN_PROCESSES: f64 = 0.6;

/// The factors of a change that verdicts stand on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Factors {
    pub(super) throughput: Factor,
    pub(super) performance: Factor,
    pub(super) scalability: Factor,
    /// Change of R(N) − R(1); see [`Evidence::overhead`]. None under load.
    pub(super) overhead: Option<Factor>,
    /// What both sides carry within the same response time: throughput, but under load.
    pub(super) carried: Factor,
}

/// What can be said of a factor.
pub(super) struct Judged {
    pub(super) verdict: Verdict,
    /// So many launches more would about settle an inconclusive verdict.
    pub(super) more_launches: Option<u32>,
    /// The part of the standard error that no launches make smaller, as a share.
    pub(super) drift: Option<f64>,
}

impl Judged {
    pub(super) const INCONCLUSIVE: Self = Self {
        verdict: Verdict::Inconclusive,
        more_launches: None,
        drift: None,
    };

    /// What to say of `factor`; an inconclusive verdict would be settled by `open`.
    fn of(
        verdict: Verdict,
        factor: &Factor,
        open: &Factor,
        threshold: f64,
        launches: Option<usize>,
    ) -> Self {
        let more_launches = launches
            .filter(|_| verdict == Verdict::Inconclusive)
            .and_then(|launches| open.more_launches(threshold, launches));
        Self {
            verdict,
            more_launches,
            drift: (factor.drift > 0.0).then(|| factor.drift.exp_m1()),
        }
    }
}

impl Factors {
    /// The verdict on performance. `launches`: the smaller number of those of the two sides, where intervals stand on
    /// launches.
    pub(super) fn judge_performance(
        &self,
        thresholds: Thresholds,
        discovered: bool,
        launches: Option<usize>,
    ) -> Judged {
        let (factor, threshold) = (&self.performance, thresholds.performance);
        let verdict = match (verdict(factor, threshold, discovered), launches) {
            // One process knows nothing of the next, so not that nothing changed either.
            (Verdict::Unchanged | Verdict::Small, None) => Verdict::Inconclusive,
            (verdict, _) => verdict,
        };
        Judged::of(verdict, factor, factor, threshold, launches)
    }

    /// The verdict on scalability, and why efficiency moved.
    pub(super) fn judge_scalability(
        &self,
        thresholds: Thresholds,
        discovered: bool,
        launches: Option<usize>,
    ) -> (Judged, Option<Pattern>) {
        let (factor, threshold) = (&self.scalability, thresholds.scalability);
        if launches.is_none() {
            return (
                Judged::of(Verdict::Inconclusive, factor, factor, threshold, None),
                None,
            );
        }
        let plain = verdict(factor, threshold, discovered);
        let (verdict, pattern) = weigh(plain, &self.evidence(EQUIVALENCE), threshold);
        // Where efficiency moved for sure, it is the throughput that leaves open what that means.
        let open = match plain {
            Verdict::Inconclusive => factor,
            _ => &self.carried,
        };
        (
            Judged::of(verdict, factor, open, threshold, launches),
            pattern,
        )
    }

    /// Whether more launches are not needed to tell what became of scalability; see [`Factor::is_settled`].
    pub(super) fn scalability_is_settled(&self, threshold: f64) -> bool {
        let plain = match self.scalability.estimate.abs() > logarithm(threshold) {
            true => Verdict::Changed,
            false => Verdict::Unchanged,
        };
        let (verdict, _) = weigh(plain, &self.evidence(INTERIM), threshold);
        self.scalability.is_settled(threshold) && verdict != Verdict::Inconclusive
    }

    fn evidence(&self, level: f64) -> Evidence {
        let estimate = self.performance.estimate;
        let unknown = Interval {
            estimate,
            lower: f64::NEG_INFINITY,
            upper: f64::INFINITY,
        };
        Evidence {
            efficiency_rose: self.scalability.estimate > 0.0,
            performance: self.performance.interval(level).unwrap_or(unknown),
            overhead: self.overhead.and_then(|overhead| overhead.interval(level)),
            throughput: self.carried.interval(level),
        }
    }
}

/// What counts, where a side has fewer than 3 launches and where not.
pub(super) fn thresholds(of: Thresholds, launches: Option<usize>) -> Thresholds {
    match launches {
        Some(_) => of,
        None => of.at_least(LEAST_BETWEEN_PROCESSES, 0.0),
    }
}

/// The end of a scope: what the comparison controls for, and from which size on a change counts.
pub(super) fn scope(
    scope: Scope,
    drift: &str,
    thresholds: Thresholds,
    launches: Option<usize>,
) -> String {
    let (scope, least) = (scope.words(), thresholds);
    match launches {
        Some(_) => format!("{scope}{drift}; {}", least.words()),
        None => format!(
            "{scope}{drift}; within one process: differences between processes not covered, so changes count from {:.0} % of \
             performance on, and none of scalability",
            100.0 * least.performance
        ),
    }
}

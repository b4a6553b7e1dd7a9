//! The report of stored runs, each with what it was compared with.

#[cfg(feature = "report")]
use super::history;
#[cfg(not(feature = "compare"))]
use super::plain;
#[cfg(feature = "compare")]
use super::report;
#[cfg(feature = "compare")]
use crate::change::{Comparison, Thresholds};
#[cfg(feature = "compare")]
use crate::data::Compared;
use crate::data::Run;
use crate::report::Report;

/// Makes the report of one session from its runs alone: what they were compared with is in them.
///
/// Verdicts are settled over all benchmarks together. Where the runs were compared in different ways, the report claims
/// what the weakest of them carries.
///
/// ```
/// let report = scalebench_model::build::session(&[]);
/// assert!(report.benchmarks.is_empty());
/// ```
#[cfg(feature = "compare")]
#[must_use]
pub fn session(runs: &[Run]) -> Report {
    let compared: Vec<&Compared> = runs
        .iter()
        .filter_map(|run| run.compared.as_deref())
        .collect();
    let Some(weakest) = compared.iter().max_by_key(|each| each.scope) else {
        return report(runs, None);
    };
    let old: Vec<Run> = compared
        .iter()
        .flat_map(|each| each.runs.iter().cloned())
        .collect();
    let most = |threshold: fn(&Compared) -> f64| {
        compared
            .iter()
            .map(|each| threshold(each))
            .fold(0.0, f64::max)
    };
    let comparison = Comparison {
        baseline: &weakest.baseline,
        scope: weakest.scope,
        runs: &old,
        thresholds: Thresholds {
            performance: most(|each| each.performance_threshold),
            scalability: most(|each| each.scalability_threshold),
        },
    };
    report(runs, Some(&comparison))
}

/// Makes the report of one session; comparing needs the feature `compare`.
#[cfg(not(feature = "compare"))]
#[must_use]
pub fn session(runs: &[Run]) -> Report {
    plain(runs)
}

/// The same with each benchmark's history: its figures in `older` runs and in these.
///
/// Older runs that cannot be compared are left out: of unlike machines, in another mode, failed. Of the runs of one
/// session the newest with the benchmark counts. The order of `older` is of no importance.
///
/// ```
/// let report = scalebench_model::build::session_with_history(&[], &[]);
/// assert!(report.benchmarks.is_empty());
/// ```
#[cfg(feature = "report")]
#[must_use]
pub fn session_with_history(runs: &[Run], older: &[Run]) -> Report {
    let mut report = session(runs);
    history::fill(&mut report, runs, older);
    report
}

//! Which benchmarks a page shows that has no room for all.

use crate::data::Status;
use crate::render::facts::{self, Outcome, Part};
use crate::report::{Benchmark, Report};

/// The places on the report of the `most` benchmarks that are worth most attention, ascending; of all where there are no
/// more. Those that failed, by themselves or in what was expected
/// of them, come first, then what got worse, then what got better, then what scales worst.
pub(super) fn noteworthy(report: &Report, most: usize) -> Vec<usize> {
    let all = 0..report.benchmarks.len();
    if all.len() <= most {
        return all.collect();
    }
    let mut ranked: Vec<((u8, f64), usize)> = report.benchmarks.iter().map(rank).zip(all).collect();
    ranked
        .sort_unstable_by(|(a, i), (b, j)| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)).then(i.cmp(j)));
    let mut places: Vec<usize> = ranked.into_iter().map(|(_, i)| i).take(most).collect();
    places.sort_unstable();
    places
}

/// The lower, the more noteworthy: the kind of news, then the figure by which those of a kind are ordered.
fn rank(benchmark: &Benchmark) -> (u8, f64) {
    let change = benchmark.change.as_ref().map(Part::of);
    let parts = || change.iter().flatten();
    let any = |outcome| parts().any(|part| part.outcome == outcome);
    let lost = || parts().map(|part| part.estimate.estimate);
    let efficiency = facts::largest_counted(benchmark).map_or(f64::INFINITY, |(_, e)| e.estimate);
    match benchmark.status {
        Status::Failed | Status::TimedOut => (0, 0.0),
        Status::Skipped => (4, 0.0),
        Status::Ok if facts::disappoints(benchmark) => (0, 1.0),
        Status::Ok if any(Outcome::Worse) => (1, lost().fold(f64::INFINITY, f64::min)),
        Status::Ok if any(Outcome::Better) => (2, efficiency),
        Status::Ok => (3, efficiency),
    }
}

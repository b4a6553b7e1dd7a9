//! From run records to the report: the one place where the parts come together.

#[cfg(feature = "compare")]
mod baseline;
#[cfg(feature = "report")]
mod history;
mod in_vain;
mod load;
mod nulls;
mod point;
mod reference;
mod samples;
mod session;
mod uneven;
mod warnings;

use crate::LOAD;
use crate::cause::cause;
#[cfg(feature = "compare")]
use crate::change::{Comparison, Machine, Side};
use crate::data::{BenchmarkRecord, GroupKind, LoadPlan, Location, Preset, Run, Schema};
use crate::estimate::{Basis, Clock, Curves, LoadCurves};
use crate::expect;
use crate::laws::{self, laws, no_law_in_group};
use crate::report::{Benchmark, Point, Reference, Report, RunSummary};
use crate::sort;
#[cfg(feature = "compare")]
use baseline::Baseline;
use load::Loaded;
use nulls::Nulls;

#[cfg(feature = "compare")]
pub use baseline::is_settled;
#[cfg(feature = "report")]
pub use history::left_out_of_history;
pub use session::session;
#[cfg(feature = "report")]
pub use session::session_with_history;

pub use nulls::{NULL_ALU, NULL_FLOOR, NULL_STREAMING};

/// Makes the report of one session: the runs of its bench targets, compared with older ones where asked.
///
/// Pure and deterministic: the same runs give the same report to the last bit. Empty runs give an empty report.
///
/// ```
/// let report = scalebench_model::build::report(&[], None);
/// assert!(report.benchmarks.is_empty());
/// ```
#[cfg(feature = "compare")]
#[must_use]
pub fn report(runs: &[Run], comparison: Option<&Comparison<'_>>) -> Report {
    let Some(comparison) = comparison else {
        return plain(runs);
    };
    let mut baseline = Baseline::of(runs, comparison);
    let mut report = gather(runs, &mut |place, run, record, measured| {
        baseline.compare(place, run, record, measured);
    });
    let warnings = baseline.conclude(&mut report.benchmarks);
    report.warnings.extend(warnings);
    sorted(report)
}

/// The same, compared with nothing.
fn plain(runs: &[Run]) -> Report {
    sorted(gather(runs, &mut |_, _, _, _| ()))
}

/// Looks at a benchmark: its place in the report, its run and record, and what they come to.
type Look<'a, 'b> = dyn FnMut(usize, &'a Run, &'a BenchmarkRecord, &Measured) + 'b;

/// The report in the order of measuring; `look` sees every benchmark.
fn gather<'a>(runs: &'a [Run], look: &mut Look<'a, '_>) -> Report {
    let ordered = in_order(runs);
    let targets = targets_by_name(&ordered);
    let mut benchmarks = Vec::new();
    for &run in &ordered {
        let nulls = Nulls::of(run);
        for record in &run.benchmarks {
            let known = !record.location.file.is_empty();
            if known && newest(&targets, name_of(run, record)) != Some(&run.target) {
                continue;
            }
            let measured = Measured::of(run, record, &nulls);
            look(benchmarks.len(), run, record, &measured);
            let mut benchmark = benchmark(run, record, measured);
            benchmark.package.clone_from(&run.package);
            benchmark.expectations = expect::judge(record, &benchmark, run.host.cpus);
            benchmarks.push(benchmark);
        }
    }
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

/// What identifies a benchmark over the targets of a session.
type Name<'a> = (Option<&'a str>, &'a str, &'a str, u32);

fn name_of<'a>(run: &'a Run, record: &'a BenchmarkRecord) -> Name<'a> {
    let Location { file, line } = &record.location;
    (run.package.as_deref(), &record.id, file, *line)
}

/// Every benchmark with its target, sorted by name; of one name the newest comes last.
fn targets_by_name<'a>(ordered: &[&'a Run]) -> Vec<(Name<'a>, &'a str)> {
    let mut targets = Vec::new();
    for run in ordered {
        let records = run.benchmarks.iter();
        targets.extend(records.map(|record| (name_of(run, record), run.target.as_str())));
    }
    sort::by(&mut targets, &|a, b| a.0.cmp(&b.0));
    targets
}

/// The newest target with a benchmark: those in a library's own modules are in every target that links it, and once on
/// the report is enough.
fn newest<'a>(targets: &[(Name<'a>, &'a str)], name: Name<'_>) -> Option<&'a str> {
    let end = targets.partition_point(|(other, _)| *other <= name);
    targets[..end].last().map(|(_, target)| *target)
}

fn sorted(mut report: Report) -> Report {
    sort::by(&mut report.benchmarks, &|a, b| sort::ids(&a.id, &b.id));
    tell_packages_apart(&mut report.benchmarks);
    report
}

/// Where packages have benchmarks of the same id, makes the package part of it, as `--exact` takes it.
fn tell_packages_apart(benchmarks: &mut [Benchmark]) {
    for same in benchmarks.chunk_by_mut(|a, b| a.id == b.id) {
        let is_one = same.iter().all(|each| each.package == same[0].package);
        for each in same.iter_mut().filter(|_| !is_one) {
            if let Some(package) = &each.package {
                each.id = format!("{package}::{}", each.id);
            }
        }
    }
}

/// Oldest first, whatever order the files were read in.
fn in_order(runs: &[Run]) -> Vec<&Run> {
    let mut ordered: Vec<&Run> = runs.iter().collect();
    sort::by(&mut ordered, &|a, b| {
        (a.started_unix_s, &a.id).cmp(&(b.started_unix_s, &b.id))
    });
    ordered
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
        estimator: run.estimator,
    }
}

/// A benchmark's curves and the points made of them.
struct Measured {
    curves: Curves,
    points: Vec<Point>,
    /// What efficiency refers to where N = 1 was not measured.
    reference: Option<Reference>,
    /// Response times under load, in load mode: the others are then those of the closed loop.
    load: Option<LoadCurves>,
}

impl Measured {
    fn of(run: &Run, record: &BenchmarkRecord, nulls: &Nulls) -> Self {
        let curves = Curves::of(record, Clock::Counted, run.plan.seed);
        // Nulls are threads: what they reach at N says nothing of N tasks on fewer threads.
        let none = Nulls::default();
        let nulls = if record.axis.is_threads() {
            nulls
        } else {
            &none
        };
        let mut points = point::points(run, record, &curves, nulls);
        let reference = reference::refer(record, &curves, &mut points);
        let load = match &record.load {
            Some(plan) if LOAD => Some(LoadCurves::of(record, plan, run.plan.seed)),
            _ => None,
        };
        Self {
            curves,
            points,
            reference,
            load,
        }
    }

    #[cfg(feature = "compare")]
    fn side<'a>(
        &'a self,
        record: &BenchmarkRecord,
        machine: Option<&'a Machine>,
        pace: Option<&'a Curves>,
    ) -> Side<'a> {
        Side {
            curves: &self.curves,
            points: &self.points,
            load: self.load.as_ref(),
            machine,
            pace,
            raised_priority: record.raised_priority(),
        }
    }
}

fn benchmark(run: &Run, record: &BenchmarkRecord, measured: Measured) -> Benchmark {
    let Measured {
        curves,
        points,
        reference,
        load,
    } = measured;
    if LOAD && let (Some(curves), Some(plan)) = (load, &record.load) {
        let loaded = Loaded::of(record, plan, &curves, &points);
        let plan = LoadPlan {
            knee_factor: curves.knee_factor(),
            ..plan.clone()
        };
        return under_load(record, plan, loaded, curves.basis());
    }
    let counted: Vec<u32> = points
        .iter()
        .filter(|p| p.counted)
        .map(|p| p.threads)
        .collect();
    // Figures from elsewhere never say where the time goes; a sentence about it under each would only be noise.
    let kind = record.group.as_ref().map(|group| group.kind);
    // A thread's time is known as a whole, not by the operations that it draws.
    let knows_causes = kind != Some(GroupKind::Mix)
        && (run.plan.preset != Preset::External || points.iter().any(|p| p.on_cpu_ns.is_some()));
    Benchmark {
        summary: laws::summary(&curves, &counted, kind),
        reference,
        laws: match kind {
            None => laws(&curves, &counted, run.host.cpus),
            Some(kind) => (!points.is_empty()).then(|| no_law_in_group(kind)),
        },
        uneven: uneven::sentence(record, &points),
        cause: cause(&points, record.mode, record.axis, run.host.cpus).filter(|_| knows_causes),
        points,
        ..bare(record, curves.basis())
    }
}

/// A benchmark in load mode: no curve over thread counts, and so no law and no cause.
fn under_load(record: &BenchmarkRecord, plan: LoadPlan, loaded: Loaded, basis: Basis) -> Benchmark {
    Benchmark {
        load: loaded.points,
        load_plan: Some(plan),
        unloaded_latency_ns: loaded.unloaded,
        knee_per_s: loaded.knee,
        closed_loop_per_s: loaded.closed_loop,
        load_sentence: (!record.launches.is_empty()).then_some(loaded.sentence),
        ..bare(record, basis)
    }
}

/// What is known of a benchmark without its figures.
fn bare(record: &BenchmarkRecord, basis: Basis) -> Benchmark {
    Benchmark {
        id: record.id.clone(),
        package: None,
        mode: record.mode,
        axis: record.axis,
        workers: record.workers,
        threads_per_process: record.threads_per_process,
        location: record.location.clone(),
        parameters: record.parameters.clone(),
        work: record.work,
        group: record.group.clone(),
        status: record.status,
        failure: record.failure.clone(),
        scope: basis.words(),
        summary: None,
        reference: None,
        points: Vec::new(),
        load: Vec::new(),
        load_plan: None,
        unloaded_latency_ns: None,
        knee_per_s: None,
        closed_loop_per_s: None,
        load_sentence: None,
        laws: None,
        uneven: None,
        cause: None,
        expectations: Vec::new(),
        change: None,
        history: Vec::new(),
    }
}

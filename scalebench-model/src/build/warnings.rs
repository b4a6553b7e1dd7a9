//! What the reader should know about the machine and the runs, a sentence each.

use crate::LOAD;
use crate::data::{BenchmarkRecord, GroupKind, Host, Preset, Run};
use crate::excerpt::{SHORT_TEXT, excerpt};
use crate::report::{Benchmark, Flag, Reference};
use crate::stats::mean;
use crate::words::count;

/// Collects the warnings; each sentence once, in a fixed order.
pub(super) fn of(runs: &[&Run], benchmarks: &[Benchmark]) -> Vec<String> {
    let mut warnings = Vec::new();
    for run in runs {
        warnings.extend_from_slice(&run.warnings);
    }
    for run in runs {
        warnings.extend(run.estimator_note());
        if run.plan.preset != Preset::External {
            warnings.extend(host(&run.host));
            warnings.extend(plan(run));
        }
    }
    if flagged(benchmarks, Flag::WithinOneProcess) {
        warnings.push(
            "Intervals stand on fewer than 3 launches: they do not cover how one process differs from the next, \
             which is often several times more."
                .into(),
        );
    }
    warnings.extend(runs.iter().find_map(|run| hurried(run)));
    warnings.extend(slow(benchmarks));
    warnings.extend(slow_together(benchmarks));
    warnings.extend(not_measured(benchmarks));
    warnings.extend(without_one_thread(benchmarks));
    warnings.extend(waiting_alone(benchmarks));
    warnings.extend(helped(benchmarks));
    let watched = |run: &&Run| run.plan.preset != Preset::External && run.host.thread_clocks;
    if runs.iter().all(watched) {
        warnings.extend(unaccounted(benchmarks));
    }
    if LOAD {
        for run in runs {
            warnings.extend(errors(run));
        }
    }
    let mut unique = Vec::with_capacity(warnings.len());
    for warning in warnings {
        if !unique.contains(&warning) {
            unique.push(warning);
        }
    }
    unique
}

/// Whether callers were made to run before other processes.
fn hurried(run: &Run) -> Option<String> {
    let mut launches = run.benchmarks.iter().flat_map(|b| &b.launches);
    launches.any(|launch| launch.raised_priority).then(|| {
        "Other processes were busy, so callers whose calls wait for nobody ran before them, at a niceness of -10 \
         (`--no-priority` never asks for it)."
            .to_owned()
    })
}

/// From this share of all time on it is worth a sentence that CPUs ran slower than they can.
const OFTEN_SLOW: f64 = 0.1;

/// How often CPUs ran slower than they can.
fn slow(benchmarks: &[Benchmark]) -> Option<String> {
    let points = benchmarks.iter().flat_map(|b| &b.points);
    let slow: Vec<f64> = points.filter_map(|p| p.slow).collect();
    let share = mean(&slow).filter(|&share| share >= OFTEN_SLOW)?;
    Some(format!(
        "In {:.0} % of the time a CPU ran slower than it can: its clock was lower, or it was shared with somebody beyond \
         this system. That time does not count.",
        share * 100.0
    ))
}

/// From this ratio of the paces on efficiency is the machine's doing as much as the code's: clocks drop by less where more cores
/// are busy.
const UNLIKE_PACES: f64 = 1.15;

/// Names the benchmarks whose CPUs were slower at more threads than alone.
fn slow_together(benchmarks: &[Benchmark]) -> Option<String> {
    let unlike = |b: &Benchmark| {
        let alone = b.points.iter().find(|p| p.threads == 1);
        let alone = alone.and_then(|p| p.pace_ns).unwrap_or(f64::INFINITY);
        let slower = |pace: f64| pace > UNLIKE_PACES * alone || alone > UNLIKE_PACES * pace;
        alone.is_finite() && b.points.iter().filter_map(|p| p.pace_ns).any(slower)
    };
    let named = named(benchmarks, unlike)?;
    Some(format!(
        "CPUs were not as fast at all thread counts, by fixed arithmetic (`pace_ns`): somebody beyond this system used them at \
         some, or their clock drops where more are busy. Efficiency is off for that alone: {named}."
    ))
}

/// Names the benchmarks with points of which nothing is known, why, and what helps.
fn not_measured(benchmarks: &[Benchmark]) -> Option<String> {
    let unknown = |b: &Benchmark| {
        b.points
            .iter()
            .any(|p| p.flags.contains(&Flag::NotMeasured))
    };
    let named = named(benchmarks, unknown)?;
    Some(format!(
        "Not measured at some counts, because other processes took CPU time nearly all the time: {named}. End what else \
         runs, leave a CPU free (`--threads`), or allow more tries (`--max-time 60s`; under criterion `measurement_time`)."
    ))
}

/// Names the benchmarks without a point at N = 1, by what their efficiency refers to.
fn without_one_thread(benchmarks: &[Benchmark]) -> Vec<String> {
    let lacks = |b: &Benchmark| {
        let points = &b.points;
        b.reference.is_none() && !points.is_empty() && points.iter().all(|p| p.threads != 1)
    };
    let fitted = |b: &Benchmark| b.reference == Some(Reference::Fitted);
    let smallest = |b: &Benchmark| b.reference == Some(Reference::Smallest);
    let mut says = Vec::new();
    if let Some((one, caller, named)) = named_with_axis(benchmarks, fitted) {
        says.push(format!(
            "Efficiency is relative to the fitted single-{caller} rate: {one} was not measured ({named})."
        ));
    }
    if let Some((one, _, named)) = named_with_axis(benchmarks, smallest) {
        says.push(format!(
            "Efficiency is relative to the smallest N that counts: {one} was not measured ({named})."
        ));
    }
    if let Some((one, _, named)) = named_with_axis(benchmarks, lacks) {
        says.push(format!(
            "Efficiency is not known without a point at {one} ({named})."
        ));
    }
    says
}

/// The same as [`named`], with what the first of them counts: "1 thread", "thread".
fn named_with_axis(
    benchmarks: &[Benchmark],
    is_so: fn(&Benchmark) -> bool,
) -> Option<(String, String, String)> {
    let one = benchmarks.iter().find(|b| is_so(b))?.axis.count(1);
    let caller = one.trim_start_matches("1 ").to_owned();
    Some((one, caller, named(benchmarks, is_so)?))
}

/// Names the roles whose efficiency would refer to a wait.
fn waiting_alone(benchmarks: &[Benchmark]) -> Option<String> {
    let waits = |b: &Benchmark| b.points.iter().any(|p| p.flags.contains(&Flag::WaitsAlone));
    let named = named(benchmarks, waits)?;
    Some(format!(
        "There is no efficiency of roles that alone wait in vain for the others: {named}."
    ))
}

/// Names the benchmarks whose calls use threads that are no callers.
fn helped(benchmarks: &[Benchmark]) -> Option<String> {
    let helped = |b: &Benchmark| b.points.iter().any(|p| p.helpers.is_some());
    let named = named(benchmarks, helped)?;
    Some(format!(
        "Helper threads of the program work beside the callers; where both do not fit the CPUs together, what other \
         processes took counts, too: {named}."
    ))
}

/// Names the benchmarks of which it is not known where a call's time goes, although the system says it of threads.
fn unaccounted(benchmarks: &[Benchmark]) -> Option<String> {
    let unaccounted = |b: &Benchmark| {
        let is_mix = b.group.as_ref().is_some_and(|g| g.kind == GroupKind::Mix);
        let unknown = b.points.iter().all(|p| p.on_cpu_ns.is_none());
        unknown && !is_mix && b.points.iter().any(|p| p.threads > 1)
    };
    let named = named(benchmarks, unaccounted)?;
    Some(format!(
        "The system accounts for the time of threads, not of tasks, nor of calls that fill their own windows: no bottleneck is \
         named of these ({named})."
    ))
}

/// The first few benchmarks of which something is true, and how many others there are; `None` where there is none.
fn named(benchmarks: &[Benchmark], is_so: fn(&Benchmark) -> bool) -> Option<String> {
    const NAMED: usize = 3;
    let found = benchmarks.iter().filter(|b| is_so(b));
    let ids: Vec<&str> = found.map(|b| b.id.as_str()).collect();
    let others = match ids.len().saturating_sub(NAMED) {
        0 => String::new(),
        others => format!(" and {}", count(others as u32, "other")),
    };
    (!ids.is_empty()).then(|| format!("{}{others}", ids[..ids.len().min(NAMED)].join(", ")))
}

fn flagged(benchmarks: &[Benchmark], flag: Flag) -> bool {
    benchmarks.iter().any(|benchmark| {
        let of_point = benchmark.points.iter().any(|p| p.flags.contains(&flag));
        of_point || benchmark.load.iter().any(|p| p.flags.contains(&flag))
    })
}

/// Calls under load that ended with an error, with the first one's words.
fn errors(run: &Run) -> Vec<String> {
    let of = |record: &BenchmarkRecord| {
        let samples = || record.launches.iter().flat_map(|launch| &launch.load);
        let (errors, arrivals) = samples().fold((0, 0), |(errors, arrivals), sample| {
            (errors + sample.errors, arrivals + sample.arrivals)
        });
        let first = samples().find_map(|sample| sample.first_error.as_deref());
        let first = first.map(|first| excerpt(first, SHORT_TEXT));
        let first = first.map_or_else(String::new, |first| format!("; the first: {first}"));
        (errors > 0).then(|| {
            format!(
                "{}: {errors} of {arrivals} calls under load ended with an error{first}.",
                record.id
            )
        })
    };
    run.benchmarks.iter().filter_map(of).collect()
}

fn host(host: &Host) -> Vec<String> {
    let mut warnings = Vec::new();
    if let Some(governor) = host.governor.as_deref().filter(|g| *g != "performance") {
        warnings.push(format!(
            "The CPU frequency governor is \"{governor}\": the clock may change while measuring."
        ));
    }
    if let Some(steal) = host.steal.filter(|&s| s > 0.01) {
        warnings.push(format!(
            "The hypervisor took away {:.1} % of the CPU time during the run.",
            steal * 100.0
        ));
    }
    if let Some(quota) = host.quota_cpus {
        warnings.push(format!(
            "A CPU quota allows the run {quota:.2} CPUs' worth of time. Time in which it stopped the threads is excluded."
        ));
    }
    if !host.thread_clocks {
        warnings.push(
            "This platform does not say how long a thread waited for a CPU: all figures are by the wall clock, other \
             processes' share included."
                .into(),
        );
    }
    warnings
}

fn plan(run: &Run) -> Option<String> {
    run.plan.in_process.then(|| {
        "Everything ran in the coordinator's own process: launches are not independent.".to_owned()
    })
}

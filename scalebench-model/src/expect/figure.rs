//! The figure that an expectation is about, or why there is none.

use scalebench_expect::{Expectation, Metric};

use crate::data::{Axis, BenchmarkRecord, Mode, Status};
use crate::report::{Benchmark, Estimate, Flag, Point};

/// Finds the figure of `expected` on the report of a benchmark; `cpus` are those of the machine.
///
/// # Errors
/// Why there is none that could be judged, as the end of a sentence.
pub(super) fn figure(
    expected: &Expectation,
    record: &BenchmarkRecord,
    benchmark: &Benchmark,
    cpus: u32,
) -> Result<Estimate, String> {
    if benchmark.status != Status::Ok {
        return Err("the benchmark was not measured to its end".to_owned());
    }
    if benchmark.mode == Mode::Load {
        return under_load(expected, benchmark);
    }
    let point = point(expected.threads, record, benchmark, cpus)?;
    let figure = match expected.metric {
        Metric::Latency => Some(point.latency_ns),
        Metric::Throughput => Some(point.throughput_per_s),
        Metric::Efficiency => point.efficiency,
        Metric::Speedup => point.speedup,
        Metric::Overhead => point.surcharge_ns,
    };
    // What refers to a fit says how a curve bends, and is nothing to hold a benchmark to.
    let refers = !matches!(expected.metric, Metric::Latency | Metric::Throughput);
    let fitted = refers && benchmark.reference.is_some();
    let figure = figure.filter(|_| !fitted);
    figure.ok_or_else(|| without_reference(expected.metric, benchmark))
}

fn under_load(expected: &Expectation, benchmark: &Benchmark) -> Result<Estimate, String> {
    let unloaded = benchmark.unloaded_latency_ns;
    match (expected.metric, expected.threads) {
        (Metric::Latency, 1) => unloaded.ok_or_else(|| "no unloaded latency was measured".into()),
        _ => Err("under load only the unloaded latency is measured for it, as `latency`".into()),
    }
}

/// The point at `threads`, where it may be judged.
fn point<'a>(
    threads: u32,
    record: &BenchmarkRecord,
    benchmark: &'a Benchmark,
    cpus: u32,
) -> Result<&'a Point, String> {
    let count = benchmark.axis.count(threads);
    let were = if threads == 1 { "was" } else { "were" };
    let too_many = benchmark.axis != Axis::Tasks && threads > cpus && cpus > 0;
    let Some(point) = benchmark.points.iter().find(|p| p.threads == threads) else {
        return Err(match record.threads.contains(&threads) {
            true => format!("{count} {were} not measured to the end"),
            false if too_many => format!(
                "{count} are more than the {} of this machine, and were not measured",
                cpu_count(cpus)
            ),
            false => format!("{count} {were} not measured in this run"),
        });
    };
    let flagged = |flag| point.flags.contains(&flag);
    if point.counted {
        return Ok(point);
    }
    Err(if flagged(Flag::WaitsAlone) {
        WAITS_ALONE.to_owned()
    } else if flagged(Flag::BeyondMachine) {
        format!(
            "at {count} not all of them had a turn on the {} of this machine, so that point is excluded",
            cpu_count(cpus)
        )
    } else if flagged(Flag::NotMeasured) {
        format!(
            "at {count} other processes disturbed nearly all of the time, so that point is excluded"
        )
    } else {
        format!(
            "{count} are more than the {} of this machine, so that point is excluded",
            cpu_count(cpus)
        )
    })
}

const WAITS_ALONE: &str =
    "alone, the role waits in vain for the others, so nothing can refer to it";

/// Why a figure that refers to N = 1 is missing.
fn without_reference(metric: Metric, benchmark: &Benchmark) -> String {
    let waits = |point: &Point| point.flags.contains(&Flag::WaitsAlone);
    if benchmark.points.iter().any(waits) {
        WAITS_ALONE.to_owned()
    } else if benchmark.mode == Mode::Parallel && metric == Metric::Overhead {
        "a parallel call has no scaling overhead; its efficiency and speedup can be expected"
            .to_owned()
    } else {
        format!(
            "there is no figure at {} that it could refer to",
            benchmark.axis.count(1)
        )
    }
}

fn cpu_count(cpus: u32) -> String {
    crate::words::count(cpus, "CPU")
}

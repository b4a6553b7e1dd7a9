//! A point of the report: its figures, its flags, and whether it counts.

use super::in_vain;
use super::nulls::Nulls;
use super::samples::Samples;
use super::uneven;
use crate::data::{BenchmarkRecord, Grid, GroupKind, Preset, Run, Sample};
use crate::estimate::{Basis, Clock, Curves, Pace, PointEstimate, Scale, points as estimates};
use crate::report::{Estimate, Flag, Point};

/// The points of one benchmark, ascending by thread count.
pub(super) fn points(
    run: &Run,
    record: &BenchmarkRecord,
    counted: &Curves,
    nulls: &Nulls,
) -> Vec<Point> {
    let wall = wall_latencies(run, record, counted);
    with_wall(run, record, counted, nulls, &wall)
}

/// The same for readers who need neither wall-clock figures nor what is known from nulls, at less cost.
#[cfg(feature = "report")]
pub(super) fn plain_points(run: &Run, record: &BenchmarkRecord, counted: &Curves) -> Vec<Point> {
    with_wall(run, record, counted, &Nulls::default(), &[])
}

fn with_wall(
    run: &Run,
    record: &BenchmarkRecord,
    counted: &Curves,
    nulls: &Nulls,
    wall: &[PointEstimate],
) -> Vec<Point> {
    let steady = steady(run, record);
    // What waits for a CPU would be taken for running or for blocked.
    let knows_waits = run.host.thread_clocks;
    let pace = Pace::of(record);
    let typical = Curves::central_only(record, Clock::Typical);
    let mut points = Vec::new();
    for estimate in all_estimates(counted, wall) {
        let n = estimate.threads;
        let samples = Samples::at(record, n, &pace);
        let mut flags = samples.flags(run, record);
        let typical_ns = typical.column(n).filter(|_| record.is_measured());
        let typical_ns = typical_ns
            .and_then(|column| typical.estimate(&[column], Scale::Log, &|c| c[column].ln()));
        let latency = estimate.latency_ns.estimate;
        if typical_ns.is_some_and(|typical| uneven::apart(latency, typical.estimate)) {
            flags.push(Flag::Skewed);
        }
        let efficiency = estimate.efficiency.map(|e| e.estimate);
        if efficiency > Some(1.0)
            && samples.helpers_crowd(run.host.cpus)
            && !flags.contains(&Flag::CpuLimited)
        {
            flags.push(Flag::CpuLimited);
        }
        if nulls.near_floor(record.mode, n, latency) || near_timing(record, latency) {
            flags.push(Flag::NearFloor);
        }
        if !steady {
            flags.push(Flag::NeverSteady);
        }
        if n == 1 && record.reference_only {
            flags.push(Flag::Reference);
        }
        if matches!(counted.basis(), Basis::Rounds(_)) {
            flags.push(Flag::WithinOneProcess);
        }
        let wall_ns = wall
            .iter()
            .find(|w| w.threads == n)
            .map_or(estimate.latency_ns, |w| w.latency_ns);
        let callers = counted.column(n).map(|column| counted.callers()[column]);
        points.push(Point {
            typical_latency_ns: typical_ns,
            callers: callers.filter(|_| record.group.is_some()),
            ..point(
                &samples,
                record,
                &estimate,
                wall_ns,
                nulls,
                flags,
                knows_waits,
            )
        });
    }
    in_vain::take_away(record, &mut points);
    points
}

/// The estimates of what counts. Where nothing does, those by the wall clock stand in without what compares them with others, so
/// that the point is on the report as one that was not measured.
fn all_estimates(counted: &Curves, wall: &[PointEstimate]) -> Vec<PointEstimate> {
    let mut all = estimates(counted);
    for by_wall in wall {
        if all.iter().all(|one| one.threads != by_wall.threads) {
            all.push(PointEstimate {
                efficiency: None,
                speedup: None,
                surcharge_ns: None,
                ..by_wall.clone()
            });
        }
    }
    crate::sort::by(&mut all, &|a, b| a.threads.cmp(&b.threads));
    all
}

/// Whether a latency is within 3 times of what timing a call by itself costs, where that is done.
fn near_timing(record: &BenchmarkRecord, latency_ns: f64) -> bool {
    let timing = record.group.as_ref().and_then(|group| group.timing_ns);
    timing.is_some_and(|timing_ns| latency_ns <= 3.0 * timing_ns)
}

/// The estimates by the wall clock alone; where nothing was disturbed they are those that count.
fn wall_latencies(run: &Run, record: &BenchmarkRecord, counted: &Curves) -> Vec<PointEstimate> {
    let undisturbed = samples(record)
        .all(|s| s.window_ns == s.counted_ns && s.calls == s.counted_calls && s.pace_ns.is_none());
    if undisturbed {
        return estimates(counted);
    }
    estimates(&Curves::of(record, Clock::Wall, run.plan.seed))
}

fn samples(record: &BenchmarkRecord) -> impl Iterator<Item = &Sample> {
    record.launches.iter().flat_map(|launch| &launch.samples)
}

/// Whether most launches ended their warm-up because latency was steady. Unknown for external data.
fn steady(run: &Run, record: &BenchmarkRecord) -> bool {
    let steady = record.launches.iter().filter(|l| l.steady).count();
    run.plan.preset == Preset::External || 2 * steady > record.launches.len()
}

fn point(
    samples: &Samples<'_>,
    record: &BenchmarkRecord,
    estimate: &PointEstimate,
    wall_latency_ns: Estimate,
    nulls: &Nulls,
    flags: Vec<Flag>,
    knows_waits: bool,
) -> Point {
    // In a mix it is known where the threads' time went, not that of one operation.
    let is_mix = record
        .group
        .as_ref()
        .is_some_and(|group| group.kind == GroupKind::Mix);
    let split = samples
        .split(record.mode, estimate.latency_ns.estimate)
        .filter(|_| !is_mix && knows_waits);
    Point {
        threads: samples.threads,
        grid: record
            .threads_per_process
            .and_then(|each| Grid::of(samples.threads, each)),
        callers: None,
        latency_ns: estimate.latency_ns,
        typical_latency_ns: None,
        wall_latency_ns,
        throughput_per_s: estimate.throughput_per_s,
        efficiency: estimate.efficiency,
        speedup: estimate.speedup,
        surcharge_ns: estimate.surcharge_ns,
        overlap: samples.overlap(),
        ceiling: nulls.ceiling(samples.threads),
        ceiling_streaming: nulls.ceiling_streaming(samples.threads),
        on_cpu_ns: split.map(|s| s.on_cpu_ns),
        waiting_ns: split.map(|s| s.waiting_ns),
        blocked_ns: split.map(|s| s.blocked_ns),
        disturbed: samples.disturbed(),
        slow: samples.slow(),
        pace_ns: samples.pace_ns(),
        fairness: samples.median(|s| s.fairness.map(|f| f.jain)),
        percentiles_ns: samples.percentiles(),
        instructions_per_call: samples.median(|s| s.instructions_per_call),
        cycles_per_call: samples.median(|s| s.cycles_per_call),
        work_per_call: samples.median(|s| s.work_per_call),
        helpers: samples.helpers(),
        counted: !flags.contains(&Flag::NotMeasured) && !flags.contains(&Flag::CpuLimited),
        flags,
    }
}

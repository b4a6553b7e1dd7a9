//! The report of what criterion had measured.

use std::time::{SystemTime, UNIX_EPOCH};

use scalebench_model::data::{BenchmarkRecord, ESTIMATOR, LaunchRecord, Run, Schema, Status};
use scalebench_model::sort;
use scalebench_store::{Home, TargetName, run_id};

use super::windows::Windows;
use super::{Benchmark, Setting};
use crate::coordinator::ask::Spawn;
use crate::coordinator::in_process::InProcess;
use crate::harness::listing::Known;
use crate::harness::{finish, revision};
use crate::measure::nulls::nulls as all_nulls;
use crate::planner;
use crate::registry::plain;
use crate::sys::session;

/// What the reader must know about these figures.
const WARNING: &str = "Measured under criterion: one thread count after the other, in one process. `scalebench::main!()` \
                       takes turns and starts several processes.";

/// Windows of each null at each thread count, and the iterations that make one about 10 ms long.
const NULL_WINDOWS: usize = 5;
const NULL_WINDOW_NS: f64 = 1e7;

/// Prints and writes the report of the benchmarks that criterion had measured; those that its filter left out, or none
/// at all, are no reason to say anything.
/// `known` are those of the target.
pub(super) fn publish(target: TargetName<'_>, benchmarks: Vec<Benchmark>, mut known: Known) {
    let records: Vec<BenchmarkRecord> = benchmarks.into_iter().filter_map(record).collect();
    if records.is_empty() {
        return;
    }
    let setting = Setting::read();
    known
        .ids
        .extend(records.iter().map(|record| record.id.clone()));
    let run = run(target, &setting, records);
    // The exit code is criterion's.
    finish(&setting.options, &Home::locate(), &run, &known, false);
}

fn record(benchmark: Benchmark) -> Option<BenchmarkRecord> {
    let Benchmark { plan, windows, .. } = benchmark;
    let windows = windows?;
    let chunk_calls = windows.chunk_calls();
    let samples = windows.into_samples();
    let mut lengths: Vec<f64> = samples.iter().map(|sample| sample.window_ns).collect();
    sort::numbers(&mut lengths);
    let window_ns = *lengths.get(lengths.len() / 2)?;
    let launch = LaunchRecord {
        launch: 0,
        steady: true,
        samples,
        ..LaunchRecord::default()
    };
    Some(BenchmarkRecord {
        id: plan.info.id,
        mode: plan.info.mode,
        axis: plan.info.axis,
        workers: plan.info.workers,
        threads_per_process: plan.info.threads_per_process,
        location: plan.info.location,
        parameters: plan.info.parameters,
        work: plan.info.work,
        group: None,
        threads: plan.threads,
        reference_only: plan.info.reference_only,
        expectations: plan.info.expectations,
        status: Status::Ok,
        failure: None,
        window_ns,
        chunk_calls,
        load: None,
        launches: vec![launch],
    })
}

fn run(target: TargetName<'_>, setting: &Setting, benchmarks: Vec<BenchmarkRecord>) -> Run {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let started_unix_s = now.map_or(0, |since| since.as_secs());
    let session = session();
    let samples = benchmarks.iter().flat_map(|each| &each.launches[0].samples);
    let rounds = samples.map(|sample| sample.round + 1).max().unwrap_or(0);
    let mut plan = planner::plan(&setting.options, &setting.host, Vec::new(), Vec::new()).plan;
    (plan.launches, plan.rounds, plan.in_process) = (1, rounds, true);
    let nulls = nulls(setting, &benchmarks);
    Run {
        schema: Schema::run(),
        estimator: ESTIMATOR,
        id: run_id(started_unix_s, &session, target.name),
        session,
        target: target.name.to_owned(),
        package: target.package.map(str::to_owned),
        started_unix_s,
        revision: revision::current(),
        plan,
        host: setting.host.clone(),
        warnings: vec![WARNING.to_owned()],
        benchmarks,
        nulls,
        compared: None,
    }
}

/// What the machine allows at the thread counts of the benchmarks. A null that fails is only missing.
fn nulls(setting: &Setting, benchmarks: &[BenchmarkRecord]) -> Vec<BenchmarkRecord> {
    let mut threads: Vec<u32> = benchmarks
        .iter()
        .flat_map(|each| &each.threads)
        .copied()
        .filter(|&count| count <= setting.host.cpus)
        .chain([1])
        .collect();
    sort::distinct(&mut threads);
    let nulls = plain(all_nulls());
    let mut plans = planner::plan(&setting.options, &setting.host, nulls, Vec::new()).benchmarks;
    for plan in &mut plans {
        plan.threads.clone_from(&threads);
    }
    let benchmarks = plans.into_iter().map(|plan| Benchmark::new(plan, setting));
    benchmarks
        .filter_map(|null| record(measured_null(null).ok()?))
        .collect()
}

fn measured_null(mut null: Benchmark) -> Result<Benchmark, super::windows::Failed> {
    let mut windows = Windows::new(InProcess.spawn(0)?, &null)?;
    for threads in null.threads() {
        // The first window sizes the chunks.
        let once = windows.time(threads, 1)?;
        let mut iterations = NULL_WINDOW_NS / once.as_nanos() as f64;
        for _ in 0..NULL_WINDOWS {
            let took = windows.time(threads, iterations.max(3.0) as u64)?;
            iterations *= NULL_WINDOW_NS / took.as_nanos() as f64;
        }
    }
    windows.end();
    null.windows = Some(windows);
    Ok(null)
}

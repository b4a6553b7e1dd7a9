//! From the rows of a file to the record of a run that was measured elsewhere.

use scalebench_model::data::{
    Axis, BenchmarkRecord, ESTIMATOR, Host, LaunchRecord, Location, Mode, Plan, Preset, Run,
    Sample, Schema, Status,
};

use super::rows::{Row, Rows, Table};

/// The record of a run; `name` is where its figures come from.
pub(super) fn run(table: Table, name: &str) -> Run {
    let mode = table.mode;
    let warnings = (table.block > 1).then(|| {
        format!(
            "There are so many rows that up to {} rounds each were taken together, by their medians.",
            table.block
        )
    });
    let benchmarks: Vec<BenchmarkRecord> = table
        .benchmarks
        .into_iter()
        .map(|(id, rows)| record(id, mode, rows))
        .collect();
    Run {
        schema: Schema::run(),
        estimator: ESTIMATOR,
        id: name.to_owned(),
        session: name.to_owned(),
        target: name.to_owned(),
        package: None,
        started_unix_s: 0,
        revision: None,
        plan: Plan {
            preset: Preset::External,
            launches: most(benchmarks.iter().map(|b| b.launches.len())),
            rounds: most(benchmarks.iter().flat_map(|b| &b.launches).map(rounds)),
            max_time_ns: 0.0,
            seed: 0,
            pinned: false,
            in_process: false,
        },
        host: Host::default(),
        warnings: warnings.into_iter().collect(),
        benchmarks,
        nulls: Vec::new(),
        compared: None,
    }
}

fn most(counts: impl Iterator<Item = usize>) -> u32 {
    u32::try_from(counts.max().unwrap_or(0)).unwrap_or(u32::MAX)
}

fn rounds(launch: &LaunchRecord) -> usize {
    launch.samples.chunk_by(|a, b| a.round == b.round).count()
}

fn record(id: String, mode: Mode, rows: Rows) -> BenchmarkRecord {
    let sample = |row: &Row| Sample::from_latency(mode, row.round, row.threads, row.latency_ns);
    let launches: Vec<LaunchRecord> = rows
        .launches
        .into_iter()
        .map(|(launch, rows)| LaunchRecord {
            launch,
            samples: rows.iter().map(sample).collect(),
            ..LaunchRecord::default()
        })
        .collect();
    let mut threads: Vec<u32> = launches
        .iter()
        .flat_map(|launch| &launch.samples)
        .map(|sample| sample.threads)
        .collect();
    threads.sort_unstable();
    threads.dedup();
    BenchmarkRecord {
        id,
        mode,
        axis: Axis::Threads,
        workers: None,
        threads_per_process: None,
        location: Location::default(),
        parameters: Vec::new(),
        work: None,
        group: None,
        threads,
        reference_only: false,
        expectations: Vec::new(),
        status: Status::Ok,
        failure: None,
        window_ns: 0.0,
        chunk_calls: 0,
        load: None,
        launches,
    }
}

//! From what was found to a run record.

use std::collections::BTreeMap;
use std::time::{SystemTime, UNIX_EPOCH};

use scalebench_model::data::{
    Axis, BenchmarkRecord, ESTIMATOR, Host, LaunchRecord, Location, Mode, Parameter, Plan, Preset,
    Run, Sample, Schema, Status, Work,
};
use scalebench_store::run_id;

/// One observation of one benchmark at one thread count.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Observation {
    /// Which benchmark.
    pub(super) id: String,
    /// Its parameters; those of the first observation stand.
    pub(super) parameters: Vec<Parameter>,
    /// What one call gets done, where stated.
    pub(super) work: Option<Work>,
    /// Thread count N.
    pub(super) threads: u32,
    /// Which process, from 0.
    pub(super) launch: u32,
    /// Which measurement of that process, from 0.
    pub(super) round: u32,
    /// Time per call while N threads call, ns; positive and finite.
    pub(super) latency_ns: f64,
    /// How long was measured for it, ns, where known: the weight of the observation.
    pub(super) window_ns: Option<f64>,
}

/// What one tool left behind.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Which tool, as it calls itself.
    pub(super) tool: &'static str,
    /// Everything usable.
    pub(super) observations: Vec<Observation>,
    /// What the reader of the report should know about the figures, a sentence each.
    pub(super) notes: Vec<String>,
    /// What was passed over and why, a sentence each.
    pub(super) problems: Vec<String>,
    /// CPUs of the machine that measured, where known.
    pub(super) cpus: Option<u32>,
}

impl Found {
    /// The run record.
    pub(super) fn into_run(self, mode: Mode) -> Run {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        let started_unix_s = now.map_or(0, |since| since.as_secs());
        let session = format!("import-{}", std::process::id());
        let mut ids: BTreeMap<String, Vec<Observation>> = BTreeMap::new();
        for observation in self.observations {
            ids.entry(observation.id.clone())
                .or_default()
                .push(observation);
        }
        let benchmarks: Vec<BenchmarkRecord> = ids
            .into_iter()
            .map(|(id, of_id)| benchmark(id, mode, of_id))
            .collect();
        Run {
            schema: Schema::run(),
            estimator: ESTIMATOR,
            id: run_id(started_unix_s, &session, self.tool),
            session,
            target: self.tool.to_owned(),
            package: None,
            started_unix_s,
            revision: None,
            plan: plan(&benchmarks),
            host: Host {
                cpus: self.cpus.unwrap_or(0),
                ..Host::default()
            },
            warnings: self.notes,
            benchmarks,
            nulls: Vec::new(),
            compared: None,
        }
    }
}

fn plan(benchmarks: &[BenchmarkRecord]) -> Plan {
    let launches = benchmarks
        .iter()
        .map(|each| each.launches.len())
        .max()
        .unwrap_or(0);
    let rounds = benchmarks
        .iter()
        .flat_map(|each| each.launches.iter().flat_map(|launch| &launch.samples))
        .map(|sample| sample.round + 1)
        .max();
    Plan {
        preset: Preset::External,
        launches: u32::try_from(launches).unwrap_or(u32::MAX),
        rounds: rounds.unwrap_or(0),
        max_time_ns: 0.0,
        seed: 0,
        pinned: false,
        in_process: false,
    }
}

fn benchmark(id: String, mode: Mode, observations: Vec<Observation>) -> BenchmarkRecord {
    let mut threads: Vec<u32> = observations.iter().map(|each| each.threads).collect();
    threads.sort_unstable();
    threads.dedup();
    // Weights mean something only where every observation has one.
    let windows: Option<Vec<f64>> = observations.iter().map(|each| each.window_ns).collect();
    let window_ns = windows.filter(|all| !all.is_empty()).map(median);
    let first = observations.first();
    let parameters = first
        .map(|each| each.parameters.clone())
        .unwrap_or_default();
    let work = first.and_then(|each| each.work);
    let mut launches: BTreeMap<u32, Vec<Sample>> = BTreeMap::new();
    for observation in &observations {
        let sample = sample(mode, observation, window_ns.is_some());
        launches.entry(observation.launch).or_default().push(sample);
    }
    let launches = launches
        .into_iter()
        .map(|(launch, samples)| LaunchRecord {
            launch,
            samples,
            ..LaunchRecord::default()
        })
        .collect();
    BenchmarkRecord {
        id,
        mode,
        axis: Axis::Threads,
        workers: None,
        threads_per_process: None,
        location: Location::default(),
        parameters,
        work,
        group: None,
        threads,
        reference_only: false,
        expectations: Vec::new(),
        status: Status::Ok,
        failure: None,
        window_ns: window_ns.unwrap_or(0.0),
        chunk_calls: 0,
        load: None,
        launches,
    }
}

/// As [`Sample::from_latency`], and as long as what was measured where that is known.
fn sample(mode: Mode, observation: &Observation, weighted: bool) -> Sample {
    let Observation {
        round,
        threads,
        latency_ns,
        ..
    } = *observation;
    let one_call = Sample::from_latency(mode, round, threads, latency_ns);
    let Some(window_ns) = observation.window_ns.filter(|_| weighted) else {
        return one_call;
    };
    let calls = one_call.calls * (window_ns / latency_ns);
    Sample {
        window_ns,
        calls,
        counted_ns: window_ns,
        counted_calls: calls,
        ..one_call
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values[values.len() / 2]
}

#[cfg(test)]
mod tests {
    use super::*;
    use scalebench_model::build;

    fn observation(
        threads: u32,
        round: u32,
        latency_ns: f64,
        window_ns: Option<f64>,
    ) -> Observation {
        Observation {
            id: "x".to_owned(),
            parameters: Vec::new(),
            work: None,
            threads,
            launch: 0,
            round,
            latency_ns,
            window_ns,
        }
    }

    fn latencies(observations: Vec<Observation>) -> Vec<f64> {
        let found = Found {
            observations,
            ..Found::default()
        };
        let report = build::report(&[found.into_run(Mode::Concurrent)], None);
        report.benchmarks[0]
            .points
            .iter()
            .map(|point| point.latency_ns.estimate)
            .collect()
    }

    #[test]
    fn latencies_come_back() {
        let found = [
            (1, 0, 100.0),
            (1, 1, 102.0),
            (1, 2, 104.0),
            (4, 0, 400.0),
            (4, 1, 404.0),
            (4, 2, 402.0),
        ];
        let plain = found.map(|(threads, round, ns)| observation(threads, round, ns, None));
        let back = latencies(plain.to_vec());
        assert!(
            (back[0] - 102.0).abs() < 1e-9 && (back[1] - 402.0).abs() < 1e-9,
            "{back:?}"
        );
    }

    #[test]
    fn longer_measurements_weigh_more() {
        let windows = [(100.0, 1e3), (200.0, 1e6), (300.0, 1e3)];
        let weighted = windows.map(|(ns, window)| observation(1, 0, ns, Some(window)));
        assert!((latencies(weighted.to_vec())[0] - 200.0).abs() < 1e-9);
    }
}

//! JMH results (`-rf json`).
//!
//! What a score is follows from its mode and unit. `thrpt` adds up the threads' operations per time: the latency is N
//! divided by it. `avgt`, `sample` and `ss` are times of an operation as one thread sees it, the mean over the threads:
//! the latency itself. Forks are launches, iterations are rounds.
//! Source: `org.openjdk.jmh.results` (`ThroughputResult` is summed over threads, `AverageTimeResult` averaged).

use std::path::Path;

use scalebench_model::data::Parameter;
use scalebench_store::{LARGEST, read_file};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::record::{Found, Observation};
use crate::exit::Failure;

#[derive(Deserialize)]
struct Benchmark {
    benchmark: String,
    mode: String,
    threads: i64,
    #[serde(default)]
    params: Map<String, Value>,
    #[serde(rename = "primaryMetric")]
    primary: Metric,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Metric {
    score: Value,
    score_unit: String,
    /// Scores by fork and iteration. Absent in mode `sample`.
    #[serde(default)]
    raw_data: Vec<Vec<Value>>,
}

/// Reads a result file.
///
/// # Errors
/// When it cannot be read, is not JMH's, or holds nothing usable.
pub(super) fn read(file: &Path) -> Result<Found, Failure> {
    let name = file.display();
    let text = read_file(file, LARGEST)
        .map_err(|error| Failure::files(format!("could not read `{name}`: {error}")))?;
    parse(&text, &name.to_string())
}

/// As [`read`], from the content of the file called `name`.
pub(super) fn parse(text: &[u8], name: &str) -> Result<Found, Failure> {
    let benchmarks: Vec<Benchmark> = serde_json::from_slice(text).map_err(|error| {
        Failure::usage(format!(
            "`{name}` is no result file of JMH (`-rf json`): {error}"
        ))
    })?;
    let mut found = Found {
        tool: "jmh",
        ..Found::default()
    };
    let one_mode = benchmarks
        .windows(2)
        .all(|pair| pair[0].mode == pair[1].mode);
    for benchmark in &benchmarks {
        match observations(benchmark, one_mode) {
            Ok(observations) => found.observations.extend(observations),
            Err(problem) => found
                .problems
                .push(format!("{}: {problem}", benchmark.benchmark)),
        }
    }
    if found.observations.is_empty() {
        let problems = found.problems.join("; ");
        return Err(Failure::usage(format!(
            "`{name}` holds no usable result. {problems}"
        )));
    }
    if benchmarks
        .iter()
        .any(|each| each.mode == "avgt" || each.mode == "sample")
    {
        found.notes.push(
            "JMH's modes avgt and sample average the threads' own times: where threads get unequal turns, as under an \
             unfair lock, that is not N divided by the throughput (mode thrpt is)."
                .to_owned(),
        );
    }
    Ok(found)
}

fn observations(benchmark: &Benchmark, one_mode: bool) -> Result<Vec<Observation>, String> {
    let threads = u32::try_from(benchmark.threads)
        .ok()
        .filter(|&threads| threads > 0);
    let threads = threads.ok_or_else(|| format!("{} threads", benchmark.threads))?;
    let unit = Unit::parse(&benchmark.primary.score_unit)?;
    let (id, parameters) = id(benchmark, one_mode);
    let single = [vec![benchmark.primary.score.clone()]];
    let scores = match benchmark.primary.raw_data.as_slice() {
        [] => single.as_slice(),
        raw => raw,
    };
    let mut observations = Vec::new();
    for (fork, launch) in scores.iter().zip(0..) {
        for (score, round) in fork.iter().zip(0..) {
            let latency_ns = score.as_f64().map(|score| unit.latency_ns(score, threads));
            let usable = latency_ns.filter(|latency| latency.is_finite() && *latency > 0.0);
            observations.push(Observation {
                id: id.clone(),
                parameters: parameters.clone(),
                work: None,
                threads,
                launch,
                round,
                latency_ns: usable
                    .ok_or_else(|| format!("a score of {score} at {threads} threads"))?,
                window_ns: None,
            });
        }
    }
    Ok(observations)
}

/// The benchmark's name and parameters; the mode where the file has several.
fn id(benchmark: &Benchmark, one_mode: bool) -> (String, Vec<Parameter>) {
    let text = |value: &Value| {
        value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned)
    };
    let parameters: Vec<Parameter> = benchmark
        .params
        .iter()
        .map(|(name, value)| Parameter {
            name: name.clone(),
            value: text(value),
        })
        .collect();
    let mut id = benchmark.benchmark.clone();
    if !one_mode {
        id.push_str(&format!(" ({})", benchmark.mode));
    }
    for Parameter { name, value } in &parameters {
        id.push_str(&format!("/{name}={value}"));
    }
    (id, parameters)
}

/// What a score counts: `ops/us` or `us/op`.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Unit {
    /// Operations of all threads in so many ns.
    Throughput(f64),
    /// So many ns for one operation of one thread.
    Time(f64),
}

impl Unit {
    fn parse(text: &str) -> Result<Self, String> {
        let ns = |unit: &str| {
            let known = [
                ("ns", 1.0),
                ("us", 1e3),
                ("ms", 1e6),
                ("s", 1e9),
                ("min", 6e10),
                ("hr", 3.6e12),
                ("day", 8.64e13),
            ];
            known
                .iter()
                .find(|(name, _)| *name == unit)
                .map(|(_, ns)| *ns)
        };
        let parsed = match text.split_once('/') {
            Some(("ops", unit)) => ns(unit).map(Self::Throughput),
            Some((unit, "op")) => ns(unit).map(Self::Time),
            _ => None,
        };
        parsed.ok_or_else(|| {
            format!("the unit `{text}` is neither operations per time nor time per operation")
        })
    }

    fn latency_ns(self, score: f64, threads: u32) -> f64 {
        match self {
            Self::Throughput(ns) => f64::from(threads) * ns / score,
            Self::Time(ns) => score * ns,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn read_text(text: &str) -> Result<Found, Failure> {
        let file = tempfile::NamedTempFile::new().expect("a file");
        fs::write(file.path(), text).expect("writable");
        read(file.path())
    }

    fn result(mode: &str, threads: &str, unit: &str, raw: &str) -> String {
        format!(
            r#"{{"jmhVersion":"1.37","benchmark":"org.sample.Map.put","mode":"{mode}","threads":{threads},"forks":2,
            "params":{{"size":"64"}},"primaryMetric":{{"score":2.0,"scoreError":"NaN","scoreUnit":"{unit}"{raw}}}}}"#
        )
    }

    #[test]
    fn throughput_is_of_all_threads_and_time_of_one() {
        let raw = r#","rawData":[[4.0,5.0],[8.0]]"#;
        let text = format!("[{}]", result("thrpt", "4", "ops/us", raw));
        let found = read_text(&text).expect("readable");
        let figures: Vec<_> = found
            .observations
            .iter()
            .map(|o| (o.launch, o.round, o.latency_ns))
            .collect();
        assert_eq!(figures, [(0, 0, 1000.0), (0, 1, 800.0), (1, 0, 500.0)]);
        assert_eq!(found.observations[0].id, "org.sample.Map.put/size=64");
        let text = format!("[{}]", result("avgt", "4", "us/op", raw));
        assert_eq!(
            read_text(&text).expect("readable").observations[0].latency_ns,
            4000.0
        );
    }

    #[test]
    fn without_raw_data_the_score_stands() {
        let text = format!("[{}]", result("sample", "2", "ms/op", ""));
        let found = read_text(&text).expect("readable");
        assert_eq!(found.observations.len(), 1);
        assert_eq!(found.observations[0].latency_ns, 2e6);
    }

    #[test]
    fn several_modes_are_several_benchmarks() {
        let both = format!(
            "[{},{}]",
            result("thrpt", "1", "ops/s", ""),
            result("avgt", "1", "s/op", "")
        );
        let found = read_text(&both).expect("readable");
        assert_eq!(
            found.observations[0].id,
            "org.sample.Map.put (thrpt)/size=64"
        );
        assert_eq!(
            found.observations[1].id,
            "org.sample.Map.put (avgt)/size=64"
        );
    }

    #[test]
    fn bad_input_is_named() {
        let one = |mode: &str, threads: &str, unit: &str, raw: &str| {
            format!("[{}]", result(mode, threads, unit, raw))
        };
        for (text, part) in [
            (String::new(), "no result file of JMH"),
            ("{}".to_owned(), "no result file of JMH"),
            (
                r#"{"context":{},"benchmarks":[]}"#.to_owned(),
                "no result file of JMH",
            ),
            ("[]".to_owned(), "no usable result"),
            (one("thrpt", "0", "ops/s", ""), "0 threads"),
            (one("thrpt", "-3", "ops/s", ""), "-3 threads"),
            (one("thrpt", "1", "MB/sec", ""), "the unit `MB/sec`"),
            (
                one("thrpt", "1", "ops/s", r#","rawData":[["NaN"]]"#),
                "a score of \"NaN\"",
            ),
            (
                one("thrpt", "1", "ops/s", r#","rawData":[[0]]"#),
                "a score of 0",
            ),
        ] {
            let error = read_text(&text)
                .map(|_| ())
                .expect_err("must be refused")
                .to_string();
            assert!(error.contains(part), "{text}: {error}");
        }
    }
}

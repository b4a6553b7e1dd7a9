//! Google Benchmark results (`--benchmark_format=json`).
//!
//! Since 1.9.0 `real_time` is the threads' time divided by all their iterations: the time of a call. Before, it was that
//! divided once more by the threads. Source: google/benchmark pull request 1836 (August 2024) and
//! `src/benchmark_runner.cc` of the tags v1.8.5 and v1.9.0. The file names the version since 1.8.4.

use std::collections::BTreeSet;
use std::path::Path;

use scalebench_store::{LARGEST, read_file};
use serde::Deserialize;

use super::options::RealTime;
use super::record::{Found, Observation};
use crate::exit::Failure;

#[derive(Deserialize)]
struct File {
    context: Context,
    benchmarks: Vec<Benchmark>,
}

#[derive(Deserialize)]
struct Context {
    library_version: Option<String>,
    num_cpus: Option<u32>,
}

#[derive(Deserialize)]
struct Benchmark {
    name: String,
    run_name: Option<String>,
    #[serde(default)]
    run_type: String,
    #[serde(default)]
    repetition_index: u32,
    threads: Option<u32>,
    #[serde(default)]
    aggregate_name: String,
    #[serde(default)]
    error_occurred: bool,
    #[serde(default)]
    skipped: bool,
    #[serde(default)]
    error_message: String,
    real_time: Option<f64>,
    time_unit: Option<String>,
}

/// Reads a result file. `told` is what the user says of `real_time`, which goes before what the file says.
///
/// # Errors
/// When it cannot be read, is not Google Benchmark's, holds nothing usable, or does not say what its times are.
pub(super) fn read(file: &Path, told: Option<RealTime>) -> Result<Found, Failure> {
    let name = file.display();
    let text = read_file(file, LARGEST)
        .map_err(|error| Failure::files(format!("could not read `{name}`: {error}")))?;
    parse(&text, &name.to_string(), told)
}

/// As [`read`], from the content of the file called `name`.
pub(super) fn parse(text: &[u8], name: &str, told: Option<RealTime>) -> Result<Found, Failure> {
    let parsed: File = serde_json::from_slice(text).map_err(|error| {
        Failure::usage(format!(
            "`{name}` is no result file of Google Benchmark (`--benchmark_format=json`): {error}"
        ))
    })?;
    let threaded = parsed
        .benchmarks
        .iter()
        .any(|each| threads(each) != Some(1));
    let real_time = match told.or_else(|| by_version(parsed.context.library_version.as_deref())) {
        Some(known) => known,
        None if !threaded => RealTime::Call,
        None => return Err(unknown_version(&parsed.context)),
    };
    let mut found = Found {
        tool: "google-benchmark",
        cpus: parsed.context.num_cpus,
        ..Found::default()
    };
    for benchmark in chosen(&parsed.benchmarks) {
        match observation(benchmark, real_time) {
            Ok(observation) => found.observations.push(observation),
            Err(problem) => found
                .problems
                .push(format!("{}: {problem}", benchmark.name)),
        }
    }
    if found.observations.is_empty() {
        let problems = found.problems.join("; ");
        return Err(Failure::usage(format!(
            "`{name}` holds no usable result. {problems}"
        )));
    }
    found.notes.push(note(real_time));
    Ok(found)
}

fn note(real_time: RealTime) -> String {
    match real_time {
        RealTime::Call => "Imported from Google Benchmark: real_time is taken as the time of a call (1.9.0 and later).",
        RealTime::Divided => {
            "Imported from Google Benchmark: real_time is taken as the time of a call divided by the threads (before \
             1.9.0)."
        }
    }
    .to_owned()
}

/// What `real_time` is in the version that wrote the file; `None` when it names none that makes sense.
fn by_version(version: Option<&str>) -> Option<RealTime> {
    // Before 1.8.4 the field was not written.
    let Some(version) = version else {
        return Some(RealTime::Divided);
    };
    let mut numbers = version.trim_start_matches('v').split(['.', '-', '+']);
    let mut number = || numbers.next()?.parse::<u32>().ok();
    match (number()?, number()?) {
        // Built from a source without tags.
        (0, 0) => None,
        version if version >= (1, 9) => Some(RealTime::Call),
        _ => Some(RealTime::Divided),
    }
}

fn unknown_version(context: &Context) -> Failure {
    let version = context.library_version.as_deref().unwrap_or("");
    Failure::usage(format!(
        "the file does not say which Google Benchmark wrote it (library_version `{version}`), and real_time changed in \
         1.9.0: add --real-time call (1.9.0 and later) or --real-time divided (before)"
    ))
}

/// Measurements; where a benchmark has none, its median.
fn chosen(benchmarks: &[Benchmark]) -> impl Iterator<Item = &Benchmark> {
    let measured: BTreeSet<&str> = benchmarks
        .iter()
        .filter(|each| each.run_type != "aggregate")
        .map(run_name)
        .collect();
    benchmarks.iter().filter(move |each| {
        let median = each.aggregate_name == "median" && !measured.contains(run_name(each));
        each.run_type != "aggregate" || median
    })
}

fn run_name(benchmark: &Benchmark) -> &str {
    benchmark.run_name.as_deref().unwrap_or(&benchmark.name)
}

/// From the field, or from `/threads:N` in the name, as older versions have it.
fn threads(benchmark: &Benchmark) -> Option<u32> {
    let in_name = || {
        let part = run_name(benchmark)
            .split('/')
            .find_map(|part| part.strip_prefix("threads:"));
        part.map_or(Some(1), |count| count.parse().ok())
    };
    benchmark
        .threads
        .or_else(in_name)
        .filter(|&threads| threads > 0)
}

fn observation(benchmark: &Benchmark, real_time: RealTime) -> Result<Observation, String> {
    if benchmark.error_occurred || benchmark.skipped {
        return Err(format!("it was not measured: {}", benchmark.error_message));
    }
    let threads = threads(benchmark).ok_or("its thread count makes no sense")?;
    let unit = match benchmark.time_unit.as_deref() {
        Some("ns") => 1.0,
        Some("us") => 1e3,
        Some("ms") => 1e6,
        Some("s") => 1e9,
        other => {
            return Err(format!(
                "the time unit {other:?} is none of ns, us, ms and s"
            ));
        }
    };
    let factor = match real_time {
        RealTime::Call => unit,
        RealTime::Divided => unit * f64::from(threads),
    };
    let latency_ns = benchmark.real_time.map(|time| time * factor);
    let latency_ns = latency_ns
        .filter(|latency| latency.is_finite() && *latency > 0.0)
        .ok_or_else(|| format!("a real_time of {:?}", benchmark.real_time))?;
    let parts = run_name(benchmark).split('/');
    let id: Vec<&str> = parts.filter(|part| !part.starts_with("threads:")).collect();
    Ok(Observation {
        id: id.join("/"),
        parameters: Vec::new(),
        work: None,
        threads,
        launch: 0,
        round: benchmark.repetition_index,
        latency_ns,
        window_ns: None,
    })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn read_text(text: &str, told: Option<RealTime>) -> Result<Found, Failure> {
        let file = tempfile::NamedTempFile::new().expect("a file");
        fs::write(file.path(), text).expect("writable");
        read(file.path(), told)
    }

    fn file(version: &str, benchmarks: &[&str]) -> String {
        format!(
            r#"{{"context":{{"num_cpus":8{version}}},"benchmarks":[{}]}}"#,
            benchmarks.join(",")
        )
    }

    const FOUR: &str = r#"{"name":"BM_put/64/threads:4","run_name":"BM_put/64/threads:4","run_type":"iteration",
        "repetitions":1,"repetition_index":0,"threads":4,"iterations":400,"real_time":5.0,"cpu_time":5.0,"time_unit":"us"}"#;

    fn latency(version: &str, told: Option<RealTime>) -> f64 {
        let found = read_text(&file(version, &[FOUR]), told).expect("readable");
        assert_eq!(
            (found.observations[0].id.as_str(), found.cpus),
            ("BM_put/64", Some(8))
        );
        found.observations[0].latency_ns
    }

    #[test]
    fn real_time_is_what_it_was_in_that_version() {
        assert_eq!(latency(r#","library_version":"v1.9.5""#, None), 5e3);
        assert_eq!(
            latency(r#","library_version":"1.9.0-3-gabcdef""#, None),
            5e3
        );
        assert_eq!(latency(r#","library_version":"v1.8.5""#, None), 20e3);
        assert_eq!(latency("", None), 20e3);
        assert_eq!(latency("", Some(RealTime::Call)), 5e3);
    }

    #[test]
    fn an_unknown_version_must_be_told() {
        for version in [r#","library_version":"""#, r#","library_version":"v0.0.0""#] {
            let error = read_text(&file(version, &[FOUR]), None).map(|_| ());
            let error = error.expect_err("ambiguous").to_string();
            assert!(error.contains("--real-time"), "{error}");
            assert_eq!(latency(version, Some(RealTime::Divided)), 20e3);
        }
    }

    #[test]
    fn aggregates_count_only_alone() {
        let median = FOUR
            .replace(
                r#""run_type":"iteration""#,
                r#""run_type":"aggregate","aggregate_name":"median""#,
            )
            .replace("5.0", "6.0");
        let mean = median
            .replace(r#""median""#, r#""mean""#)
            .replace("6.0", "9.0");
        let version = r#","library_version":"v1.9.5""#;
        let all = read_text(&file(version, &[FOUR, &median, &mean]), None).expect("readable");
        assert_eq!(
            all.observations
                .iter()
                .map(|o| o.latency_ns)
                .collect::<Vec<_>>(),
            [5e3]
        );
        let alone = read_text(&file(version, &[&median, &mean]), None).expect("readable");
        assert_eq!(
            alone
                .observations
                .iter()
                .map(|o| o.latency_ns)
                .collect::<Vec<_>>(),
            [6e3]
        );
    }

    #[test]
    fn bad_input_is_named() {
        let version = r#","library_version":"v1.9.5""#;
        let with = |from: &str, to: &str| file(version, &[&FOUR.replace(from, to)]);
        for (text, part) in [
            (String::new(), "no result file of Google Benchmark"),
            ("[]".to_owned(), "no result file of Google Benchmark"),
            (file(version, &[]), "no usable result"),
            (with(r#""us""#, r#""fortnights""#), "fortnights"),
            (with("5.0", "-1"), "a real_time of"),
            (with("5.0", "0"), "a real_time of"),
            (with(r#""threads":4"#, r#""threads":0"#), "thread count"),
            (
                with(
                    r#""threads":4"#,
                    r#""threads":4,"error_occurred":true,"error_message":"no disk""#,
                ),
                "no disk",
            ),
        ] {
            let error = read_text(&text, None)
                .map(|_| ())
                .expect_err("must be refused")
                .to_string();
            assert!(error.contains(part), "{text}: {error}");
        }
    }
}

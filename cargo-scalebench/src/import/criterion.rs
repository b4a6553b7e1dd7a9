//! The result folders of criterion: `GROUP/…/new/{benchmark,sample}.json`.
//!
//! `sample.json` holds, for each of criterion's samples, how many iterations it was and how long they took together, ns.
//! What an iteration is only the author of the sweep knows (`--iterations`).

use std::fs;
use std::path::{Path, PathBuf};

use scalebench_model::data::Work;
use scalebench_store::{LARGEST, read_file};
use serde_json::Value;

use super::options::{Iterations, Options};
use super::record::{Found, Observation};
use crate::exit::Failure;
use crate::target;

/// Folders below one another; criterion itself makes four.
const MOST_DEPTH: usize = 12;

/// Ids that are named when none of them has a thread count.
const SHOWN_IDS: usize = 3;

/// Reads everything below `folder` whose id fits the pattern.
///
/// # Errors
/// When there is nothing to read, or no id has a thread count.
pub(super) fn read(folder: Option<PathBuf>, options: &Options) -> Result<Found, Failure> {
    let folder = match folder {
        Some(folder) => folder,
        None => default_folder()?,
    };
    if !folder.is_dir() {
        return Err(Failure::files(format!(
            "there is no folder `{}`; `cargo bench` of a criterion benchmark makes one, or name another",
            folder.display()
        )));
    }
    let mut found = Found {
        tool: "criterion",
        ..Found::default()
    };
    let mut results = Vec::new();
    find(
        &folder,
        &options.baseline,
        0,
        &mut results,
        &mut found.problems,
    );
    let mut other_ids = Vec::new();
    for result in &results {
        let content =
            |name: &str| read_file(&result.join(name), LARGEST).map_err(|error| error.to_string());
        match read_result(content, options) {
            Ok(Read::Sweep(observations)) => found.observations.extend(observations),
            Ok(Read::Other(id)) => other_ids.push(id),
            Err(problem) => {
                found
                    .problems
                    .push(format!("`{}` is not usable: {problem}", result.display()));
            }
        }
    }
    if found.observations.is_empty() {
        return Err(nothing(&folder, options, &other_ids, &found.problems));
    }
    found.notes.push(note(options.iterations));
    Ok(found)
}

fn default_folder() -> Result<PathBuf, Failure> {
    match std::env::var_os("CRITERION_HOME").filter(|home| !home.is_empty()) {
        Some(home) => Ok(home.into()),
        None => Ok(target::folder()?.join("criterion")),
    }
}

fn note(iterations: Iterations) -> String {
    match iterations {
        Iterations::Each => {
            "Imported from criterion: each thread is taken to make every iteration, so that the time of one is the \
             time of a call (`--iterations shared` if the threads share them)."
        }
        Iterations::Shared => {
            "Imported from criterion: the threads are taken to share the iterations, so that the time of a call is \
             that of an iteration times the threads."
        }
    }
    .to_owned()
}

fn nothing(folder: &Path, options: &Options, other_ids: &[String], problems: &[String]) -> Failure {
    let folder = folder.display();
    if !other_ids.is_empty() {
        let ids: Vec<String> = other_ids
            .iter()
            .take(SHOWN_IDS)
            .map(|id| format!("`{id}`"))
            .collect();
        return Failure::usage(format!(
            "no id in `{folder}` looks like `{}`; there are {} such as {}. Say with --pattern where the thread count \
             stands, for example --pattern '{{name}}/{{threads}}'",
            options.pattern.text(),
            other_ids.len(),
            ids.join(", ")
        ));
    }
    match problems {
        [] => Failure::files(format!(
            "`{folder}` holds no criterion results (`…/{}/benchmark.json`)",
            options.baseline
        )),
        problems => Failure::files(format!(
            "nothing in `{folder}` is usable: {}",
            problems.join("; ")
        )),
    }
}

/// Finds the folders called `baseline` that hold results, in order of their names.
fn find(
    folder: &Path,
    baseline: &str,
    depth: usize,
    results: &mut Vec<PathBuf>,
    problems: &mut Vec<String>,
) {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => {
            problems.push(format!("could not read `{}`: {error}", folder.display()));
            return;
        }
    };
    let folders = entries
        .flatten()
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
    let mut folders: Vec<PathBuf> = folders.map(|entry| entry.path()).collect();
    folders.sort_unstable();
    for inner in folders {
        // A benchmark may be called like a baseline; results are where criterion's files are.
        let holds = inner.join("benchmark.json").exists() || inner.join("sample.json").exists();
        if holds && inner.file_name().is_some_and(|name| name == baseline) {
            results.push(inner);
        } else if depth < MOST_DEPTH {
            find(&inner, baseline, depth + 1, results, problems);
        }
    }
}

/// What one folder holds.
pub(super) enum Read {
    Sweep(Vec<Observation>),
    /// A benchmark without a thread count, by its id.
    Other(String),
}

/// Reads one folder; `content` gives a file of it by its name.
///
/// # Errors
/// With what is wrong with which file.
pub(super) fn read_result(
    content: impl Fn(&str) -> Result<Vec<u8>, String>,
    options: &Options,
) -> Result<Read, String> {
    let json = |name: &str| -> Result<Value, String> {
        let text = content(name).map_err(|error| format!("{name}: {error}"))?;
        serde_json::from_slice(&text).map_err(|error| format!("{name} is damaged: {error}"))
    };
    let benchmark = json("benchmark.json")?;
    let id = benchmark["full_id"]
        .as_str()
        .ok_or("benchmark.json has no `full_id`")?;
    let Some(matched) = options.pattern.matches(id) else {
        return Ok(Read::Other(id.to_owned()));
    };
    let sample = json("sample.json")?;
    let column = |name: &str| {
        let values = sample[name].as_array();
        let values: Option<Vec<f64>> =
            values.and_then(|values| values.iter().map(Value::as_f64).collect());
        values.ok_or_else(|| format!("sample.json has no `{name}`"))
    };
    let (iterations, times) = (column("iters")?, column("times")?);
    if iterations.len() != times.len() || times.is_empty() {
        return Err("sample.json has not as many `times` as `iters`".to_owned());
    }
    let factor = match options.iterations {
        Iterations::Each => 1.0,
        Iterations::Shared => f64::from(matched.threads),
    };
    let observations =
        iterations
            .iter()
            .zip(&times)
            .zip(0..)
            .map(|((&iterations, &time), round)| {
                let latency_ns = factor * time / iterations;
                let usable =
                    time > 0.0 && iterations > 0.0 && latency_ns.is_finite() && latency_ns > 0.0;
                usable.then(|| Observation {
                    id: matched.name.clone(),
                    parameters: Vec::new(),
                    work: work(&benchmark["throughput"]),
                    threads: matched.threads,
                    launch: 0,
                    round,
                    latency_ns,
                    window_ns: Some(time),
                })
            });
    let observations: Option<Vec<Observation>> = observations.collect();
    observations
        .map(Read::Sweep)
        .ok_or_else(|| "sample.json has a time that is none".to_owned())
}

/// criterion writes `{"Elements": 5}`, `{"Bytes": 5}` or null.
fn work(throughput: &Value) -> Option<Work> {
    let amount = |unit: &str| {
        throughput
            .get(unit)?
            .as_f64()
            .filter(|amount| *amount > 0.0)
    };
    amount("Elements").map(Work::Items).or_else(|| {
        amount("Bytes")
            .or_else(|| amount("BytesDecimal"))
            .map(Work::Bytes)
    })
}

#[cfg(test)]
mod tests {
    use super::super::pattern::Pattern;
    use super::*;

    fn put(root: &Path, folder: &str, id: &str, sample: &str) {
        let folder = root.join(folder).join("new");
        fs::create_dir_all(&folder).expect("writable");
        let benchmark =
            format!(r#"{{"group_id":"g","full_id":"{id}","throughput":{{"Elements":7}}}}"#);
        fs::write(folder.join("benchmark.json"), benchmark).expect("writable");
        fs::write(folder.join("sample.json"), sample).expect("writable");
    }

    const SAMPLE: &str =
        r#"{"sampling_mode":"Linear","iters":[10.0,20.0],"times":[1000.0,2100.0]}"#;

    #[test]
    fn a_sweep_with_its_weights() {
        let root = tempfile::tempdir().expect("a folder");
        put(root.path(), "insert/threads/1", "insert/threads/1", SAMPLE);
        put(root.path(), "insert/threads/4", "insert/threads/4", SAMPLE);
        put(root.path(), "other", "other", SAMPLE);
        let found = read(Some(root.path().into()), &Options::default()).expect("readable");
        assert_eq!(found.problems, Vec::<String>::new());
        let figures: Vec<_> = found
            .observations
            .iter()
            .map(|each| {
                (
                    each.id.as_str(),
                    each.threads,
                    each.round,
                    each.latency_ns,
                    each.window_ns,
                )
            })
            .collect();
        let expected = [
            ("insert", 1, 0, 100.0, Some(1000.0)),
            ("insert", 1, 1, 105.0, Some(2100.0)),
            ("insert", 4, 0, 100.0, Some(1000.0)),
            ("insert", 4, 1, 105.0, Some(2100.0)),
        ];
        assert_eq!(figures, expected);
        assert_eq!(found.observations[0].work, Some(Work::Items(7.0)));
    }

    #[test]
    fn shared_iterations_are_a_thread_each() {
        let root = tempfile::tempdir().expect("a folder");
        put(root.path(), "x", "x/threads/4", SAMPLE);
        let options = Options {
            iterations: Iterations::Shared,
            ..Options::default()
        };
        let found = read(Some(root.path().into()), &options).expect("readable");
        assert_eq!(found.observations[0].latency_ns, 400.0);
    }

    #[test]
    fn half_written_folders_are_named_and_the_others_used() {
        let root = tempfile::tempdir().expect("a folder");
        put(root.path(), "a", "x/threads/1", SAMPLE);
        put(
            root.path(),
            "b",
            "x/threads/2",
            r#"{"sampling_mode":"Linear","iters":[10.0"#,
        );
        put(
            root.path(),
            "c",
            "x/threads/3",
            r#"{"iters":[10.0],"times":[]}"#,
        );
        put(
            root.path(),
            "d",
            "x/threads/4",
            r#"{"iters":[0],"times":[5]}"#,
        );
        put(root.path(), "e", "x/threads/5", "{}");
        put(root.path(), "f", "x/threads/6", SAMPLE);
        fs::remove_file(root.path().join("f/new/benchmark.json")).expect("removable");
        let found = read(Some(root.path().into()), &Options::default()).expect("readable");
        assert_eq!(found.observations.len(), 2);
        let parts = [
            "damaged",
            "as many",
            "is none",
            "no `iters`",
            "benchmark.json",
        ];
        assert_eq!(found.problems.len(), parts.len());
        for (problem, part) in found.problems.iter().zip(parts) {
            assert!(problem.contains(part), "{problem}");
        }
    }

    #[test]
    fn nothing_usable_says_what_to_do() {
        let root = tempfile::tempdir().expect("a folder");
        let error = |options: &Options| {
            read(Some(root.path().into()), options)
                .map(|_| ())
                .expect_err("nothing")
                .to_string()
        };
        assert!(error(&Options::default()).contains("holds no criterion results"));
        put(root.path(), "a", "insert/4", SAMPLE);
        let message = error(&Options::default());
        assert!(
            message.contains("`insert/4`") && message.contains("--pattern"),
            "{message}"
        );
        let pattern = Pattern::parse("{name}/{threads}").expect("valid");
        let options = Options {
            pattern,
            ..Options::default()
        };
        assert!(read(Some(root.path().into()), &options).is_ok());
        put(root.path(), "a", "insert/4", "");
        assert!(error(&options).contains("sample.json is damaged"));
        let gone = read(Some(root.path().join("gone")), &options).map(|_| ());
        assert!(
            gone.expect_err("no folder")
                .to_string()
                .contains("there is no folder")
        );
    }
}

//! Runs a harness as a user would and reads the figures it leaves.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Case and thread count.
pub type Key = (String, u32);

/// ns a call.
pub type Figures = BTreeMap<Key, f64>;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Harness {
    Scalebench,
    Divan,
    Criterion,
}

impl Harness {
    /// Runs the cases whose names contain one of `filters`.
    pub fn run(self, filters: &[&str]) -> Figures {
        match self {
            Self::Scalebench => scalebench(filters),
            Self::Divan => divan(filters),
            Self::Criterion => criterion(filters),
        }
    }
}

fn cargo_bench(target: &str, arguments: &[&str]) -> String {
    let output = Command::new("cargo")
        .args(["bench", "--quiet", "--bench", target, "--"])
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env("SCALEBENCH_SESSION", "comparisons")
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .expect("cargo bench");
    assert!(
        output.status.success(),
        "cargo bench --bench {target} failed"
    );
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("target"),
        PathBuf::from,
    )
}

fn json(path: &Path) -> serde_json::Value {
    let text =
        std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn scalebench(filters: &[&str]) -> Figures {
    cargo_bench("with_scalebench", filters);
    latencies("latency_ns")
}

/// What scalebench's latest run says by the wall clock alone, over all of its windows.
pub fn by_the_wall_clock() -> Figures {
    latencies("wall_latency_ns")
}

/// How long fixed arithmetic took on the CPUs in the windows that count of scalebench's latest run.
pub fn paces() -> Figures {
    points(&|point| point["pace_ns"].as_f64())
}

fn latencies(figure: &str) -> Figures {
    points(&|point| Some(point[figure]["estimate"].as_f64().expect("a number")))
}

fn points(figure: &dyn Fn(&serde_json::Value) -> Option<f64>) -> Figures {
    let report = json(&target().join("scalebench/report/report.json"));
    let mut figures = Figures::new();
    for benchmark in report["benchmarks"].as_array().expect("benchmarks") {
        let id = benchmark["id"].as_str().expect("an id");
        let name = id.rsplit("::").next().expect("a name");
        for point in benchmark["points"].as_array().expect("points") {
            let threads = point["threads"].as_u64().expect("threads") as u32;
            // What the report does not count is not a figure.
            if point["counted"] == true
                && let Some(figure) = figure(point)
            {
                figures.insert((name.to_owned(), threads), figure);
            }
        }
    }
    figures
}

/// divan prints a tree; the third column is the median.
fn divan(filters: &[&str]) -> Figures {
    let text = cargo_bench("with_divan", filters);
    let mut figures = Figures::new();
    let mut name = String::new();
    for line in text.lines() {
        let words: Vec<&str> = line
            .split_whitespace()
            .filter(|word| !["│", "├─", "╰─"].contains(word))
            .collect();
        let Some(first) = words.first() else { continue };
        match first
            .strip_prefix("t=")
            .and_then(|count| count.parse().ok())
        {
            Some(threads) if words.len() >= 7 => {
                figures.insert((name.clone(), threads), nanoseconds(words[5], words[6]));
            }
            Some(_) => {}
            // Without a thread count the figures stand beside the name.
            None if words.len() >= 7 => {
                figures.insert(((*first).to_owned(), 1), nanoseconds(words[5], words[6]));
            }
            None => name = (*first).to_owned(),
        }
    }
    figures
}

fn nanoseconds(number: &str, unit: &str) -> f64 {
    let factor = match unit {
        "ps" => 1e-3,
        "ns" => 1.0,
        "µs" => 1e3,
        "ms" => 1e6,
        _ => 1e9,
    };
    number.parse::<f64>().unwrap_or(f64::NAN) * factor
}

fn criterion(filters: &[&str]) -> Figures {
    // criterion's filter is a regular expression.
    cargo_bench("with_criterion", &[&filters.join("|"), "--noplot"]);
    let mut figures = Figures::new();
    for case in std::fs::read_dir(target().join("criterion"))
        .expect("target/criterion")
        .flatten()
    {
        for threads in [1, 2] {
            let path = case
                .path()
                .join(format!("threads_{threads}/new/estimates.json"));
            if path.exists() {
                let name = case.file_name().to_string_lossy().into_owned();
                figures.insert(
                    (name, threads),
                    json(&path)["median"]["point_estimate"]
                        .as_f64()
                        .expect("a number"),
                );
            }
        }
    }
    figures
}

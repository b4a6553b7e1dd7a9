//! Runs a harness as a user would and reads the figures it leaves.

use std::collections::BTreeMap;
use std::process::Stdio;

use crate::report::{Report, cargo_bench, json, target};

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

/// Runs a bench target and gives what it printed.
fn output_of(target: &str, arguments: &[&str]) -> String {
    let output = cargo_bench(target, arguments)
        .stderr(Stdio::inherit())
        .output()
        .expect("cargo bench");
    assert!(
        output.status.success(),
        "cargo bench --bench {target} failed"
    );
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn scalebench(filters: &[&str]) -> Figures {
    let report = Report::of("with_scalebench", filters, &[]);
    estimates(&report, "latency_ns")
}

/// What scalebench's latest run says by the wall clock alone, over all of its windows.
pub fn by_the_wall_clock() -> Figures {
    estimates(&Report::latest(), "wall_latency_ns")
}

/// How long fixed arithmetic took on the CPUs in the windows that count of scalebench's latest run.
pub fn paces() -> Figures {
    Report::latest().points(|point| point["pace_ns"].as_f64())
}

fn estimates(report: &Report, figure: &str) -> Figures {
    report.points(|point| Some(point[figure]["estimate"].as_f64().expect("a number")))
}

/// divan prints a tree; the third column is the median.
fn divan(filters: &[&str]) -> Figures {
    let text = output_of("with_divan", filters);
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
    output_of("with_criterion", &[&filters.join("|"), "--noplot"]);
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

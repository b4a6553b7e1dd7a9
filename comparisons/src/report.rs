//! Runs a bench target of this package under ScaleBench, as a user would, and reads the report that it leaves.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::Value;

use crate::peers::Key;

/// An estimate with its 95 % interval.
#[derive(Debug, Clone, Copy)]
pub struct Estimate {
    pub estimate: f64,
    pub lower: f64,
    pub upper: f64,
}

impl Estimate {
    fn of(value: &Value) -> Option<Self> {
        Some(Self {
            estimate: value["estimate"].as_f64()?,
            lower: value["lower"].as_f64()?,
            upper: value["upper"].as_f64()?,
        })
    }

    /// Half the interval, as a share of the estimate.
    pub fn half_width(&self) -> f64 {
        (self.upper - self.lower) / 2.0 / self.estimate
    }

    /// Whether a part of [lower, upper] lies in the interval.
    pub fn meets(&self, (lower, upper): (f64, f64)) -> bool {
        self.lower <= upper && lower <= self.upper
    }
}

/// What one run reports.
#[derive(Debug)]
pub struct Report(Value);

/// What the report says of a change against a baseline.
#[derive(Debug)]
pub struct Change {
    /// Above 1 is a faster single call.
    pub performance: Estimate,
    pub verdict: String,
}

impl Report {
    /// Runs `target` with `arguments`; `environment` reaches the benchmarks.
    pub fn of(target: &str, arguments: &[&str], environment: &[(&str, &str)]) -> Self {
        let mut command = cargo_bench(target, arguments);
        command
            .envs(environment.iter().copied())
            .stdout(Stdio::null());
        Self::left_by(&mut command)
    }

    /// Runs `command`, which is a bench target or starts one.
    pub fn left_by(command: &mut Command) -> Self {
        let status = command.status().expect("a bench target");
        assert!(status.success(), "{command:?} failed");
        Self::latest()
    }

    /// What ScaleBench's latest run left.
    pub fn latest() -> Self {
        Self(json(&target().join("scalebench/report/report.json")))
    }

    /// A figure of every point that takes part in the report's conclusions.
    pub fn points<T>(&self, figure: impl Fn(&Value) -> Option<T>) -> BTreeMap<Key, T> {
        let mut figures = BTreeMap::new();
        for benchmark in self.benchmarks() {
            for point in benchmark["points"].as_array().expect("points") {
                let threads = point["threads"].as_u64().expect("threads") as u32;
                // What the report does not count is not a figure.
                if point["counted"] == true
                    && let Some(figure) = figure(point)
                {
                    figures.insert((name(benchmark).to_owned(), threads), figure);
                }
            }
        }
        figures
    }

    /// Latencies, ns, with their intervals.
    pub fn latencies(&self) -> BTreeMap<Key, Estimate> {
        self.points(|point| Estimate::of(&point["latency_ns"]))
    }

    /// Efficiencies, 1 is 100 %, with their intervals.
    pub fn efficiencies(&self) -> BTreeMap<Key, Estimate> {
        self.points(|point| Estimate::of(&point["efficiency"]))
    }

    /// What changed in the benchmark of this name.
    pub fn change(&self, wanted: &str) -> Option<Change> {
        let benchmark = self.benchmarks().find(|each| name(each) == wanted)?;
        let change = &benchmark["change"];
        Some(Change {
            performance: Estimate::of(&change["performance"])?,
            verdict: change["performance_verdict"].as_str()?.to_owned(),
        })
    }

    fn benchmarks(&self) -> impl Iterator<Item = &Value> {
        self.0["benchmarks"].as_array().expect("benchmarks").iter()
    }
}

fn name(benchmark: &Value) -> &str {
    let id = benchmark["id"].as_str().expect("an id");
    id.rsplit("::").next().expect("a name")
}

/// `cargo bench` of a target, as a session of its own: a report holds all runs of a session.
pub fn cargo_bench(target: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new("cargo");
    command
        .args(["bench", "--quiet", "--bench", target, "--"])
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env("SCALEBENCH_SESSION", session())
        .stdin(Stdio::null());
    command
}

/// A name that no run had before.
pub fn session() -> String {
    static RUNS: AtomicU32 = AtomicU32::new(0);
    let run = RUNS.fetch_add(1, Ordering::Relaxed);
    format!("comparisons-{}-{run}", std::process::id())
}

/// The target folder that cargo uses for this package.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("target"),
        PathBuf::from,
    )
}

pub fn json(path: &Path) -> Value {
    let text =
        std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

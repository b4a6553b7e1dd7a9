//! The run record: what was measured, kept for ever (`scalebench.run`).
//!
//! Everything here is raw: plans, hosts and samples. Nothing is estimated; `estimate` does that.
//! Fields that later versions add carry `#[serde(default)]`, so that old files load for ever.

mod axis;
mod estimator;
mod grid;
mod load;
mod sample;
mod unlike;

use serde::{Deserialize, Serialize};

pub use axis::{Axis, Mode};
pub use estimator::{ESTIMATOR, unlike_estimator};
pub use grid::Grid;
pub use load::{LoadPlan, LoadSample, ResponseTimes, Schedule};
pub use sample::{Fairness, PercentileSample, RareCalls, Regime, Sample};
pub use unlike::unlike;

/// Name and version of a JSON document; the first field of every file that scalebench writes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Schema {
    /// What the document is, for example `scalebench.run`.
    pub name: String,
    /// Grows when a reader of the old version could misread the document.
    pub major: u32,
    /// Grows when fields are added.
    pub minor: u32,
}

impl Schema {
    /// The schema of the run records that this version writes.
    #[must_use]
    pub fn run() -> Self {
        Self {
            name: "scalebench.run".into(),
            major: 1,
            minor: 0,
        }
    }

    /// The schema of the reports that this version writes.
    #[must_use]
    pub fn report() -> Self {
        Self {
            name: "scalebench.report".into(),
            major: 1,
            minor: 0,
        }
    }
}

/// One run of one bench target: the plan, the host and every sample.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Run {
    /// Always [`Schema::run`] in files written by this version.
    pub schema: Schema,
    /// By which method it was measured: [`ESTIMATOR`] in files written by this version. Runs of different estimators are never
    /// compared. 1 where it is absent.
    #[serde(default = "estimator::first")]
    pub estimator: u32,
    /// Identifies the run; the stem of its file name.
    pub id: String,
    /// Runs with the same session belong on one page: the bench targets of one `cargo bench`.
    pub session: String,
    /// Name of the bench target (binary) that was run.
    pub target: String,
    /// Name of the package that the target belongs to, where known. Packages may have targets of the same name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub package: Option<String>,
    /// When the run began, seconds since 1970-01-01 UTC.
    pub started_unix_s: u64,
    /// The source revision that was measured, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<Revision>,
    /// What was asked for.
    pub plan: Plan,
    /// Where it ran.
    pub host: Host,
    /// What the user should know about the run as a whole, a sentence each.
    #[serde(default)]
    pub warnings: Vec<String>,
    /// The benchmarks, sorted by id.
    pub benchmarks: Vec<BenchmarkRecord>,
    /// Code that shares nothing, measured beside the benchmarks: the machine's ceiling and the harness's floor.
    #[serde(default)]
    pub nulls: Vec<BenchmarkRecord>,
    /// What it was compared with, whole, so that the page can be drawn again whatever becomes of the baseline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compared: Option<Box<Compared>>,
}

/// The old side of a comparison.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Compared {
    /// Name of the baseline or revision, as the reader knows it.
    pub baseline: String,
    /// How the two sides were measured.
    pub scope: Scope,
    /// The least change of performance that counts, as a share.
    pub performance_threshold: f64,
    /// The least change of scalability that counts, as a share.
    pub scalability_threshold: f64,
    /// The old runs; of every benchmark the newest record counts.
    pub runs: Vec<Run>,
}

/// How the two sides of a comparison were measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// In one run, round by round, launch k of one side beside launch k of the other: drift hits both alike.
    Paired,
    /// At different times: drift of the machine is not controlled.
    Saved,
    /// At different times and on unlike machines.
    UnlikeMachines,
}

/// A revision of the measured source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Revision {
    /// Commit hash.
    pub commit: String,
    /// Whether the working tree had changes that were not committed.
    pub dirty: bool,
}

/// Which defaults a plan started from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Preset {
    /// One launch of 30 rounds.
    Quick,
    /// 5 launches of 10 rounds.
    Default,
    /// 10 launches of 10 rounds.
    Ci,
    /// Not measured by scalebench: imported or analyzed data.
    External,
}

/// What a run was asked to do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Plan {
    /// The defaults it started from.
    pub preset: Preset,
    /// Worker processes for each benchmark (K).
    pub launches: u32,
    /// Rounds in each launch (m).
    pub rounds: u32,
    /// Time budget for one benchmark, all its launches together, ns.
    pub max_time_ns: f64,
    /// Seed of the random order of thread counts.
    pub seed: u64,
    /// Whether threads were pinned to CPUs.
    pub pinned: bool,
    /// Whether everything ran in the coordinator's own process.
    pub in_process: bool,
}

/// The machine that a run was measured on.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Host {
    /// Operating system, as in `std::env::consts::OS`.
    pub os: String,
    /// Architecture, as in `std::env::consts::ARCH`.
    pub arch: String,
    /// CPU model; empty where unknown.
    pub model: String,
    /// Logical CPUs that the run may use: affinity mask and cgroup quota taken together.
    pub cpus: u32,
    /// Physical cores among them.
    pub physical_cores: u32,
    /// CPU numbers in the order in which threads are placed: cores first, then siblings, then the next node.
    #[serde(default)]
    pub placement: Vec<u32>,
    /// CPUs' worth of time that the cgroup allows, where limited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quota_cpus: Option<f64>,
    /// Frequency governor of the first CPU, where readable.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub governor: Option<String>,
    /// Share of CPU time that the hypervisor took away during the run, 0 to 1, where readable.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub steal: Option<f64>,
    /// Whether per-thread CPU time and run-queue wait could be read. Without them, figures are wall clock only.
    #[serde(default)]
    pub thread_clocks: bool,
}

/// How a benchmark ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Measured.
    Ok,
    /// The code under measurement panicked, aborted or could not be set up.
    Failed,
    /// It took longer than the time limit.
    TimedOut,
    /// It was not run.
    Skipped,
}

/// Why a benchmark has status [`Status::Failed`] or [`Status::TimedOut`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Failure {
    /// What happened, in words.
    pub message: String,
    /// Source place (`file:line:column`), where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// The last lines that the worker printed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output: Option<String>,
}

/// Where an annotated function stands.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Location {
    /// Source file, as the compiler names it.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
}

/// A value of `#[values(…)]` or a type or constant that one benchmark was made with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Parameter {
    /// Name of the parameter.
    pub name: String,
    /// Its value as text.
    pub value: String,
}

/// What one call gets done.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", tag = "unit", content = "per_call")]
pub enum Work {
    /// So many items a call.
    Items(f64),
    /// So many bytes a call.
    Bytes(f64),
    /// Items, counted from the inputs of each call: how many stands with the samples.
    ItemsByInput,
    /// Bytes, counted from the inputs of each call: how many stands with the samples.
    BytesByInput,
}

/// How the functions of a group share its threads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum GroupKind {
    /// Each thread calls one of them. At N = 1 each is measured alone.
    Roles,
    /// Each thread draws one of them for every call.
    Mix,
}

/// What a benchmark is part of when several functions are called at the same time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Group {
    /// Id of the group: its module path, then the parameters.
    pub id: String,
    /// How its functions share the threads.
    pub kind: GroupKind,
    /// This function's share of the threads, or of the calls in a mix …
    pub share: u32,
    /// … out of so many.
    pub of: u32,
    /// What timing a call by itself costs, ns, where that is done: it is part of every latency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timing_ns: Option<f64>,
}

/// One benchmark in one run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BenchmarkRecord {
    /// Identifies it across runs: module path and name, then the parameters.
    pub id: String,
    /// How the thread count acts on it.
    pub mode: Mode,
    /// What its thread counts count.
    #[serde(default, skip_serializing_if = "Axis::is_threads")]
    pub axis: Axis,
    /// Worker threads of the runtime, where the axis is tasks and it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workers: Option<u32>,
    /// Calling threads in each process, where the axis is callers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threads_per_process: Option<u32>,
    /// Where its function stands; empty for external data.
    #[serde(default)]
    pub location: Location,
    /// Values, types and constants it was made with.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parameters: Vec<Parameter>,
    /// What one call gets done, where stated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub work: Option<Work>,
    /// The group that it is part of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<Group>,
    /// The thread counts that were to be measured (or what the axis counts), ascending.
    pub threads: Vec<u32>,
    /// Whether N = 1 is among them only because efficiency refers to it: nobody had asked for it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub reference_only: bool,
    /// What was expected of it, each as [`expect`](crate::expect) reads it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub expectations: Vec<String>,
    /// How it ended.
    pub status: Status,
    /// Why it did not end well.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<Failure>,
    /// Length of a window, ns; 0 for external data.
    #[serde(default)]
    pub window_ns: f64,
    /// Calls between two clock reads at N = 1; 0 for external data.
    #[serde(default)]
    pub chunk_calls: u64,
    /// What was asked for in load mode. Then `threads` are those of its closed loop: 1, and as many as there are callers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub load: Option<LoadPlan>,
    /// What each worker process measured.
    pub launches: Vec<LaunchRecord>,
}

impl BenchmarkRecord {
    /// Whether its samples are windows of ours, so that each knows all its calls and what they took.
    #[must_use]
    pub fn is_measured(&self) -> bool {
        self.chunk_calls > 0
    }

    /// Share of the launches whose callers ran before other processes, 0 to 1.
    #[must_use]
    pub fn raised_priority(&self) -> f64 {
        let raised = self.launches.iter().filter(|l| l.raised_priority).count();
        raised as f64 / self.launches.len().max(1) as f64
    }
}

/// What one worker process measured of one benchmark.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LaunchRecord {
    /// Which launch, from 0.
    pub launch: u32,
    /// The host that it ran on, where a launcher started its worker; those of several processes, divided by commas.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// Whether warm-up ended because latency was steady (false: its time was up).
    #[serde(default)]
    pub steady: bool,
    /// Whether callers were made to run before other processes, which disturbed them (niceness -10).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub raised_priority: bool,
    /// One sample for each window, in the order of measuring.
    pub samples: Vec<Sample>,
    /// Response times of single calls, from windows of their own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub percentiles: Vec<PercentileSample>,
    /// In load mode, one sample for each window of arrivals; `samples` are the closed loop's.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub load: Vec<LoadSample>,
}

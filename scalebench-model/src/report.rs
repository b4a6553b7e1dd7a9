//! The report model (`scalebench.report`): everything that a page, a table or another program may show.
//!
//! Renderers read this and nothing else, so a live report and one drawn from a stored run are identical. Only with the
//! feature `tools` can it be read back: a bench binary never does.

mod change;
mod expectation;
mod laws;
mod load;

use serde::Serialize;

use crate::data::{
    Axis, Failure, Grid, Group, Host, LoadPlan, Location, Mode, Parameter, Revision, Schema,
    Status, Work,
};

pub use change::{Change, OldPoint, Pattern, Verdict};
pub use expectation::{Expectation, ExpectationVerdict};
pub(crate) use laws::MORE_THAN_ALL;
pub use laws::{CurvePoint, KarpFlatt, LawKind, Laws};
pub use load::{LoadChange, LoadPoint, OldLoadPoint, Responses};

/// An estimate with its interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "tools", derive(serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Estimate {
    /// The point estimate.
    pub estimate: f64,
    /// Lower end of the interval.
    pub lower: f64,
    /// Upper end of the interval.
    pub upper: f64,
    /// Confidence level, 0 to 1. 0 means that the data carries no interval, and `lower` = `upper` = `estimate`.
    pub level: f64,
}

/// The report of one session: one or more runs of bench targets.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "tools", derive(serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Report {
    /// Always [`Schema::report`] in files written by this version.
    pub schema: Schema,
    /// The machine.
    pub host: Host,
    /// The runs on this report, oldest first.
    pub runs: Vec<RunSummary>,
    /// What the reader should know about the whole, a sentence each.
    pub warnings: Vec<String>,
    /// The benchmarks, sorted by id.
    pub benchmarks: Vec<Benchmark>,
}

/// One run on the report.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "tools", derive(serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RunSummary {
    /// Identifies the run.
    pub id: String,
    /// Name of the bench target.
    pub target: String,
    /// When the run began, seconds since 1970-01-01 UTC.
    pub started_unix_s: u64,
    /// The source revision, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<Revision>,
    /// Worker processes for each benchmark.
    pub launches: u32,
    /// Rounds in each launch.
    pub rounds: u32,
    /// Seed of the random order.
    pub seed: u64,
    /// By which method it was measured; [`crate::data::ESTIMATOR`] is this version's. 0 where it is not known.
    #[serde(default)]
    pub estimator: u32,
}

/// One benchmark on the report.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "tools", derive(serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Benchmark {
    /// Identifies it across runs. Where other packages have a benchmark of the same id, it begins with the package.
    pub id: String,
    /// The package that it belongs to, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub package: Option<String>,
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
    /// Where its function stands.
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
    /// How it ended.
    pub status: Status,
    /// Why it did not end well.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<Failure>,
    /// What the intervals stand on, for example "5 launches" or "within one process".
    pub scope: String,
    /// What the curve does, in a sentence and without a model. Absent in load mode and where nothing counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// What efficiency refers to where the point at N = 1 was not measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<Reference>,
    /// One entry for each thread count, ascending. Empty in load mode.
    pub points: Vec<Point>,
    /// In load mode, one entry for each rate of arrivals, ascending.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub load: Vec<LoadPoint>,
    /// What was asked for in load mode.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub load_plan: Option<LoadPlan>,
    /// In load mode, the latency of a single caller in a closed loop, ns: the floor of the picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unloaded_latency_ns: Option<Estimate>,
    /// In load mode, the rate at which the p99 response passes `load_plan.knee_factor` times the unloaded latency,
    /// arrivals per second. Absent where that happens at none of the rates, or already at the lowest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub knee_per_s: Option<Estimate>,
    /// In load mode, what all callers together reach in a closed loop, calls per second.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_loop_per_s: Option<Estimate>,
    /// The knee in words, or why there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub load_sentence: Option<String>,
    /// The scaling law, where there are points.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub laws: Option<Laws>,
    /// What the mean stands on where calls are not alike: how many are long, and how much of all time they take.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uneven: Option<String>,
    /// Why the curve bends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<Cause>,
    /// What was expected of it, and what became of that.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub expectations: Vec<Expectation>,
    /// What changed against a baseline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<Change>,
    /// The two figures in the stored runs, oldest first, this run last. Empty where fewer than two runs have them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub history: Vec<HistoryPoint>,
}

/// What efficiency and speedup refer to in place of a measured point at N = 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "tools", derive(serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Reference {
    /// The rate of a single caller by the model that is fitted to the points.
    Fitted,
    /// The rate of each caller at the smallest N that counts.
    Smallest,
}

/// The figures of one benchmark in one of the stored runs.
///
/// Runs of one or two launches carry no interval here: one from within a process leaves out what differs between runs.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "tools", derive(serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct HistoryPoint {
    /// Identifies the run.
    pub run: String,
    /// When the run began, seconds since 1970-01-01 UTC.
    pub started_unix_s: u64,
    /// The source revision, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<Revision>,
    /// Single-call latency, ns; in load mode the unloaded one.
    pub latency_ns: Estimate,
    /// In load mode, the knee, arrivals per second, where it was reached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub knee_per_s: Option<Estimate>,
    /// Thread count of `efficiency`: the largest that counts in the report's own run, the same in the whole history.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threads: Option<u32>,
    /// Efficiency at `threads`, where it counts in this run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub efficiency: Option<Estimate>,
    /// e^P against the last run before that carries an interval, above 1 is a faster single call. Only where the
    /// verdict is "changed", settled over all steps of all benchmarks together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub performance_changed: Option<Estimate>,
    /// e^E against the same run, above 1 is more efficiency at `threads`. Only where the verdict is "changed".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scalability_changed: Option<Estimate>,
}

/// The figures at one thread count.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "tools", derive(serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Point {
    /// Thread count N, or what the benchmark's axis counts.
    pub threads: u32,
    /// How the callers divide, where the axis is callers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grid: Option<Grid>,
    /// How many of the N threads were in calls of this benchmark, on average, where it is part of a group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub callers: Option<f64>,
    /// Time per call while N threads call, ns, other processes' share taken out.
    pub latency_ns: Estimate,
    /// What a typical call takes, ns: the median of chunks of calls, or of calls where they are timed one by one. Where a few
    /// calls are long it is below the mean, `latency_ns`. Absent for data from elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub typical_latency_ns: Option<Estimate>,
    /// The same as `latency_ns` by the wall clock alone, ns.
    pub wall_latency_ns: Estimate,
    /// Calls per second over all threads.
    pub throughput_per_s: Estimate,
    /// X(N)/(N·X(1)), or S(N)/N in parallel mode. Without a measured point at N = 1, X(1) is what the benchmark's `reference`
    /// says; absent without one, and where the point at N = 1 has the flag `waits_alone`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub efficiency: Option<Estimate>,
    /// X(N)/X(1), or T(1)/T(N) in parallel mode. X(1) is the same as for the efficiency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub speedup: Option<Estimate>,
    /// L(N) − L(1), ns. Absent without a measured point at N = 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub surcharge_ns: Option<Estimate>,
    /// Share of the windows in which all N threads were inside timed calls, 0 to 1.
    pub overlap: f64,
    /// Efficiency that the machine allows at N to code that only computes, where measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ceiling: Option<f64>,
    /// Efficiency that the machine allows at N to code that streams through memory, where measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ceiling_streaming: Option<f64>,
    /// Time on a CPU per call, ns, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_cpu_ns: Option<f64>,
    /// Time waiting for a CPU per call, ns, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiting_ns: Option<f64>,
    /// Time blocked per call, ns, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blocked_ns: Option<f64>,
    /// Share of the sampled time that other processes disturbed, 0 to 1.
    pub disturbed: f64,
    /// Share of the time that does not count because a CPU ran slower than it can, 0 to 1, where its pace was gauged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slow: Option<f64>,
    /// The pace of the CPUs in the windows that count: how long a fixed piece of arithmetic of the harness took, ns, where it was
    /// gauged and callers do not sleep most of the time. In another run of the same build it is the same on a machine that is as fast.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pace_ns: Option<f64>,
    /// Jain's index of the threads' shares of the calls, 1/N to 1, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fairness: Option<f64>,
    /// Response times of single calls, where calls are long enough (closed loop).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percentiles_ns: Option<Percentiles>,
    /// Instructions a call, where hardware counters could be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instructions_per_call: Option<f64>,
    /// CPU cycles a call, where hardware counters could be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cycles_per_call: Option<f64>,
    /// Items or bytes that a call got done, the median of the samples, where they are counted from its inputs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub work_per_call: Option<f64>,
    /// How many CPUs the program's helper threads kept busy, the median of the samples, where there were any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub helpers: Option<f64>,
    /// Whether the point takes part in laws and verdicts.
    pub counted: bool,
    /// What is to be known about the point.
    pub flags: Vec<Flag>,
}

/// Percentiles of the response times of single calls, ns.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "tools", derive(serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Percentiles {
    /// Median.
    pub p50: f64,
    /// 90th percentile.
    pub p90: f64,
    /// 99th percentile.
    pub p99: f64,
    /// 99.9th percentile.
    pub p999: f64,
    /// Largest.
    pub max: f64,
}

/// What is to be known about a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "tools", derive(serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Flag {
    /// Overlap below 95 %.
    LowOverlap,
    /// Other processes took part of the CPU time; what they disturbed does not count.
    Disturbed,
    /// A CPU ran slower than it can for some of the time: its clock was lower, or it was shared with somebody beyond this system.
    /// That time does not count.
    SlowPace,
    /// Other processes disturbed nearly all of the time, or another flag says why. Takes no part in laws and verdicts.
    NotMeasured,
    /// The figures would keep more CPUs busy than there are: not all threads had a turn in the windows. Goes with `NotMeasured`.
    BeyondMachine,
    /// Threads waited for CPUs because N exceeds them. Takes no part in laws and verdicts.
    CpuLimited,
    /// Within 3 times of what an empty function costs.
    NearFloor,
    /// Mean and median differ by more than 10 %.
    Skewed,
    /// Latency was still drifting at the end of the warm-up.
    NeverSteady,
    /// Inputs took so long to make that callers began in lockstep with fewer than 20 calls to each start.
    SynchronisedStart,
    /// At least one thread got nothing done in a typical window.
    Starved,
    /// Intervals come from one process only.
    WithinOneProcess,
    /// A role that is more than twice as fast in company: alone it waits in vain for the others. There is no single call
    /// that an efficiency or a verdict could refer to.
    WaitsAlone,
    /// N = 1, measured only because efficiency refers to it: the thread counts asked for do not hold it. Scaling models use
    /// it like any other point.
    Reference,
    /// Load mode: in some windows the generator itself was too late; those do not count. Where it was most of them, the
    /// point takes no part in the knee.
    GeneratorLate,
    /// Load mode: too few calls in a window for a p99.
    FewCalls,
    /// Load mode: more than 1 % of the calls did not end well or not at all.
    CallsLost,
}

/// What grows as threads are added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "tools", derive(serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Dominant {
    /// Locks, sleep or I/O.
    Blocked,
    /// Coherence, spinning, retries or memory bandwidth.
    OnCpu,
    /// More threads than CPUs.
    Waiting,
    /// Nothing to explain, or not known.
    None,
}

/// Why the curve bends.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "tools", derive(serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Cause {
    /// What grew most.
    pub dominant: Dominant,
    /// The same in words, with figures.
    pub sentence: String,
}

//! What coordinator and worker say to each other: one JSON document a line, an order and then its reply.
//!
//! What a build without a feature never says is `serde(skip)`, so that no code is compiled that reads or writes it.

use std::time::Duration;

use scalebench_model::data::{
    Axis, BenchmarkRecord, Group, Host, LoadSample, Location, Mode, Parameter, PercentileSample,
    Sample, Schedule, Status, Work,
};
use serde::{Deserialize, Serialize};

use crate::given::Param;

/// Grows whenever the messages below change their meaning, and with the estimator: a sample is what the worker's version says it is. Both
/// sides refuse another version.
pub(crate) const PROTOCOL: u32 = 5;

/// Calls at least so long can be timed one by one: a clock read is below 1 % of them, ns.
pub(crate) const TIMED_CALL_NS: f64 = 2_500.0;

/// What the coordinator asks a worker for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Order {
    /// Which protocol is spoken here, and the values given for parameters and for the threads in each process of a grid.
    /// The first order.
    Hello {
        protocol: u32,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        params: Vec<Param>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        threads: Vec<u32>,
    },
    /// Which program this is, and which machine. Asked of workers that a launcher started.
    Identify,
    /// What can be measured: by functions without expressions, and the names of those with `#[values]` or a `throughput`;
    /// or by the one of that name, which evaluates them. Asked of another build.
    List {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        function: Option<String>,
    },
    /// Evaluate the `#[values]` and the `throughput` of a function of this build.
    Evaluate { function: String },
    /// Make the state of one benchmark. Serves the orders below until `Finish`.
    Prepare(Prepare),
    /// Find out what a call costs at N = 1 and how many make a chunk.
    Size,
    /// Measure one window.
    Window(WindowOrder),
    /// Let calls arrive on a schedule.
    #[cfg_attr(not(any(test, feature = "load")), serde(skip))]
    Load(LoadOrder),
    /// Measure one window that opens at an agreed time, together with other workers.
    #[cfg_attr(not(any(test, feature = "hosts")), serde(skip))]
    Together(TogetherOrder),
    /// What time it is here.
    Clock,
    /// Let each of `threads` threads (or a pool of so many, or so many callers of several processes) make one call.
    Once { threads: u32 },
    /// Run before other processes from now on, where the system allows it.
    Hurry,
    /// Drop the state.
    Finish,
}

impl Order {
    /// As it is sent; `Debug` of all that an order may hold would be compiled for a few messages only.
    pub(crate) fn line(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads what was sent, by way of a tree, see [`Reply::read`].
    pub(crate) fn read(line: &[u8]) -> serde_json::Result<Self> {
        serde_json::from_value(serde_json::from_slice(line)?)
    }
}

impl Reply {
    /// Reads what was sent. By way of a tree, whose parser is compiled once: read in one go, it is compiled into the
    /// reader of each part of a message.
    pub(crate) fn read(line: &[u8]) -> serde_json::Result<Self> {
        serde_json::from_value(serde_json::from_slice(line)?)
    }

    /// As it is sent.
    pub(crate) fn line(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// What a worker needs to know before it makes the state of a benchmark.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Prepare {
    /// Which benchmark.
    pub(crate) id: String,
    /// The most threads that a window will use.
    pub(crate) max_threads: u32,
    /// CPU numbers in the order in which threads are placed; empty: not pinned.
    pub(crate) placement: Vec<u32>,
    /// How many CPUs there are: up to so many threads, waiting for a CPU is other processes' doing.
    pub(crate) cpus: u32,
    /// How many physical cores they are: up to so many threads, no two share one.
    #[serde(default)]
    pub(crate) cores: u32,
    /// Whether it is for load mode.
    #[serde(default)]
    pub(crate) load: bool,
    /// What it does beside others.
    #[serde(default)]
    pub(crate) part: Part,
}

/// A window of arrivals: calls that begin when a schedule says so, and not when the one before has ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct LoadOrder {
    /// Which round, from 0.
    pub(crate) round: u32,
    /// Arrivals a second, above 0.
    pub(crate) rate_per_s: f64,
    /// How the gaps between two arrivals are drawn.
    pub(crate) schedule: Schedule,
    /// What they are drawn from.
    pub(crate) seed: u64,
    /// How many calls may run at a time; further arrivals queue.
    pub(crate) callers: u32,
    /// Arrivals before the window opens, which fill the queue as it is when the load lasts, ns.
    pub(crate) ramp_ns: u64,
    /// Length of the window, ns.
    pub(crate) window_ns: u64,
    /// How long arrivals may still be queued or running after the window, ns.
    pub(crate) grace_ns: u64,
    /// Response times beyond this count as timed out, ns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) timeout_ns: Option<u64>,
}

impl LoadOrder {
    /// How long it takes at most, besides the calls that are running at its end.
    pub(crate) fn length(&self) -> Duration {
        let parts = [self.ramp_ns, self.window_ns, self.grace_ns];
        Duration::from_nanos(parts.into_iter().fold(0, u64::saturating_add))
    }
}

/// What a worker does where several processes measure together.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Part {
    /// It is the only one.
    #[default]
    Alone,
    /// It makes what all of them share, keeps it alive, and calls nothing.
    Keeper,
    /// It calls; `shared` is what stands for what they share.
    Caller { shared: Option<String> },
}

/// A window of several workers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct TogetherOrder {
    /// What each of them does; `threads` counts those of one.
    pub(crate) window: WindowOrder,
    /// Calls between two clock reads, at most.
    pub(crate) chunk_calls: u64,
    /// When it opens, ns of the worker's clock.
    pub(crate) open_ns: u64,
    /// Whether there are more callers than CPUs, so that none is bound to one.
    pub(crate) crowded: bool,
    /// How long all go on after the close, ns.
    pub(crate) limit_ns: u64,
}

/// One window.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct WindowOrder {
    /// Which round, from 0.
    pub(crate) round: u32,
    /// Thread count N.
    pub(crate) threads: u32,
    /// Length, ns.
    pub(crate) window_ns: u64,
    /// What it is for.
    pub(crate) kind: WindowKind,
}

/// What a window is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum WindowKind {
    /// To warm up and to size the chunks at this thread count.
    WarmUp,
    /// To be recorded.
    Measured,
    /// To time every call by itself.
    Percentiles,
}

/// What a worker answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Reply {
    /// To `Hello`.
    Hello { protocol: u32, version: String },
    /// To `Identify`: what tells this program from others (see [`crate::fingerprint`]), and where it runs.
    #[cfg_attr(not(any(test, feature = "hosts")), serde(skip))]
    Identity { program: String, host: Host },
    /// To `List`.
    #[cfg_attr(not(any(test, feature = "compare")), serde(skip))]
    List {
        benchmarks: Vec<BenchmarkInfo>,
        /// Functions whose benchmarks are known when their expressions are evaluated.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        open: Vec<String>,
    },
    /// To `Evaluate`, by entry of the function.
    Evaluated { entries: Vec<Evaluated> },
    /// To `Size`. Of a group, the slowest function's.
    Sized {
        call_ns: f64,
        chunk_calls: u64,
        /// What timing a call by itself costs, where every call is, ns.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        timing_ns: Option<f64>,
    },
    /// To `Prepare` of a keeper: what stands for what it has made.
    Kept { shared: String },
    /// To `Clock`: ns of the worker's clock, and when that began by the machine's, where known.
    Clock {
        now_ns: u64,
        #[serde(default)]
        epoch_ns: Option<u64>,
    },
    /// To `Together`: what each caller wrote down.
    #[cfg_attr(not(any(test, feature = "hosts")), serde(skip))]
    Logs { logs: Vec<SentLog> },
    /// To `Window`, with what it recorded.
    Sample(Sample),
    /// To `Window` of a group, with what it recorded of each function.
    Samples { samples: Vec<Sample> },
    /// To `Window` of kind `Percentiles`.
    Percentiles(PercentileSample),
    /// To `Window` of kind `Percentiles` of a group: of each function whose calls are long enough to be timed.
    PercentilesOfEach {
        percentiles: Vec<Option<PercentileSample>>,
    },
    /// To `Load`, with what the arrivals saw.
    #[cfg_attr(not(any(test, feature = "load")), serde(skip))]
    Load(LoadSample),
    /// To `Hurry`: whether the system allowed it.
    Hurried { raised: bool },
    /// To orders that only have to be done.
    Done,
    /// To nothing: a thread panics, which may end the process before it can say more. Once an order at most.
    Panicked(WorkerFailure),
    /// To any order: the code under measurement did not stand it. The worker ends.
    Failed(WorkerFailure),
}

/// The log of one caller on its way to the coordinator. Times are ns of the worker's clock.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct SentLog {
    /// Begin, end and calls of each chunk, one after the other.
    pub(crate) spans: Vec<u64>,
    /// Begin, end, time on the CPU and run-queue wait of each pause, one after the other.
    pub(crate) pauses: Vec<u64>,
    /// The items or bytes of each chunk, where they are counted from the inputs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) works: Vec<f64>,
    /// Instructions, cycles and calls, where hardware counters could be read.
    pub(crate) hardware: Vec<u64>,
    pub(crate) involuntary: u64,
    pub(crate) arrivals: u64,
    /// How many CPUs threads of the worker kept busy that are no callers.
    pub(crate) helpers: f64,
}

/// Why a worker gave up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct WorkerFailure {
    /// What happened, in words.
    pub(crate) message: String,
    /// Source place, where known.
    pub(crate) place: Option<String>,
}

/// What the coordinator knows of one benchmark of a worker.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct BenchmarkInfo {
    /// Identifies it across runs.
    pub(crate) id: String,
    /// How the thread count acts on it.
    pub(crate) mode: Mode,
    /// What its thread counts count.
    #[serde(default)]
    pub(crate) axis: Axis,
    /// Worker threads that its options ask for, where tasks vary.
    #[serde(default)]
    pub(crate) workers: Option<u32>,
    /// Calling threads in each process, where the axis is callers; `threads` below then counts processes.
    #[serde(default)]
    pub(crate) threads_per_process: Option<u32>,
    /// Where its function stands.
    pub(crate) location: Location,
    /// The values it was made with.
    pub(crate) parameters: Vec<Parameter>,
    /// What a call gets done, where stated.
    pub(crate) work: Option<Work>,
    /// Whether it runs only when asked for.
    pub(crate) ignore: bool,
    /// Thread counts that its options ask for.
    pub(crate) threads: Option<Vec<u32>>,
    /// Whether it is measured at N = 1 only because efficiency refers to it. The plan says so.
    #[serde(skip)]
    pub(crate) reference_only: bool,
    /// What is expected of it, each as [`scalebench_model::expect`] reads it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) expectations: Vec<String>,
    /// Launches that its options ask for.
    pub(crate) launches: Option<u32>,
    /// Rounds that its options ask for.
    pub(crate) rounds: Option<u32>,
    /// Window that its options ask for, ns.
    pub(crate) window_ns: Option<u64>,
    /// Time budget that its options ask for, ns.
    pub(crate) max_time_ns: Option<u64>,
    /// Whether something is made once for all its processes.
    #[serde(default)]
    pub(crate) keeps: bool,
    /// The group that it is part of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) member: Option<MemberInfo>,
    /// Whether `--load` can measure it under load.
    #[serde(default)]
    pub(crate) loadable: bool,
    /// Whether tasks call it, whatever its thread counts count.
    #[serde(default)]
    pub(crate) is_async: bool,
}

impl BenchmarkInfo {
    /// Its record, with nothing measured.
    pub(crate) fn unmeasured(&self) -> BenchmarkRecord {
        BenchmarkRecord {
            id: self.id.clone(),
            mode: self.mode,
            axis: self.axis,
            workers: self.workers,
            threads_per_process: self.threads_per_process,
            location: self.location.clone(),
            parameters: self.parameters.clone(),
            work: self.work,
            group: self.member.as_ref().map(|member| member.group.clone()),
            threads: Vec::new(),
            reference_only: self.reference_only,
            expectations: self.expectations.clone(),
            status: Status::Skipped,
            failure: None,
            window_ns: 0.0,
            chunk_calls: 0,
            load: None,
            launches: Vec::new(),
        }
    }
}

#[cfg(any(test, feature = "criterion"))]
impl BenchmarkInfo {
    /// A function called by threads, without parameters and options.
    pub(crate) fn plain(id: &str) -> Self {
        Self {
            id: id.to_owned(),
            mode: Mode::Concurrent,
            axis: Axis::Threads,
            workers: None,
            threads_per_process: None,
            location: Location::default(),
            parameters: Vec::new(),
            work: None,
            ignore: false,
            threads: None,
            reference_only: false,
            expectations: Vec::new(),
            launches: None,
            rounds: None,
            window_ns: None,
            max_time_ns: None,
            keeps: false,
            member: None,
            loadable: false,
            is_async: false,
        }
    }
}

/// What the expressions of an entry came to.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct Evaluated {
    /// The texts of each parameter's values.
    pub(crate) columns: Vec<Vec<String>>,
    /// What a call gets done, for each choice of the values; empty where the attribute does not say it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) works: Vec<Option<Work>>,
    /// Why values that the command line gives cannot be used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) refused: Option<String>,
}

/// What the coordinator knows of one function of a group. They are launched and measured together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct MemberInfo {
    /// The group and the function's share in it.
    pub(crate) group: Group,
    /// Its place among the functions of the group.
    pub(crate) index: usize,
    /// How many functions there are.
    pub(crate) members: usize,
}

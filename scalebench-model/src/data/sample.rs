//! What one window recorded.

use serde::{Deserialize, Serialize};

use super::Mode;

/// What one window recorded. Times are sums over the threads unless said otherwise.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Sample {
    /// Which round, from 0.
    pub round: u32,
    /// Thread count N, or what the benchmark's axis counts.
    pub threads: u32,
    /// How many of the N threads were in calls of this benchmark, on average, where not all of them were: of a role its
    /// threads, of an operation in a mix those that it kept busy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub callers: Option<f64>,
    /// What the calls that began in the window took, ns: the mean of the callers' sums, so about the length of the window.
    pub window_ns: f64,
    /// Calls of all (its) threads that began in the window.
    pub calls: f64,
    /// The same of the calls that count: equal to `window_ns` unless other processes disturbed the window.
    pub counted_ns: f64,
    /// Length of the part that does not count only because a caller's CPU ran slower than in the rest of the window, ns.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub slow_ns: f64,
    /// Calls of all threads that count.
    pub counted_calls: f64,
    /// Time and calls of the regime, unless callers worked in phases or all of the window had to count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub regime: Option<Regime>,
    /// What a call took in the middle one of the window's chunks, ns: the median of calls that are timed one by one.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub typical_ns: f64,
    /// The longest chunk that any caller ran, whether it counts or not, ns; waits for a CPU taken off.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub longest_ns: f64,
    /// The chunks that took more than twice as long as the middle one, where there were any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rare: Option<RareCalls>,
    /// Share of the window in which all N threads were inside timed calls, 0 to 1.
    pub overlap: f64,
    /// Whether callers began in lockstep with so few calls to each start that it may show.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub synchronised: bool,
    /// Time on a CPU in the part that counts, ns.
    #[serde(default)]
    pub on_cpu_ns: f64,
    /// Time runnable but without a CPU (run-queue wait) in the part that counts, ns.
    #[serde(default)]
    pub waiting_ns: f64,
    /// Time blocked (lock, sleep, I/O) in the part that counts, ns.
    #[serde(default)]
    pub blocked_ns: f64,
    /// Involuntary context switches.
    #[serde(default)]
    pub involuntary_switches: u64,
    /// How evenly the threads shared the calls.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fairness: Option<Fairness>,
    /// Instructions a call, where hardware counters could be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instructions_per_call: Option<f64>,
    /// CPU cycles a call, where hardware counters could be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cycles_per_call: Option<f64>,
    /// Items or bytes a call got done on average, where they are counted from its inputs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub work_per_call: Option<f64>,
    /// How many CPUs the process's other threads kept busy during the window, where there were such helpers. Then threads
    /// are not pinned, and where threads and helpers do not fit the CPUs together, all of the window counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub helpers: Option<f64>,
    /// The pace of the callers' CPUs in the part that counts, where each had a physical core of its own and its callers seldom
    /// slept: how long a fixed piece of arithmetic took on the slowest of the CPUs, ns. To be compared with that of other
    /// windows of the benchmark at the same thread count only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pace_ns: Option<f64>,
}

fn is_zero(part: &f64) -> bool {
    *part == 0.0
}

impl Sample {
    /// How many calls ran at the same time, on average.
    #[must_use]
    pub fn callers(&self, mode: Mode) -> f64 {
        self.callers
            .unwrap_or_else(|| callers_of(mode, self.threads))
    }

    /// Length of the part of the window that other processes did not disturb, ns, at whatever pace.
    #[must_use]
    pub fn undisturbed_ns(&self) -> f64 {
        match self.regime {
            // Whole calls reach beyond the window, so it is shares that compare.
            Some(regime) if regime.whole_ns > 0.0 => {
                self.window_ns * ((regime.ns + self.slow_ns) / regime.whole_ns).min(1.0)
            }
            Some(_) => 0.0,
            None => self.counted_ns,
        }
    }

    /// Length of the part of the window that counts where calls are alike, ns.
    #[must_use]
    pub fn even_ns(&self) -> f64 {
        self.regime.map_or(self.counted_ns, |regime| regime.ns)
    }

    /// A sample that knows only thread count and latency, as imported data does: nothing was disturbed, all of it counts.
    ///
    /// `latency_ns` must be positive and finite.
    #[must_use]
    pub fn from_latency(mode: Mode, round: u32, threads: u32, latency_ns: f64) -> Self {
        let callers = callers_of(mode, threads);
        // The window is one call long, so that the figures come back exactly.
        Self {
            round,
            threads,
            callers: None,
            window_ns: latency_ns,
            calls: callers,
            counted_ns: latency_ns,
            slow_ns: 0.0,
            counted_calls: callers,
            regime: None,
            typical_ns: latency_ns,
            longest_ns: 0.0,
            rare: None,
            overlap: 1.0,
            synchronised: false,
            on_cpu_ns: 0.0,
            waiting_ns: 0.0,
            blocked_ns: 0.0,
            involuntary_switches: 0,
            fairness: None,
            instructions_per_call: None,
            cycles_per_call: None,
            work_per_call: None,
            helpers: None,
            pace_ns: None,
        }
    }
}

/// How many calls run at the same time when all threads make calls of the one benchmark.
fn callers_of(mode: Mode, threads: u32) -> f64 {
    match mode {
        Mode::Parallel => 1.0,
        Mode::Concurrent | Mode::Load => f64::from(threads),
    }
}

/// The time of a window in which all threads called, nobody disturbed them and no CPU was slow, and all calls in it. Calls that straddle an edge count pro
/// rata, whoever they are of: where threads wait for each other, that varies far less than what single calls took.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Regime {
    /// Its length, ns.
    pub ns: f64,
    /// The same had nobody disturbed it, ns.
    pub whole_ns: f64,
    /// Calls of all (its) threads.
    pub calls: f64,
    /// Time on a CPU in these calls, of all callers together, ns; 0 where it is not known. Over `ns` it is how many CPUs the
    /// calls would keep busy if every caller called all the time, as figures take it to do.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub on_cpu_ns: f64,
}

/// Chunks of calls that took more than twice as long as the middle one: rare calls that are long, or chunks that hold one.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RareCalls {
    /// By how much longer they took than the middle one, in all, ns.
    pub ns: f64,
    /// The sum of the squares of that, ns². (Σx)²/Σx² is how many calls of equal length would vary as much as these.
    pub squares: f64,
}

/// The threads' shares of the calls in one window.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Fairness {
    /// The smallest thread's calls over the mean thread's.
    pub min_share: f64,
    /// The largest thread's calls over the mean thread's.
    pub max_share: f64,
    /// Jain's index (Σx)²/(N·Σx²), 1/N to 1. Source: Jain, Chiu, Hawe, DEC-TR-301, 1984.
    pub jain: f64,
}

/// Response times of single calls at one thread count, ns (closed loop).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PercentileSample {
    /// Thread count N.
    pub threads: u32,
    /// Calls recorded.
    pub calls: u64,
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

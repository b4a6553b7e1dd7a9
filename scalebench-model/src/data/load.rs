//! Load mode's part of the run record: what was asked for, and what each window of arrivals saw.

use serde::{Deserialize, Serialize};

/// How the gaps between two arrivals are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Schedule {
    /// Exponential gaps: arrivals that know nothing of each other.
    Poisson,
    /// Equal gaps.
    Constant,
}

/// What a benchmark in load mode was asked to do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LoadPlan {
    /// How the gaps between two arrivals are drawn.
    pub schedule: Schedule,
    /// How many calls may run at a time: threads of the pool, or tasks in flight. Further arrivals queue.
    pub callers: u32,
    /// Calls that take longer than this from their intended start count as timed out, ns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout_ns: Option<f64>,
    /// Length of a window of arrivals, ns: the longest where windows differ.
    pub window_ns: f64,
    /// The knee is where the p99 response time passes so many times the unloaded latency; above 1.
    #[serde(default = "LoadPlan::default_knee_factor")]
    pub knee_factor: f64,
}

impl LoadPlan {
    /// What the knee is unless another factor is asked for: a p99 response of 10 times the unloaded latency.
    ///
    /// A server whose service times are exponential has a p99 of 4.6 times its mean with no load at all; a factor near
    /// that would tell of the service's own spread rather than of queueing. By M/M/1 the p99 passes 10 times the mean at
    /// 54 % of the capacity: (1 − ρ) = ln(100)/10.
    pub const KNEE_FACTOR: f64 = 10.0;

    fn default_knee_factor() -> f64 {
        Self::KNEE_FACTOR
    }
}

/// What one window of arrivals at one rate saw.
///
/// Every arrival of the window ends in just one way: `arrivals` = `completed` + `errors` + `timed_out` + `unfinished`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LoadSample {
    /// Which round, from 0.
    pub round: u32,
    /// The rate asked for, arrivals a second: the same figures in all launches of a run, so that they can be averaged.
    pub offered_per_s: f64,
    /// The time in which all that completed did so, ns: from the opening of the window to its close, or to the end of its
    /// last call where that was later.
    pub window_ns: f64,
    /// Intended starts within the window.
    pub arrivals: u64,
    /// Of those, ended well.
    pub completed: u64,
    /// Of those, ended with an error.
    pub errors: u64,
    /// Of those, took longer than the time allowed.
    pub timed_out: u64,
    /// Of those, still queued or running when the wait after the window was over.
    pub unfinished: u64,
    /// How late the generator handed arrivals over, intended against actual hand-over: 99th percentile, ns.
    pub late_p99_ns: f64,
    /// Whether the generator kept to its schedule. Otherwise the sample says nothing about the code and is refused.
    pub kept_up: bool,
    /// Response times of the calls that ended without an error, timed out or not; none where there were none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response: Option<ResponseTimes>,
    /// The first error in words, where there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_error: Option<String>,
}

/// Response times from the intended start of a call to its end, ns: exact, of all calls sorted.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ResponseTimes {
    /// Calls that these figures are of.
    pub count: u64,
    /// Mean.
    pub mean_ns: f64,
    /// Median.
    pub p50_ns: f64,
    /// 90th percentile.
    pub p90_ns: f64,
    /// 99th percentile.
    pub p99_ns: f64,
    /// 99.9th percentile.
    pub p999_ns: f64,
    /// Largest.
    pub max_ns: f64,
}

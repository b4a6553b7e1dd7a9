//! Load mode's part of the report.

use serde::Serialize;

use super::{Estimate, Flag};

/// What was seen at one rate of arrivals.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "tools", derive(serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LoadPoint {
    /// The rate asked for, arrivals per second.
    pub offered_per_s: f64,
    /// Arrivals of a window that ended well, per second of the window.
    pub achieved_per_s: Estimate,
    /// Response times, from the intended start of a call to its end.
    pub response_ns: Responses,
    /// Arrivals in all windows together, whether they count or not.
    pub arrivals: u64,
    /// Of those, ended with an error.
    pub errors: u64,
    /// Of those, took longer than the time allowed.
    pub timed_out: u64,
    /// Of those, were still queued or running when the wait after the window was over.
    pub unfinished: u64,
    /// How late the generator handed arrivals over: 99th percentile of a typical window, ns.
    pub late_p99_ns: f64,
    /// Whether the point takes part in the knee. Not where the generator did not keep up.
    pub counted: bool,
    /// What is to be known about the point.
    pub flags: Vec<Flag>,
}

/// Response times, ns. A figure is absent where it is not known: with too few calls for it to lie below the largest, or
/// with more calls lost than lie beyond it.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
#[cfg_attr(feature = "tools", derive(serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Responses {
    /// Mean of the calls that ended well; absent where more than 1 % did not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mean: Option<Estimate>,
    /// Median.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub p50: Option<Estimate>,
    /// 90th percentile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub p90: Option<Estimate>,
    /// 99th percentile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub p99: Option<Estimate>,
    /// 99.9th percentile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub p999: Option<Estimate>,
    /// The largest that was seen; it carries no interval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<Estimate>,
}

/// What a change in load mode tells besides its two factors.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "tools", derive(serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LoadChange {
    /// Whether both sides have a knee. Otherwise only performance was compared, and scalability is no figure.
    pub knees_compared: bool,
    /// The baseline's unloaded latency, ns.
    pub old_unloaded_latency_ns: f64,
    /// The baseline's knee, arrivals per second.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub old_knee_per_s: Option<f64>,
    /// The baseline's response times, for the picture.
    pub old_points: Vec<OldLoadPoint>,
}

/// The baseline's response times at one rate.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "tools", derive(serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OldLoadPoint {
    /// The rate asked for, arrivals per second.
    pub offered_per_s: f64,
    /// Median response time, ns, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub p50_ns: Option<f64>,
    /// 99th percentile, ns, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub p99_ns: Option<f64>,
}

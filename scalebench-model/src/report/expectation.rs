//! What was expected of a benchmark, and what became of it, in the report.

use serde::Serialize;

use super::Estimate;

/// Verdict on an expectation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "tools", derive(serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ExpectationVerdict {
    /// The whole 95 % interval lies on the right side of the limit.
    Passed,
    /// The whole 95 % interval lies on the wrong side of the limit.
    Failed,
    /// The interval holds the limit, or there is none. Passes, except at a strict gate.
    Undecided,
    /// This run has no figure that could be judged. Passes.
    NotApplicable,
}

/// An expectation that was judged.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "tools", derive(serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Expectation {
    /// What was expected, for example `efficiency(8) >= 70%`.
    pub text: String,
    /// What became of it.
    pub verdict: ExpectationVerdict,
    /// The figure that was judged: ns for `latency` and `overhead`, calls per second for `throughput`, a share for
    /// `efficiency`, a ratio for `speedup`. Absent where the expectation does not apply.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub estimate: Option<Estimate>,
    /// All of it in words.
    pub sentence: String,
}

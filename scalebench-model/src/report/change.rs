//! What a change moved, in the report.

use serde::Serialize;

use super::{Estimate, LoadChange};

/// Verdict on one factor of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "tools", derive(serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The 95 % interval lies wholly beyond the threshold.
    Changed,
    /// The 90 % interval lies wholly inside the threshold.
    Unchanged,
    /// The 95 % interval excludes no change but touches the threshold.
    Small,
    /// The data cannot tell.
    Inconclusive,
    /// Of scalability only: efficiency moved, but not for the worse or the better; [`Change::pattern`] says why.
    Neutral,
}

/// Why efficiency moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "tools", derive(serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Pattern {
    /// Efficiency fell, and the scaling overhead of a call did not grow: the faster call alone dilutes it.
    Diluted,
    /// Efficiency fell, and throughput did not: the faster call waits longer for the others.
    Absorbed,
    /// The same where throughput stayed as it was: what limits it is elsewhere.
    Saturated,
    /// Efficiency, and throughput with it, fell: threads get in each other's way more than before.
    ScalesWorse,
    /// Efficiency rose because the single call got slower, and for nothing else.
    SlowerCall,
}

impl Pattern {
    /// Whether scalability got neither worse nor better.
    #[must_use]
    pub fn is_neutral(self) -> bool {
        self != Self::ScalesWorse
    }

    /// Its name in running text.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Diluted => "diluted",
            Self::Absorbed => "absorbed",
            Self::Saturated => "saturated",
            Self::ScalesWorse => "worse",
            Self::SlowerCall => "only a slower call",
        }
    }
}

/// What changed against a baseline, split into performance and scalability.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "tools", derive(serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Change {
    /// Name of the baseline or revision.
    pub baseline: String,
    /// What the comparison controls for, for example "saved baseline: machine drift not controlled".
    pub scope: String,
    /// Thread count of the verdicts: the largest that counts in both. In load mode the number of callers.
    pub threads: u32,
    /// e^T: throughput, new over old; in load mode the load carried at the knee.
    pub throughput: Estimate,
    /// e^P: performance, above 1 is a faster single call.
    pub performance: Estimate,
    /// e^E: scalability, above 1 is more efficiency at `threads`; in load mode what the knee moved by beyond what the
    /// faster call alone brings.
    pub scalability: Estimate,
    /// Verdict on performance.
    pub performance_verdict: Verdict,
    /// Verdict on scalability.
    pub scalability_verdict: Verdict,
    /// The least change of performance that counts, as a share (0.01 is 1 %).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub performance_threshold: Option<f64>,
    /// The least change of scalability that counts, as a share.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scalability_threshold: Option<f64>,
    /// Launches that would about settle an inconclusive verdict on performance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub performance_more_launches: Option<u32>,
    /// Launches that would about settle an inconclusive verdict on scalability.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scalability_more_launches: Option<u32>,
    /// What the machine's drift between two runs and their neighbours add to the error of performance: a standard error, as
    /// a share, which is in the interval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub performance_drift: Option<f64>,
    /// The same for scalability.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scalability_drift: Option<f64>,
    /// Why efficiency moved, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pattern: Option<Pattern>,
    /// The change in one sentence.
    pub sentence: String,
    /// Both verdicts in a few words, for example "performance ×2.00 faster; scalability unchanged".
    #[serde(default)]
    pub short: String,
    /// The baseline's figures at each thread count, for the charts.
    pub old_points: Vec<OldPoint>,
    /// What is known besides in load mode.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub load: Option<LoadChange>,
}

impl Change {
    /// Whether there is a scalability to speak of: not at one thread, nor under load where a side has no knee.
    #[must_use]
    pub fn compares_scalability(&self) -> bool {
        match &self.load {
            Some(load) => load.knees_compared,
            None => self.threads > 1,
        }
    }

    /// The verdict on performance in a word or two.
    #[must_use]
    pub fn performance_word(&self) -> &'static str {
        let up = self.performance.estimate >= 1.0;
        match (self.performance_verdict, up) {
            (Verdict::Changed, true) => "faster",
            (Verdict::Changed, false) => "slower",
            (Verdict::Small, true) => "slightly faster",
            (Verdict::Small, false) => "slightly slower",
            (Verdict::Unchanged | Verdict::Neutral, _) => "unchanged",
            (Verdict::Inconclusive, _) => "inconclusive",
        }
    }

    /// The verdict on scalability in a word or two.
    #[must_use]
    pub fn scalability_word(&self) -> &'static str {
        if !self.compares_scalability() {
            return "not compared";
        }
        let up = self.scalability.estimate >= 1.0;
        match (self.scalability_verdict, up) {
            (Verdict::Changed, true) => "better",
            (Verdict::Changed, false) => "worse",
            (Verdict::Small, true) => "slightly better",
            (Verdict::Small, false) => "slightly worse",
            (Verdict::Unchanged, _) => "unchanged",
            (Verdict::Inconclusive, _) => "inconclusive",
            (Verdict::Neutral, _) => self.pattern.map_or("neutral", Pattern::word),
        }
    }
}

/// The baseline's figures at one thread count.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "tools", derive(serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OldPoint {
    /// Thread count N.
    pub threads: u32,
    /// Time per call, ns.
    pub latency_ns: f64,
    /// Calls per second over all threads.
    pub throughput_per_s: f64,
    /// Efficiency, where L(1) is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub efficiency: Option<f64>,
}

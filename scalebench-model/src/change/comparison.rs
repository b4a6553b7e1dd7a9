//! What a report is compared with, and from which size on a change counts.

use crate::data::Run;
pub use crate::data::Scope;

/// What a report is compared with.
#[derive(Debug, Clone, Copy)]
pub struct Comparison<'a> {
    /// Name of the baseline or revision, as the reader knows it.
    pub baseline: &'a str,
    /// How the two sides were measured.
    pub scope: Scope,
    /// The old runs; benchmarks are matched by id.
    pub runs: &'a [Run],
    /// From which size on a change is called one.
    pub thresholds: Thresholds,
}

impl Scope {
    /// What the comparison controls for, in words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Paired => "paired rounds: drift of the machine hits both alike",
            Self::Saved => "saved baseline: machine drift not controlled",
            Self::UnlikeMachines => {
                "saved baseline of an unlike machine: differences may be the machine's"
            }
        }
    }
}

/// The least change δ that counts, as a share: 0.01 is 1 %.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Thresholds {
    /// For performance.
    pub performance: f64,
    /// For scalability.
    pub scalability: f64,
}

impl Thresholds {
    /// 1 % and 2 % for paired runs; 2 % and 3 % against a saved run.
    #[must_use]
    pub fn of(scope: Scope) -> Self {
        match scope {
            Scope::Paired => Self {
                performance: 0.01,
                scalability: 0.02,
            },
            Scope::Saved | Scope::UnlikeMachines => Self {
                performance: 0.02,
                scalability: 0.03,
            },
        }
    }

    /// What counts, in words.
    ///
    /// ```
    /// use scalebench_model::change::{Scope, Thresholds};
    /// let words = Thresholds::of(Scope::Paired).words();
    /// assert_eq!(words, "changes count from 1 % of performance and 2 % of scalability on");
    /// ```
    #[must_use]
    pub fn words(self) -> String {
        let percent = |share: f64| {
            let text = format!("{:.1}", 100.0 * share);
            text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
        };
        format!(
            "changes count from {} % of performance and {} % of scalability on",
            percent(self.performance),
            percent(self.scalability)
        )
    }

    /// No smaller than these: what this machine was seen to vary by. Anything but a positive number is ignored.
    #[must_use]
    pub fn at_least(self, performance: f64, scalability: f64) -> Self {
        // `max` prefers a number to what is none.
        Self {
            performance: self.performance.max(performance),
            scalability: self.scalability.max(scalability),
        }
    }
}

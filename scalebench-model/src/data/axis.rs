//! What the thread count of a benchmark counts, and how it acts.

use serde::{Deserialize, Serialize};

use super::Grid;

/// How the thread count acts on a benchmark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// N threads call the function over and over.
    Concurrent,
    /// One call at a time runs inside a rayon pool of N threads.
    Parallel,
    /// Calls arrive on a schedule.
    Load,
}

/// What the thread count of a benchmark's points counts: the axis of its sweep.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Axis {
    /// Threads; of an async benchmark the worker threads, with a task for each.
    #[default]
    Threads,
    /// Tasks in flight of an async benchmark, on a fixed number of worker threads.
    Tasks,
    /// Processes, with a calling thread in each.
    Processes,
    /// Callers: processes times the calling threads in each.
    Callers,
}

impl Axis {
    /// Whether it is the usual axis, which files leave out.
    #[must_use]
    pub fn is_threads(&self) -> bool {
        *self == Self::Threads
    }

    /// What is counted, in the plural.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Threads => "threads",
            Self::Tasks => "tasks",
            Self::Processes => "processes",
            Self::Callers => "callers",
        }
    }

    /// "1 thread", "8 tasks".
    ///
    /// ```
    /// use scalebench_model::data::Axis;
    /// assert_eq!(Axis::Threads.count(1), "1 thread");
    /// assert_eq!(Axis::Tasks.count(8), "8 tasks");
    /// ```
    #[must_use]
    pub fn count(self, n: u32) -> String {
        match (self, n) {
            (Self::Threads, 1) => "1 thread".to_owned(),
            (Self::Tasks, 1) => "1 task".to_owned(),
            (Self::Processes, 1) => "1 process".to_owned(),
            (Self::Callers, 1) => "1 caller".to_owned(),
            _ => format!("{n} {}", self.name()),
        }
    }

    /// The same, with what the callers of a grid are: "8 callers (4 processes x 2 threads)".
    #[must_use]
    pub fn count_in(self, n: u32, grid: Option<Grid>) -> String {
        let count = self.count(n);
        grid.map_or_else(|| count.clone(), |grid| format!("{count} ({grid})"))
    }
}

//! What a calling thread writes down while it runs.

use crate::sys::Reading;

/// Calls that ran back to back between two clock reads. Times are ns of the worker's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) begin: u64,
    pub(crate) end: u64,
    pub(crate) calls: u64,
}

/// The time between two looks at a thread's run-queue wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Wait {
    pub(crate) begin: u64,
    pub(crate) end: u64,
    pub(crate) waiting_ns: u64,
}

/// The log of one caller over one window.
#[derive(Debug, Clone, Default)]
pub(crate) struct Log {
    /// Chunks in order of time.
    pub(crate) spans: Vec<Span>,
    /// Times in which the caller waited for a CPU; what lies between them was free of waiting.
    pub(crate) waits: Vec<Wait>,
    /// When and with what the accounting of `split` began and ended.
    pub(crate) split_begin: (u64, Reading),
    pub(crate) split_end: (u64, Reading),
    /// The window, the same in every log.
    pub(crate) open: u64,
    pub(crate) close: u64,
    /// When the window's regime ended: calls that were still running then tell nothing.
    pub(crate) regime_end: u64,
    /// How many threads' time `split` accounts for.
    pub(crate) accounted_threads: u32,
}

impl Log {
    /// Empties the log and keeps its memory.
    pub(crate) fn clear(&mut self) {
        self.spans.clear();
        self.waits.clear();
    }
}

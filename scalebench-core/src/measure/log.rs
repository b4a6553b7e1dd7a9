//! What a calling thread writes down while it runs.

use super::SLICE_NS;
use super::pace::Glance;
use super::stretch::Stretch;
use crate::protocol::SentLog;
use crate::sys::Counted;

/// Calls that ran back to back between two clock reads. Times are ns of the worker's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) begin: u64,
    pub(crate) end: u64,
    pub(crate) calls: u64,
}

/// A time between two looks in which the caller may have been off its CPU, and where that time went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Pause {
    pub(crate) begin: u64,
    pub(crate) end: u64,
    pub(crate) on_cpu_ns: u64,
    pub(crate) waiting_ns: u64,
}

/// What the calls of one operation in a chunk took, where each is timed by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Tally {
    pub(crate) calls: u64,
    /// The sum, ns.
    pub(crate) ns: u64,
}

/// The log of one caller over one window.
#[derive(Debug, Clone, Default)]
pub(crate) struct Log {
    /// Chunks in order of time.
    pub(crate) spans: Vec<Span>,
    /// How long each chunk took by a clock of the user's, ns; empty where none was used.
    pub(crate) own_times: Vec<u64>,
    /// The items or bytes of each chunk; empty where they are not counted from the inputs.
    pub(crate) works: Vec<f64>,
    /// In a mix, one for each operation, span by span; else empty.
    pub(crate) tallies: Vec<Tally>,
    /// In order of time. Between them the caller never left its CPU.
    pub(crate) pauses: Vec<Pause>,
    /// Where batches of inputs were made first, the times in which they were called; else empty.
    pub(in crate::measure) phases: Vec<Stretch>,
    /// Involuntary context switches.
    pub(crate) involuntary: u64,
    /// How often the threads that do the work of this caller were given a CPU.
    pub(crate) arrivals: u64,
    /// The window, the same in every log.
    pub(crate) open: u64,
    pub(crate) close: u64,
    /// When the window's regime ended: calls that were still running then tell nothing.
    pub(crate) regime_end: u64,
    /// What the hardware counted between two chunk boundaries in the window, and over how many calls.
    pub(crate) hardware: Option<(Counted, u64)>,
    /// How many threads do the work of this caller.
    pub(crate) threads: u32,
    /// Their time on a CPU from the first chunk to the last, ns.
    pub(crate) on_cpu_ns: u64,
    /// How many CPUs threads of the process kept busy that are no callers, the same in every log.
    pub(crate) helpers: f64,
    /// Of tasks, the share of the window in which their workers waited for a CPU, the same in every log, 0 to 1.
    pub(crate) workers_waited: f64,
    /// How fast the caller's CPU was, in order of time; empty where that was not looked at.
    pub(crate) glances: Vec<Glance>,
}

impl Log {
    /// For another process.
    pub(crate) fn to_send(&self) -> SentLog {
        let hardware = self
            .hardware
            .map(|(counted, calls)| [counted.instructions, counted.cycles, calls]);
        SentLog {
            spans: self
                .spans
                .iter()
                .flat_map(|span| [span.begin, span.end, span.calls])
                .collect(),
            pauses: self
                .pauses
                .iter()
                .flat_map(|pause| [pause.begin, pause.end, pause.on_cpu_ns, pause.waiting_ns])
                .collect(),
            works: self.works.clone(),
            hardware: hardware.into_iter().flatten().collect(),
            involuntary: self.involuntary,
            arrivals: self.arrivals,
            helpers: self.helpers,
        }
    }

    /// From another process, whose clock is ahead by `ahead_ns`; the window is the one that was agreed.
    pub(crate) fn received(
        sent: &SentLog,
        ahead_ns: i64,
        [open, close, regime_end]: [u64; 3],
    ) -> Self {
        let here = |time: u64| time.saturating_add_signed(ahead_ns.saturating_neg());
        let span = |span: &[u64]| Span {
            begin: here(span[0]),
            end: here(span[1]).max(here(span[0])),
            calls: span[2],
        };
        let pause = |pause: &[u64]| Pause {
            begin: here(pause[0]),
            end: here(pause[1]).max(here(pause[0]).saturating_add(1)),
            on_cpu_ns: pause[2],
            waiting_ns: pause[3],
        };
        let hardware = |&[instructions, cycles, calls]: &[u64; 3]| {
            (
                Counted {
                    instructions,
                    cycles,
                },
                calls,
            )
        };
        Self {
            spans: sent.spans.chunks_exact(3).map(span).collect(),
            pauses: sent.pauses.chunks_exact(4).map(pause).collect(),
            works: sent.works.clone(),
            hardware: sent.hardware.first_chunk().map(hardware),
            involuntary: sent.involuntary,
            arrivals: sent.arrivals,
            open,
            close,
            regime_end,
            threads: 1,
            helpers: sent.helpers,
            ..Self::default()
        }
    }

    /// From the first chunk to the last, ns.
    pub(super) fn passage_ns(&self) -> u64 {
        let ends = self.spans.first().zip(self.spans.last());
        ends.map_or(0, |(first, last)| last.end - first.begin)
    }

    /// Whether its threads sleep and wake within slices.
    pub(super) fn wakes_often(&self) -> bool {
        self.arrivals * SLICE_NS > self.passage_ns() * u64::from(self.threads)
    }

    /// Empties the log and keeps its memory.
    pub(crate) fn clear(&mut self) {
        self.spans.clear();
        self.own_times.clear();
        self.works.clear();
        self.tallies.clear();
        self.pauses.clear();
        self.phases.clear();
        self.hardware = None;
        self.glances.clear();
    }
}

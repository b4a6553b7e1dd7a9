//! What the callers of one window tell each other: the protocol that opens and closes it.
//!
//! Three atomics and nothing else, so that `tests/loom` can try every order of events with this very file.

use super::log::Log;
use super::sync::{AtomicU64, AtomicUsize, CachePadded, Ordering, spin_loop, yield_now};

/// What one window is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct WindowPlan {
    /// Thread count N.
    pub(crate) threads: usize,
    /// Calls between two clock reads.
    pub(crate) chunk_calls: u64,
    /// Length of the window, ns.
    pub(crate) window_ns: u64,
    /// Time from the moment at which the last caller begins to call to the opening, ns.
    pub(crate) ramp_ns: u64,
    /// Where making the inputs of calls takes longer than the calls, how many are made before they are called: see
    /// [`Control::meet`].
    pub(crate) batch: Option<u64>,
    /// The longest wait for callers that do not get their turn, before the opening and after the close, ns.
    pub(crate) limit_ns: u64,
    /// The longest wait for callers to begin, ns, where that is longer: it is the CPUs that they wait for, and not each other.
    pub(crate) begin_ns: u64,
    /// When it opens, where that is agreed with callers of other processes. They cannot be seen, so nobody waits for them:
    /// everyone goes on until the limit after the close, in which all of them pass it.
    pub(crate) opens: Option<Agreed>,
}

/// What callers of several processes have agreed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Agreed {
    /// When the window opens.
    pub(crate) open: u64,
    /// Whether there are more callers than CPUs.
    pub(crate) crowded: bool,
}

const NOT_OPEN: u64 = u64::MAX;

/// A moment between two looks at whether the others have come. Whoever they need a CPU of gets it before long.
fn give_way(waits: u32) {
    if waits.is_multiple_of(64) {
        yield_now();
    } else {
        spin_loop();
    }
}

/// What the callers of one window tell each other.
#[derive(Debug)]
pub(crate) struct Control {
    plan: WindowPlan,
    callers: usize,
    /// The opening is forced at this time.
    open_by: u64,
    /// Callers that have begun to call.
    running: CachePadded<AtomicUsize>,
    /// When the window opens; read after every chunk, written once.
    open: CachePadded<AtomicU64>,
    /// Callers that have passed the close.
    passed: CachePadded<AtomicUsize>,
    /// Callers that have made a batch and wait for the others.
    met: CachePadded<AtomicUsize>,
    /// How often all have met, with [`LAST`] at the last time; [`ENDED`] where one has failed.
    phase: CachePadded<AtomicU64>,
}

const ENDED: u64 = u64::MAX;

/// The bit that marks the last phase.
const LAST: u64 = 1 << 63;

impl Control {
    /// For `callers` callers that are about to start.
    pub(crate) fn new(plan: WindowPlan, callers: usize, now: u64) -> Self {
        Self {
            plan,
            callers,
            open_by: now.saturating_add(plan.limit_ns.max(plan.begin_ns)),
            running: CachePadded::new(AtomicUsize::new(0)),
            open: CachePadded::new(AtomicU64::new(
                plan.opens.map_or(NOT_OPEN, |agreed| agreed.open),
            )),
            passed: CachePadded::new(AtomicUsize::new(0)),
            met: CachePadded::new(AtomicUsize::new(0)),
            phase: CachePadded::new(AtomicU64::new(0)),
        }
    }

    /// Waits until all callers have made a batch of inputs; returns whether another one follows after it, or `None` where it is
    /// not to be called because a caller has failed.
    ///
    /// Who meets last decides, so that all go on or none, before inputs are made that nobody would call. `now` is its own time,
    /// `began` when it began with its first batch.
    pub(crate) fn meet(&self, began: u64, now: u64) -> Option<bool> {
        let phase = self.phase.load(Ordering::Acquire);
        if phase == ENDED {
            return None;
        }
        if self.met.fetch_add(1, Ordering::AcqRel) + 1 < self.callers {
            let mut waits = 0_u32;
            while self.phase.load(Ordering::Acquire) == phase {
                waits = waits.saturating_add(1);
                give_way(waits);
            }
        } else {
            self.met.store(0, Ordering::Relaxed);
            let enough = now >= began.saturating_add(self.plan.window_ns);
            let next = (phase + 1) | if enough { LAST } else { 0 };
            // An end that somebody called for in the meantime stands.
            let _ = self
                .phase
                .compare_exchange(phase, next, Ordering::AcqRel, Ordering::Acquire);
        }
        match self.phase.load(Ordering::Acquire) {
            ENDED => None,
            now => Some(now & LAST == 0),
        }
    }

    /// Lets nobody wait for a caller that will not come.
    pub(crate) fn end_phases(&self) {
        self.phase.store(ENDED, Ordering::Release);
    }

    /// A caller is about to begin its first chunk.
    pub(crate) fn arrive(&self, now: u64) {
        // The one that completes the count opens; the count is the only thing the callers agree on, so AcqRel is enough.
        if self.running.fetch_add(1, Ordering::AcqRel) + 1 == self.callers {
            self.open_at(now + self.plan.ramp_ns);
        }
    }

    /// What the window is to be.
    pub(super) fn plan(&self) -> WindowPlan {
        self.plan
    }

    /// Calls between two clock reads.
    pub(crate) fn chunk_calls(&self) -> u64 {
        self.plan.chunk_calls
    }

    /// How many callers there are.
    pub(crate) fn callers(&self) -> usize {
        self.callers
    }

    fn open_at(&self, time: u64) {
        // Whoever comes second finds it open; the first opening stands.
        let _ = self
            .open
            .compare_exchange(NOT_OPEN, time, Ordering::AcqRel, Ordering::Acquire);
    }

    /// When the window opens, where that is settled at `now`.
    fn opening(&self, now: u64) -> Option<u64> {
        let open = self.open.load(Ordering::Acquire);
        if open != NOT_OPEN {
            return Some(open);
        }
        if now >= self.open_by {
            self.open_at(now + self.plan.ramp_ns);
            return Some(self.open.load(Ordering::Acquire));
        }
        None
    }

    fn pass(&self) {
        self.passed.fetch_add(1, Ordering::AcqRel);
    }

    fn all_passed(&self) -> bool {
        self.plan.opens.is_none() && self.passed.load(Ordering::Acquire) == self.callers
    }

    fn close(&self, open: u64) -> u64 {
        open.saturating_add(self.plan.window_ns)
    }

    /// Calls that still run at this time were kept from their turn to the end.
    fn regime_end(&self, open: u64) -> u64 {
        self.close(open).saturating_add(self.plan.limit_ns)
    }
}

/// How far one caller is through its window.
#[derive(Debug, Default)]
pub(crate) struct Passage {
    passed: bool,
}

impl Passage {
    /// After a chunk that ended at `now`: when the window opens, where that is settled, and whether it is closed by now.
    pub(super) fn look(&self, control: &Control, now: u64) -> (Option<u64>, bool) {
        let open = control.opening(now);
        (open, open.is_some_and(|open| now >= control.close(open)))
    }

    /// After the close. Returns whether the window is over for all; then the log knows where it was.
    pub(super) fn leave(&mut self, control: &Control, open: u64, now: u64, log: &mut Log) -> bool {
        if !self.passed {
            control.pass();
            self.passed = true;
        }
        let over = control.all_passed() || now >= control.regime_end(open);
        if over {
            log.open = open;
            log.close = control.close(open);
            log.regime_end = control.regime_end(open);
        }
        over
    }

    /// Whether this caller has passed the close.
    pub(super) fn has_passed(&self) -> bool {
        self.passed
    }

    /// After a chunk that ended at `now`: whether another one follows.
    pub(crate) fn go_on(&mut self, control: &Control, now: u64, log: &mut Log) -> bool {
        let (open, closed) = self.look(control, now);
        let open = open.filter(|_| closed);
        open.is_none_or(|open| !self.leave(control, open, now, log))
    }
}

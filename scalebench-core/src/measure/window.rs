//! One window: when it opens, when it closes, and what a caller does meanwhile.
//!
//! There is no barrier. Every caller begins as soon as it wakes; the window opens when each of them has finished a
//! chunk (plus a ramp), and everyone goes on until each of them has passed the close. So neither a late start nor an
//! early end is inside. A caller that never gets its turn, as under an unfair lock, would keep the others for ever:
//! `limit_ns` bounds both waits.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use crossbeam_utils::CachePadded;

use super::SLICE_NS;
use super::log::{Log, Pause, Span};
use crate::sys::{Clock, Counted, Counters, Reading, ThreadMeter};

/// What one window is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct WindowPlan {
    /// Thread count N.
    pub(crate) threads: usize,
    /// Calls between two clock reads.
    pub(crate) chunk_calls: u64,
    /// Length of the window, ns.
    pub(crate) window_ns: u64,
    /// Time from the moment at which all callers run to the opening, ns.
    pub(crate) ramp_ns: u64,
    /// The longest wait for callers that do not get their turn, before the opening and after the close, ns.
    pub(crate) limit_ns: u64,
}

const NOT_OPEN: u64 = u64::MAX;

/// What the callers of one window tell each other.
#[derive(Debug)]
pub(crate) struct Control {
    plan: WindowPlan,
    callers: usize,
    /// The opening is forced at this time.
    open_by: u64,
    /// Callers that have finished a chunk.
    running: CachePadded<AtomicUsize>,
    /// When the window opens; read after every chunk, written once.
    open: CachePadded<AtomicU64>,
    /// Callers that have passed the close.
    passed: CachePadded<AtomicUsize>,
}

impl Control {
    /// For `callers` callers that are about to start.
    pub(crate) fn new(plan: WindowPlan, callers: usize, now: u64) -> Self {
        Self {
            plan,
            callers,
            open_by: now.saturating_add(plan.limit_ns),
            running: CachePadded::new(AtomicUsize::new(0)),
            open: CachePadded::new(AtomicU64::new(NOT_OPEN)),
            passed: CachePadded::new(AtomicUsize::new(0)),
        }
    }

    /// A caller has finished its first chunk.
    fn announce(&self, now: u64) {
        // The one that completes the count opens; the count is the only thing the callers agree on, so AcqRel is enough.
        if self.running.fetch_add(1, Ordering::AcqRel) + 1 == self.callers {
            self.open_at(now + self.plan.ramp_ns);
        }
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
        self.passed.load(Ordering::Acquire) == self.callers
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
    announced: bool,
    passed: bool,
}

impl Passage {
    /// After a chunk that ended at `now`: when the window opens, where that is settled, and whether it is closed by now.
    fn look(&mut self, control: &Control, now: u64) -> (Option<u64>, bool) {
        if !self.announced {
            control.announce(now);
            self.announced = true;
        }
        let open = control.opening(now);
        (open, open.is_some_and(|open| now >= control.close(open)))
    }

    /// After the close. Returns whether the window is over for all; then the log knows where it was.
    fn leave(&mut self, control: &Control, open: u64, now: u64, log: &mut Log) -> bool {
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

    /// After a chunk that ended at `now`: whether another one follows.
    pub(crate) fn go_on(&mut self, control: &Control, now: u64, log: &mut Log) -> bool {
        let (open, closed) = self.look(control, now);
        let open = open.filter(|_| closed);
        open.is_none_or(|open| !self.leave(control, open, now, log))
    }
}

/// Runs chunks of calls: the code under measurement.
pub(crate) trait Chunks {
    /// Makes `calls` calls. `begin` is when the chunk before ended; the span begins there unless inputs were made first.
    fn run(&mut self, calls: u64, threads: usize, clock: Clock, begin: u64) -> Span;

    /// After a window, adds to its log what the spans do not tell.
    fn write_down(&mut self, _log: &mut Log) {}
}

/// Reads what the kernel knows of the threads that do the work of one caller.
pub(crate) trait Meter {
    /// Changes whenever one of the threads may have left its CPU; cheap.
    fn mark(&self) -> u64;
    /// Everything.
    fn read(&self) -> Reading;
    /// How many threads these are.
    fn threads(&self) -> u32;
}

impl Meter for ThreadMeter {
    fn mark(&self) -> u64 {
        self.switches()
    }

    fn read(&self) -> Reading {
        self.read()
    }

    fn threads(&self) -> u32 {
        1
    }
}

/// Finds the times in which a caller may have been off its CPU.
#[derive(Debug)]
struct Watch {
    since: u64,
    mark: u64,
    reading: Reading,
}

impl Watch {
    fn new(now: u64, meter: &dyn Meter) -> Self {
        Self {
            since: now,
            mark: meter.mark(),
            reading: meter.read(),
        }
    }

    fn is_due(&self, now: u64) -> bool {
        now >= self.since + SLICE_NS
    }

    /// Without a context switch the thread never left its CPU, and the dearer figures need not be read.
    fn look(&mut self, now: u64, meter: &dyn Meter, pauses: &mut Vec<Pause>) {
        let mark = meter.mark();
        if mark != self.mark {
            let reading = meter.read();
            pauses.push(Pause {
                begin: self.since,
                end: now,
                on_cpu_ns: reading.on_cpu_ns.saturating_sub(self.reading.on_cpu_ns),
                waiting_ns: reading.waiting_ns.saturating_sub(self.reading.waiting_ns),
            });
            self.mark = mark;
            self.reading = reading;
        } else {
            self.reading.on_cpu_ns += now.saturating_sub(self.since);
        }
        self.since = now;
    }
}

/// Reads the hardware counters twice in a window, at the first and the last chunk boundary inside.
#[derive(Debug, Default)]
struct HardwareWatch {
    begin: Option<Counted>,
    end: Option<Counted>,
    calls: u64,
}

impl HardwareWatch {
    fn look(&mut self, opened: bool, closed: bool, calls: u64, counters: &mut Counters) {
        match (self.begin, self.end) {
            (None, _) if opened && !closed => self.begin = counters.read(),
            (Some(_), None) => {
                self.calls += calls;
                if closed {
                    self.end = counters.read();
                }
            }
            _ => {}
        }
    }

    fn counted(&self) -> Option<(Counted, u64)> {
        let (begin, end) = (self.begin?, self.end?);
        let counted = Counted {
            instructions: end.instructions.saturating_sub(begin.instructions),
            cycles: end.cycles.saturating_sub(begin.cycles),
        };
        Some((counted, self.calls))
    }
}

/// What one caller does in one window, from its first chunk until the window is over for all.
pub(crate) fn call_through(
    control: &Control,
    chunks: &mut dyn Chunks,
    meter: &dyn Meter,
    counters: &mut Option<Counters>,
    clock: Clock,
    log: &mut Log,
) {
    let plan = control.plan;
    log.clear();
    log.threads = meter.threads();
    let before = meter.read();
    let mut now = clock.now();
    let mut watch = Watch::new(now, meter);
    let mut hardware = HardwareWatch::default();
    let mut passage = Passage::default();
    loop {
        let span = chunks.run(plan.chunk_calls, plan.threads, clock, now);
        now = span.end;
        log.spans.push(span);
        let (open, closed) = passage.look(control, now);
        if let (Some(counters), Some(open)) = (counters.as_mut(), open) {
            hardware.look(now >= open, closed, span.calls, counters);
        }
        // The last look is at the close, so that no slice of the window stays unseen.
        if watch.is_due(now) || (closed && !passage.passed) {
            watch.look(now, meter, &mut log.pauses);
            now = clock.now();
        }
        let Some(open) = open.filter(|_| closed) else {
            continue;
        };
        if passage.leave(control, open, now, log) {
            chunks.write_down(log);
            let after = meter.read();
            log.involuntary = after.involuntary.saturating_sub(before.involuntary);
            log.arrivals = after.arrivals.saturating_sub(before.arrivals);
            log.hardware = hardware.counted();
            return;
        }
    }
}

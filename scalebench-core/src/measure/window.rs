//! One window: when it opens, when it closes, and what a caller does meanwhile.
//!
//! There is no barrier. Every caller begins as soon as it wakes; the window opens when the last of them begins (plus a
//! ramp), and everyone goes on until each of them has passed the close. So neither a late start nor an early end is
//! inside. A caller that never gets its turn, as under an unfair lock, would keep the others for ever: `limit_ns` bounds
//! both waits.

use super::SLICE_NS;
use super::log::{Log, Pause, Span};
use super::pace::Glances;
use super::stretch::Stretch;
use crate::sys::{Clock, Counted, Counters, Reading, ThreadMeter};

pub(crate) use super::control::{Agreed, Control, Passage, WindowPlan};

/// Runs chunks of calls: the code under measurement.
pub(crate) trait Chunks {
    /// Makes `calls` calls. `begin` is when the chunk before ended; the span begins there unless inputs were made first.
    fn run(&mut self, calls: u64, threads: usize, clock: Clock, begin: u64) -> Span;
    /// Makes the inputs of so many calls, which the next runs take.
    fn prepare(&mut self, _calls: u64, _threads: usize) {}
    /// Answers an arrival: makes the input of one call, waits until the call is to begin, and makes it. `wait` returns
    /// when that was.
    fn arrive(&mut self, threads: usize, clock: Clock, wait: &mut dyn FnMut() -> u64) -> Arrived {
        let begin = wait();
        let span = self.run(1, threads, clock, begin);
        Arrived {
            begin,
            end: span.end,
            error: None,
        }
    }
    /// Makes what every window starts with, where there is anything.
    fn renew(&mut self, _threads: usize) {}
    /// Drops it.
    fn clear(&mut self) {}
    /// How long the latest calls took by a clock of the user's, ns, where they are timed by one.
    fn own_time(&self) -> Option<u64> {
        None
    }

    /// The items or bytes of the latest calls, where they are counted from the inputs.
    fn work(&self) -> Option<f64> {
        None
    }

    /// After a window, adds to its log what the spans do not tell.
    fn write_down(&mut self, _log: &mut Log) {}
}

/// One call that answered an arrival. Times are ns of the worker's clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Arrived {
    pub(crate) begin: u64,
    pub(crate) end: u64,
    /// The error that it returned, where it returned one.
    pub(crate) error: Option<String>,
}

/// Reads what the kernel knows of the threads that do the work of one caller.
pub(crate) trait Meter {
    /// CPU time so far of the one thread that this is about, ns, cheaper than reading everything; `None` where it is about
    /// several threads.
    fn on_cpu_ns(&self) -> Option<u64>;
    /// Everything; `None` where the kernel does not say.
    fn read(&self) -> Option<Reading>;
    /// How many threads these are.
    fn threads(&self) -> u32;
}

impl Meter for ThreadMeter {
    fn on_cpu_ns(&self) -> Option<u64> {
        ThreadMeter::on_cpu_ns(self)
    }

    fn read(&self) -> Option<Reading> {
        ThreadMeter::read(self)
    }

    fn threads(&self) -> u32 {
        1
    }
}

/// A thread that was away from its CPU for this share of the time between two looks has a pause there. Less is what the
/// kernel's own work costs everybody.
const AWAY_SHARE: f64 = 0.01;

/// A look takes a few µs. One that takes so long lost its CPU, ns.
const LONG_LOOK_NS: u64 = 100_000;

/// Finds the times in which a caller may have been off its CPU.
#[derive(Debug)]
struct Watch {
    since: u64,
    /// CPU time at that time, ns.
    on_cpu_ns: u64,
    /// Everything, as it was at the start and after each pause.
    reading: Option<Reading>,
}

impl Watch {
    fn new(now: u64, meter: &dyn Meter) -> Self {
        Self {
            since: now,
            on_cpu_ns: meter.on_cpu_ns().unwrap_or(0),
            reading: meter.read(),
        }
    }

    fn is_due(&self, now: u64) -> bool {
        now >= self.since + SLICE_NS
    }

    /// A thread whose CPU time went on with the clock never left its CPU, and the dearer figures need not be read.
    fn look(&mut self, now: u64, meter: &dyn Meter, pauses: &mut Vec<Pause>) {
        let Some(before) = self.reading else {
            return;
        };
        let begin = std::mem::replace(&mut self.since, now);
        let passed = now.saturating_sub(begin);
        let mut on_cpu_ns = None;
        if let Some(so_far) = meter.on_cpu_ns() {
            let used = so_far.saturating_sub(self.on_cpu_ns);
            self.on_cpu_ns = so_far;
            if passed.saturating_sub(used) as f64 <= AWAY_SHARE * passed as f64 {
                return;
            }
            on_cpu_ns = Some(used);
        }
        let Some(after) = meter.read() else {
            return;
        };
        let on_cpu_ns =
            on_cpu_ns.unwrap_or_else(|| after.on_cpu_ns.saturating_sub(before.on_cpu_ns));
        pauses.push(Pause {
            begin,
            end: now,
            on_cpu_ns,
            waiting_ns: waited(&before, &after, passed.saturating_sub(on_cpu_ns)),
        });
        self.reading = Some(after);
    }
}

/// How long a caller waited for a CPU between two readings in which it was away from its CPU for `away_ns`.
///
/// A thread that was not on its CPU and yet was never switched off it did not wait in any queue of this system: a hypervisor
/// had taken the CPU away, or an interrupt had. That is others' doing as much.
fn waited(before: &Reading, after: &Reading, away_ns: u64) -> u64 {
    let stayed = after.switches.is_some() && after.switches == before.switches;
    match stayed {
        true => away_ns,
        false => after.waiting_ns.saturating_sub(before.waiting_ns),
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
    glances: Option<Glances>,
    log: &mut Log,
) {
    log.clear();
    log.threads = meter.threads();
    let before = meter.read().unwrap_or_default();
    match control.plan().batch {
        None => call_on(control, chunks, meter, counters, clock, glances, log),
        Some(batch) => call_in_phases(control, chunks, meter, clock, batch, log),
    }
    chunks.write_down(log);
    let after = meter.read().unwrap_or_default();
    log.involuntary = after.involuntary.saturating_sub(before.involuntary);
    log.arrivals = after.arrivals.saturating_sub(before.arrivals);
    log.on_cpu_ns = after.on_cpu_ns.saturating_sub(before.on_cpu_ns);
}

/// Calls without a break.
fn call_on(
    control: &Control,
    chunks: &mut dyn Chunks,
    meter: &dyn Meter,
    counters: &mut Option<Counters>,
    clock: Clock,
    mut glances: Option<Glances>,
    log: &mut Log,
) {
    let plan = control.plan();
    if let Some(glances) = &mut glances {
        glances.look(clock.now(), false, clock, &mut log.glances);
    }
    let mut watch = Watch::new(clock.now(), meter);
    let mut hardware = HardwareWatch::default();
    let mut passage = Passage::default();
    let mut now = clock.now();
    control.arrive(now);
    loop {
        let span = chunks.run(plan.chunk_calls, plan.threads, clock, now);
        now = span.end;
        note(span, chunks, log);
        let (open, closed) = passage.look(control, now);
        if let (Some(counters), Some(open)) = (counters.as_mut(), open) {
            hardware.look(now >= open, closed, span.calls, counters);
        }
        // The last look is at the close, so that no slice of the window stays unseen.
        if watch.is_due(now) || (closed && !passage.has_passed()) {
            watch.look(now, meter, &mut log.pauses);
            let looked = match &mut glances {
                Some(glances) => glances.look(now, closed, clock, &mut log.glances),
                None => clock.now(),
            };
            // A turn that ends in a look would have ended in the calls after it, to which the wait belongs as all others do. Systems
            // like to end turns there: where threads outnumber the CPUs, half of the waits would be nobody's.
            if looked < now + LONG_LOOK_NS {
                now = looked;
            }
        }
        let Some(open) = open.filter(|_| closed) else {
            continue;
        };
        if passage.leave(control, open, now, log) {
            log.hardware = hardware.counted();
            return;
        }
    }
}

fn note(span: Span, chunks: &dyn Chunks, log: &mut Log) {
    log.spans.push(span);
    log.own_times.extend(chunks.own_time());
    log.works.extend(chunks.work());
}

/// Ends the phases for the others should this caller panic.
struct EndsPhases<'a>(Option<&'a Control>);

impl Drop for EndsPhases<'_> {
    fn drop(&mut self) {
        if let Some(control) = self.0 {
            control.end_phases();
        }
    }
}

/// Makes a batch of inputs, waits until everybody has made one, and calls it, until that was done for the length of a window.
///
/// Who makes inputs for longer than it calls is seldom inside a call while the others are: so everybody makes them at the same time.
fn call_in_phases(
    control: &Control,
    chunks: &mut dyn Chunks,
    meter: &dyn Meter,
    clock: Clock,
    batch: u64,
    log: &mut Log,
) {
    let plan = control.plan();
    let mut fails = EndsPhases(Some(control));
    let began = clock.now();
    let mut another = true;
    while another {
        chunks.prepare(batch, plan.threads);
        let Some(follows) = control.meet(began, clock.now()) else {
            break;
        };
        another = follows;
        let begin = clock.now();
        let mut watch = Watch::new(begin, meter);
        let mut now = clock.now();
        let mut left = batch;
        while left > 0 {
            let span = chunks.run(plan.chunk_calls.min(left), plan.threads, clock, now);
            left = left.saturating_sub(span.calls.max(1));
            now = span.end;
            note(span, chunks, log);
            if watch.is_due(now) || left == 0 {
                watch.look(now, meter, &mut log.pauses);
                now = clock.now();
            }
        }
        log.phases.push(Stretch { begin, end: now });
    }
    fails.0 = None;
    log.open = log.phases.first().map_or(began, |phase| phase.begin);
    log.close = log.phases.last().map_or(began, |phase| phase.end);
    log.regime_end = u64::MAX;
}

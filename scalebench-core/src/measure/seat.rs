//! What each thread of a team does: it waits for a task, does it, and hands back what came of it.

use std::sync::Arc;

use super::load::{self, AnswerLog, Arrivals};
use super::log::{Log, Span};
use super::pace::Glances;
use super::window::{Chunks, Control, call_through};
use super::{Caught, catch};
use crate::channel::{Receiver, Sender};
use crate::launch::Thread;
use crate::sys::{Clock, Counters, ThreadMeter, pin};

/// What a member is asked to do.
#[derive(Debug)]
pub(super) enum Task {
    Renew {
        part: Part,
        pinned: bool,
    },
    Clear,
    Window {
        control: Arc<Control>,
        part: Part,
        pinned: bool,
        /// Whether no other caller shares its physical core, so that the CPU's pace is not their doing.
        paced: bool,
        log: Box<Log>,
    },
    TimeCalls {
        calls: u64,
        slot: usize,
    },
    Arrivals {
        arrivals: Arc<Arrivals>,
        pinned: bool,
    },
}

/// What one member does in a window: the same as the others, unless it has a role.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part {
    /// Which member.
    pub(super) index: usize,
    /// Its place among the threads of the window, which decides its CPU.
    pub(super) slot: usize,
    /// Calls between two clock reads; 0: as the window's plan says.
    pub(super) chunk_calls: u64,
    /// How many members do the same.
    pub(super) threads: usize,
}

impl Part {
    /// The parts of `threads` members that all do the same.
    pub(super) fn alike(threads: usize, chunk_calls: u64) -> Vec<Self> {
        let part = |index| Self {
            index,
            slot: index,
            chunk_calls,
            threads,
        };
        (0..threads).map(part).collect()
    }
}

/// A member's own chunks.
struct Own<'a> {
    chunks: &'a mut dyn Chunks,
    part: Part,
}

impl Chunks for Own<'_> {
    fn run(&mut self, calls: u64, _threads: usize, clock: Clock, begin: u64) -> Span {
        let Part {
            chunk_calls,
            threads,
            ..
        } = self.part;
        let calls = if chunk_calls > 0 { chunk_calls } else { calls };
        self.chunks.run(calls, threads, clock, begin)
    }

    fn prepare(&mut self, calls: u64, _threads: usize) {
        self.chunks.prepare(calls, self.part.threads);
    }

    fn write_down(&mut self, log: &mut Log) {
        self.chunks.write_down(log);
    }

    fn own_time(&self) -> Option<u64> {
        self.chunks.own_time()
    }

    fn work(&self) -> Option<f64> {
        self.chunks.work()
    }
}

/// What calls took that were timed together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Timing {
    pub(crate) calls_ns: u64,
    /// What making their inputs took, ns.
    pub(crate) making_ns: u64,
}

impl Timing {
    /// Times so many calls at N = 1.
    pub(super) fn of<C: Chunks + ?Sized>(chunks: &mut C, calls: u64, clock: Clock) -> Self {
        let begin = clock.now();
        let span = chunks.run(calls, 1, clock, begin);
        Self {
            calls_ns: span.end - span.begin,
            making_ns: span.begin.saturating_sub(begin),
        }
    }
}

/// What a member hands back.
#[derive(Debug)]
pub(super) enum Outcome {
    Ready,
    Log(Box<Log>),
    Time(Timing),
    Answers(AnswerLog),
}

/// A member's place: what it needs to work.
#[derive(Debug)]
pub(super) struct Seat {
    pub(super) thread: Thread,
    pub(super) clock: Clock,
    pub(super) placement: Vec<u32>,
    pub(super) tasks: Receiver<Task>,
    pub(super) outcomes: Sender<(usize, Caught<Outcome>)>,
}

impl Seat {
    pub(super) fn report(&self, outcome: Caught<Outcome>) {
        // Nobody listens any more after a failure elsewhere; then this member is about to end anyway.
        let _ = self.outcomes.send((self.thread.index, outcome));
    }

    pub(super) fn serve(&self, chunks: &mut dyn Chunks) {
        let meter = ThreadMeter::new();
        let mut counters = Counters::open();
        let mut placed = None;
        // The first calls of a thread may start threads that stay, such as a pool.
        let mut has_called = false;
        self.report(Ok(Outcome::Ready));
        while let Ok(task) = self.tasks.recv() {
            let outcome = catch(|| match task {
                Task::Renew {
                    part,
                    pinned: pin_now,
                } => {
                    self.place(&mut placed, (pin_now, part.slot));
                    chunks.renew(part.threads);
                    Outcome::Ready
                }
                Task::Clear => {
                    chunks.clear();
                    Outcome::Ready
                }
                Task::Window {
                    control,
                    part,
                    pinned: pin_now,
                    paced,
                    mut log,
                } => {
                    let pinned = pin_now && has_called;
                    self.place(&mut placed, (pinned, part.slot));
                    has_called = true;
                    let paced = paced && pinned && !self.placement.is_empty();
                    call_through(
                        &control,
                        &mut Own { chunks, part },
                        &meter,
                        &mut counters,
                        self.clock,
                        paced.then(|| Glances::among(control.callers())),
                        &mut log,
                    );
                    Outcome::Log(log)
                }
                Task::TimeCalls { calls, slot } => {
                    // Threads that they start would stay on its CPU.
                    self.place(&mut placed, (false, slot));
                    Outcome::Time(Timing::of(chunks, calls, self.clock))
                }
                Task::Arrivals {
                    arrivals,
                    pinned: pin_now,
                } => {
                    self.place(&mut placed, (pin_now && has_called, self.thread.index));
                    has_called = true;
                    Outcome::Answers(load::answer(&arrivals, chunks, self.clock))
                }
            });
            let failed = outcome.is_err();
            self.report(outcome);
            if failed {
                return;
            }
        }
    }

    /// Pins this thread to the CPU of its slot, or lets it go where it likes when there are more threads than CPUs.
    fn place(&self, placed: &mut Option<(bool, usize)>, (pinned, slot): (bool, usize)) {
        if self.placement.is_empty() || *placed == Some((pinned, slot)) {
            return;
        }
        let cpu = self.placement[slot % self.placement.len()];
        // Unpinned is a worse place to measure, not a reason to stop; the samples show what came of it.
        let _ = if pinned {
            pin(&[cpu])
        } else {
            pin(&self.placement)
        };
        *placed = Some((pinned, slot));
    }
}

//! The arrivals of one window, and how a caller answers them.

use std::sync::atomic::{AtomicUsize, Ordering};

use crossbeam_utils::CachePadded;
use scalebench_model::excerpt::{MOST_TEXT, excerpt};

use super::schedule;
use super::wait::Waiter;
use crate::measure::window::Chunks;
use crate::protocol::LoadOrder;
use crate::sys::Clock;

/// The time between the order and the first arrival, in which the callers wake, ns.
const START_NS: u64 = 2_000_000;

/// Every arrival of one window. Times are ns of the worker's clock.
#[derive(Debug)]
pub(crate) struct Arrivals {
    /// Intended starts, ascending; those before `open` are the ramp.
    pub(crate) dues: Vec<u64>,
    /// The first that nobody has taken.
    next: CachePadded<AtomicUsize>,
    pub(crate) open: u64,
    /// From then on nothing is begun, and what is still running does not count.
    pub(crate) deadline: u64,
    /// Longer responses are timed out.
    pub(crate) timeout: u64,
    /// How many calls may run at a time.
    pub(crate) callers: usize,
}

impl Arrivals {
    /// Draws the arrivals that `order` asks for, the first of them in a moment.
    pub(crate) fn plan(order: &LoadOrder, clock: Clock) -> Self {
        let length = order.ramp_ns.saturating_add(order.window_ns);
        let mut dues = schedule::arrivals(order.schedule, order.rate_per_s, length, order.seed);
        // Drawing many takes its time, too.
        let start = clock.now().saturating_add(START_NS);
        for due in &mut dues {
            *due = due.saturating_add(start);
        }
        Self {
            dues,
            next: CachePadded::new(AtomicUsize::new(0)),
            open: start.saturating_add(order.ramp_ns),
            deadline: start.saturating_add(length).saturating_add(order.grace_ns),
            timeout: order.timeout_ns.unwrap_or(u64::MAX),
            callers: order.callers as usize,
        }
    }

    /// Takes the next arrival.
    fn take(&self) -> Option<u64> {
        // Only a number is handed out; nothing else is ordered by it.
        let index = self.next.fetch_add(1, Ordering::Relaxed);
        self.dues.get(index).copied()
    }

    /// Whether an arrival that nobody has answered by `now` has waited too long to be answered at all: its caller, had it
    /// one, would have hung up.
    pub(crate) fn is_given_up(&self, due: u64, now: u64) -> bool {
        now.saturating_sub(due) > self.timeout
    }
}

/// What became of one arrival. Times are ns of the worker's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Answer {
    /// The intended start.
    pub(crate) due: u64,
    /// When the call began; of an arrival that was given up, when that was.
    pub(crate) begin: u64,
    pub(crate) end: u64,
    /// How late the generator was with it, ns.
    pub(crate) late: u64,
    /// Whether it was an error.
    pub(crate) failed: bool,
}

/// What one caller did in a window of arrivals.
#[derive(Debug, Default)]
pub(crate) struct AnswerLog {
    pub(crate) answers: Vec<Answer>,
    /// When the first error came, and what it says.
    pub(crate) first_error: Option<(u64, String)>,
}

impl AnswerLog {
    /// An empty one with room for a fair part of all arrivals.
    pub(crate) fn for_one_of(arrivals: &Arrivals) -> Self {
        let part = arrivals.dues.len() / arrivals.callers.max(1);
        Self {
            answers: Vec::with_capacity(part + part / 4 + 16),
            first_error: None,
        }
    }

    /// Writes down an answer, with the error that it gave.
    pub(crate) fn note(&mut self, answer: Answer, error: Option<String>) {
        let failed = error.is_some();
        if let (None, Some(error)) = (&self.first_error, error) {
            let error = excerpt(&error, MOST_TEXT).into_owned();
            self.first_error = Some((answer.end, error));
        }
        self.answers.push(Answer { failed, ..answer });
    }

    /// Writes down that an arrival had waited too long.
    pub(crate) fn note_given_up(&mut self, due: u64, now: u64) {
        self.answers.push(Answer {
            due,
            begin: now,
            end: now,
            late: 0,
            failed: false,
        });
    }
}

/// Answers arrivals, one after the other, until there are no more or the time is up.
pub(crate) fn answer(arrivals: &Arrivals, chunks: &mut dyn Chunks, clock: Clock) -> AnswerLog {
    let mut waiter = Waiter::new(clock);
    let mut log = AnswerLog::for_one_of(arrivals);
    while let Some(due) = arrivals.take() {
        let now = clock.now();
        if now >= arrivals.deadline {
            break;
        }
        if arrivals.is_given_up(due, now) {
            log.note_given_up(due, now);
            continue;
        }
        let arrived = chunks.arrive(arrivals.callers, clock, &mut || waiter.until(due));
        let answer = Answer {
            due,
            begin: arrived.begin,
            end: arrived.end,
            // What it could have been depends on the others, see `set_lateness`.
            late: 0,
            failed: false,
        };
        log.note(answer, arrived.error);
    }
    log
}

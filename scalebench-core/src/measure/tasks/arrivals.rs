//! Arrivals on their way to tasks. A task cannot wait as exactly as a thread, so a thread hands the arrivals over: it wakes
//! at each intended start and puts the arrival where the next free task finds it.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use crate::measure::load::{Arrivals, Waiter};
use crate::sys::Clock;

/// An arrival that was handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Handed {
    /// The intended start, ns of the worker's clock.
    pub(super) due: u64,
    /// How much later it was handed over, ns.
    pub(super) late: u64,
}

/// The queue in front of the tasks.
#[derive(Debug)]
pub(super) struct Queue {
    pub(super) arrivals: Arc<Arrivals>,
    clock: Clock,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    waiting: VecDeque<Handed>,
    /// Tasks without a call, by number; the last is the one that was busy last.
    idle: Vec<(usize, Waker)>,
    closed: bool,
}

impl Queue {
    pub(super) fn new(arrivals: Arc<Arrivals>, clock: Clock) -> Self {
        Self {
            arrivals,
            clock,
            state: Mutex::default(),
        }
    }

    /// Hands the arrivals over, each at its intended start. Returns whether there was the time for all of them.
    pub(super) fn dispatch(&self) -> bool {
        let mut waiter = Waiter::new(self.clock);
        let mut all = true;
        for &due in &self.arrivals.dues {
            let now = waiter.until(due);
            if now >= self.arrivals.deadline {
                all = false;
                break;
            }
            let late = now - due;
            let mut state = self.state();
            state.waiting.push_back(Handed { due, late });
            let idle = state.idle.pop();
            drop(state);
            if let Some((_, waker)) = idle {
                waker.wake();
            }
        }
        let mut state = self.state();
        state.closed = true;
        let idle = std::mem::take(&mut state.idle);
        drop(state);
        for (_, waker) in idle {
            waker.wake();
        }
        all
    }

    /// The next arrival for task `index`; `None` when there are no more, or the time is up.
    pub(super) fn poll_take(&self, index: usize, context: &Context<'_>) -> Poll<Option<Handed>> {
        let over = self.clock.now() >= self.arrivals.deadline;
        let mut state = self.state();
        if over {
            return Poll::Ready(None);
        }
        match state.waiting.pop_front() {
            Some(handed) => Poll::Ready(Some(handed)),
            None if state.closed => Poll::Ready(None),
            None => {
                state.idle.retain(|(idle, _)| *idle != index);
                state.idle.push((index, context.waker().clone()));
                Poll::Pending
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

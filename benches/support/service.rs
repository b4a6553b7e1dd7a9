//! A service that takes a set time for a call and lets so many calls in at once, first come, first served.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// A service of known answer.
pub struct Service {
    service_time: Duration,
    gate: Mutex<Gate>,
}

struct Gate {
    free: usize,
    queue: VecDeque<Arc<Turn>>,
}

/// Set when a caller's turn has come.
#[derive(Default)]
struct Turn {
    come: Mutex<bool>,
    changed: Condvar,
}

impl Service {
    /// `service_time` a call, `at_once` calls at a time.
    pub fn new(service_time: Duration, at_once: usize) -> Self {
        Self {
            service_time,
            gate: Mutex::new(Gate {
                free: at_once,
                queue: VecDeque::new(),
            }),
        }
    }

    /// One call: waits for its turn, then for the service.
    pub fn call(&self) {
        self.enter();
        wait(self.service_time);
        self.leave();
    }

    fn enter(&self) {
        let turn = {
            let mut gate = self.gate.lock().unwrap_or_else(PoisonError::into_inner);
            if gate.free > 0 {
                gate.free -= 1;
                return;
            }
            let turn = Arc::new(Turn::default());
            gate.queue.push_back(Arc::clone(&turn));
            turn
        };
        let mut come = turn.come.lock().unwrap_or_else(PoisonError::into_inner);
        while !*come {
            come = turn
                .changed
                .wait(come)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Hands the place to the one that has waited longest.
    fn leave(&self) {
        let next = {
            let mut gate = self.gate.lock().unwrap_or_else(PoisonError::into_inner);
            let next = gate.queue.pop_front();
            if next.is_none() {
                gate.free += 1;
            }
            next
        };
        if let Some(turn) = next {
            *turn.come.lock().unwrap_or_else(PoisonError::into_inner) = true;
            turn.changed.notify_one();
        }
    }
}

/// How much earlier the sleep ends: a wake-up is late by less than this, as a rule.
const SPIN: Duration = Duration::from_micros(100);

/// Waits until its deadline: sleeps, then spins the last part, since a sleep alone ends late.
pub fn wait(time: Duration) {
    let deadline = Instant::now() + time;
    if time > SPIN {
        std::thread::sleep(time - SPIN);
    }
    while Instant::now() < deadline {
        std::hint::spin_loop();
    }
}

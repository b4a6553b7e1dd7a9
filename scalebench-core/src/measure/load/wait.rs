//! Waiting until an intended start: asleep for most of it, and spinning for the rest.

use std::hint::spin_loop;
use std::time::Duration;

use crate::sys::{Clock, sleep_precisely};

/// The spin is never planned longer or shorter than this, ns. Spinning takes a CPU from the code under load.
const LONGEST_SPIN: f64 = 60_000.0;
const SHORTEST_SPIN: f64 = 5_000.0;

/// Such a share of the sleeps ends before the intended start; the others make their calls late.
const IN_TIME: f64 = 0.95;

/// How fast the spin adapts, ns.
const STEP: f64 = 8_000.0;

/// A caller's waits. It learns how late the system wakes it, and goes to sleep so much earlier.
#[derive(Debug)]
pub(crate) struct Waiter {
    clock: Clock,
    /// How long before the intended start it wants to wake, ns.
    spin: f64,
}

impl Waiter {
    pub(crate) fn new(clock: Clock) -> Self {
        Self {
            clock,
            spin: LONGEST_SPIN,
        }
    }

    /// Waits until `due` and returns when that was: `due`, or later.
    pub(crate) fn until(&mut self, due: u64) -> u64 {
        let now = self.clock.now();
        let wake = due.saturating_sub(self.spin as u64);
        if wake > now {
            sleep_precisely(Duration::from_nanos(wake - now));
            self.learn(self.clock.now().saturating_sub(wake) as f64);
        }
        loop {
            let now = self.clock.now();
            if now >= due {
                return now;
            }
            spin_loop();
        }
    }

    /// Follows the quantile [`IN_TIME`] of how much too long the sleeps are: it rises by a long one as much as it falls by
    /// the 19 others of 20.
    fn learn(&mut self, overslept: f64) {
        self.spin += if overslept > self.spin {
            STEP * IN_TIME
        } else {
            -STEP * (1.0 - IN_TIME)
        };
        self.spin = self.spin.clamp(SHORTEST_SPIN, LONGEST_SPIN);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn never_returns_before_the_intended_start() {
        let clock = Clock::new();
        let mut waiter = Waiter::new(clock);
        for wait in [0, 10_000, 300_000, 2_000_000] {
            let due = clock.now() + wait;
            assert!(waiter.until(due) >= due);
        }
        assert!(waiter.until(0) > 0, "what is past is not waited for");
    }

    #[test]
    fn the_spin_follows_the_sleeps() {
        let mut waiter = Waiter::new(Clock::new());
        for _ in 0..200 {
            waiter.learn(1_000.0);
        }
        assert!(waiter.spin <= SHORTEST_SPIN, "{}", waiter.spin);
        for _ in 0..200 {
            waiter.learn(1e9);
        }
        assert!(waiter.spin >= LONGEST_SPIN, "{}", waiter.spin);
    }
}

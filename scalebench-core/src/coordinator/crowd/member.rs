//! One process of a crowd, and how far its clock is ahead.

use super::super::ask::{AskError, Worker, failed, unexpected};
use crate::protocol::{Order, Reply};
use crate::sys::Clock;

/// A clock elsewhere is compared at least so often before a window …
const LEAST_PINGS: u32 = 8;

/// … and at most so often and for so long, ns, to see it well enough.
const MOST_PINGS: u32 = 200;
const MOST_PINGING_NS: u64 = 1_000_000_000;

/// How far a worker's clock is ahead of the coordinator's, and how well that is known, ns.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ahead {
    pub(super) ns: i64,
    pub(super) error_ns: u64,
}

/// One process that calls.
pub(super) struct Member {
    pub(super) worker: Box<dyn Worker>,
    pub(super) ahead: Option<Ahead>,
}

impl Member {
    pub(super) fn ahead_ns(&self) -> i64 {
        self.ahead.map_or(0, |ahead| ahead.ns)
    }

    /// How far its clock is ahead: the best of several round trips, whose middle is off by half of it at most. Clocks of
    /// other hosts drift, so that is found out before every window; here all processes read the same one.
    pub(super) fn look_at_clock(&mut self, clock: Clock, most_ns: u64) -> Result<Ahead, AskError> {
        let here = self.worker.host().is_none();
        if let Some(known) = self.ahead.filter(|_| here) {
            return Ok(known);
        }
        let mut best: Option<Ahead> = None;
        let end = clock.now().saturating_add(MOST_PINGING_NS);
        for ping in 0..MOST_PINGS {
            let known = best.is_some_and(|best| best.error_ns <= most_ns);
            if ping >= LEAST_PINGS && (known || clock.now() > end) {
                break;
            }
            let sent = clock.now();
            let reply = self.worker.ask(&Order::Clock)?;
            let Reply::Clock { now_ns, epoch_ns } = reply else {
                return Err(unexpected(&reply));
            };
            let round_trip = clock.now().saturating_sub(sent);
            if let (true, Some(own), Some(its)) = (here, clock.epoch_ns(), epoch_ns) {
                // The clock that began earlier is ahead.
                let ns = own.cast_signed().wrapping_sub(its.cast_signed());
                return Ok(Ahead { ns, error_ns: 0 });
            }
            let middle = sent.saturating_add(round_trip / 2);
            let ahead = Ahead {
                ns: now_ns.cast_signed().wrapping_sub(middle.cast_signed()),
                error_ns: round_trip.div_ceil(2),
            };
            if best.is_none_or(|best| ahead.error_ns < best.error_ns) {
                best = Some(ahead);
            }
        }
        best.ok_or_else(|| failed("a worker told no time".to_owned()))
    }
}

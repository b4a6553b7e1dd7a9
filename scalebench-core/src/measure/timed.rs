//! Calls that the user's code times itself.

use std::time::Duration;

use super::concurrent;
use super::log::Span;
use super::window::Chunks;
use crate::annotate::not_measured;
use crate::launch::Thread;
use crate::sys::Clock;
use crate::worker::Orders;

/// So many calls take some time by any clock.
const MANY_CALLS: u64 = 1 << 24;

/// No chunk has more calls: where they take no time by our clock, doubling them must end somewhere.
const MOST_CALLS: u64 = 1 << 32;

/// A caller that is told how many calls to make, and says how long they took.
struct Timed<'a, L, F> {
    own: L,
    time: &'a F,
    /// How long the latest calls took by the user's clock, ns.
    taken: u64,
}

impl<L, F: Fn(&mut L, u64) -> Duration> Chunks for Timed<'_, L, F> {
    /// The span ends now, and is as long as the user's code says: what that did besides its calls lies before it. It
    /// cannot be longer than the time that has passed by ours, so theirs is kept beside it.
    fn run(&mut self, calls: u64, _: usize, clock: Clock, begin: u64) -> Span {
        let time = (self.time)(&mut self.own, calls);
        if time.is_zero() && calls >= MANY_CALLS {
            not_measured(&format!(
                "`iter_custom` returned a time of zero for {calls} calls: it has to make as many calls as it is told to, \
                 and to return how long they took"
            ));
        }
        let end = clock.now().max(begin + 1);
        let theirs = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX).max(1);
        let ours = theirs.min(end - begin);
        self.taken = theirs;
        Span {
            begin: end - ours,
            end,
            calls,
        }
    }

    fn own_time(&self) -> Option<u64> {
        Some(self.taken)
    }
}

/// Serves one benchmark whose calls are timed by `time`.
pub(crate) fn serve<L>(
    orders: &mut Orders,
    own: &(impl Fn(Thread) -> L + Sync),
    time: &(impl Fn(&mut L, u64) -> Duration + Sync),
) {
    concurrent::serve_callers(orders, MOST_CALLS, None, &|thread| Timed {
        own: own(thread),
        time,
        taken: 0,
    });
}

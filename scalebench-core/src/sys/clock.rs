//! One monotonic clock for all threads of a process.

use std::sync::OnceLock;
use std::time::Instant;

/// When the first clock was made.
static EPOCH: OnceLock<Instant> = OnceLock::new();

/// Nanoseconds since the first clock of this process was made; all of them agree.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Clock {
    epoch: Instant,
}

impl Clock {
    /// The clock of this process.
    pub(crate) fn new() -> Self {
        Self {
            epoch: *EPOCH.get_or_init(Instant::now),
        }
    }

    /// When it began by the clock that all processes of this machine read (`CLOCK_MONOTONIC`), ns; `None` where there is
    /// none. Two processes in unlike time namespaces read unlike ones.
    pub(crate) fn epoch_ns(self) -> Option<u64> {
        let machine = machine_ns()?;
        // The two clocks are read within a microsecond of each other; both are the same on Linux.
        machine.checked_sub(self.now())
    }

    /// Nanoseconds since the epoch. u64 holds 584 years.
    #[inline]
    pub(crate) fn now(self) -> u64 {
        let elapsed = self.epoch.elapsed();
        elapsed.as_secs() * 1_000_000_000 + u64::from(elapsed.subsec_nanos())
    }
}

#[cfg(unix)]
fn machine_ns() -> Option<u64> {
    super::unix::clock_ns(libc::CLOCK_MONOTONIC)
}

#[cfg(not(unix))]
fn machine_ns() -> Option<u64> {
    None
}

//! Whether enough was sampled of calls that are rare and long.

use super::scarce::LongCalls;
use crate::data::{Mode, Sample};

/// What the number of long calls may leave open of a mean: this standard error, as a share. An interval is twice as wide each way.
const LEAVES_OPEN: f64 = 0.05;

/// Whether windows at one thread count hold enough of the long calls, if they are the `part` of all that a run will sample (1:
/// all of it).
///
/// What the typical call varies by is not asked here: more windows mend that as they mend everything. Where a few calls take much of
/// the time, though, the mean stands on how many of them were seen.
#[must_use]
pub fn is_sampled<'a>(
    samples: impl IntoIterator<Item = &'a Sample>,
    mode: Mode,
    part: f64,
) -> bool {
    let error = LongCalls::of(samples, mode).map_or(0.0, |long| long.error());
    error <= LEAVES_OPEN / part.clamp(f64::MIN_POSITIVE, 1.0).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::RareCalls;

    /// A window with so many pauses of 20 ms, and as much time in other calls.
    fn window(pauses: f64) -> Sample {
        let ns = pauses * 2e7;
        Sample {
            counted_ns: 2.0 * ns.max(1e7),
            counted_calls: 1e6,
            rare: (pauses > 0.0).then_some(RareCalls {
                ns,
                squares: ns * 2e7,
            }),
            ..Sample::from_latency(Mode::Concurrent, 0, 1, 1.0)
        }
    }

    #[test]
    fn a_hundred_pauses_are_enough_where_they_take_half_of_the_time() {
        let sampled = |pauses, part| is_sampled(&[window(pauses)], Mode::Concurrent, part);
        assert!(sampled(100.0, 1.0) && !sampled(99.0, 1.0));
        // A fifth of a run needs a fifth of them.
        assert!(sampled(20.0, 0.2) && !sampled(19.0, 0.2));
        assert!(sampled(0.0, 1.0), "none seen");
    }

    #[test]
    fn windows_count_together() {
        let many = vec![window(1.0); 100];
        let sampled = |windows: &[Sample]| is_sampled(windows, Mode::Concurrent, 1.0);
        assert!(sampled(&many) && !sampled(&many[1..]));
    }
}

//! What so few long calls were seen of that their number says little.
//!
//! Where a few calls in a million take most of the time, launches that all saw as many of them agree, and know no more than that.
//! How many there were is a Poisson count. Calls of unequal length vary as much as (Σx)²/Σx² of equal ones.
//! Source: Ross, Introduction to Probability Models, 2019, section 5.4 (compound Poisson).

use super::replicas::CONFIDENCE;
use crate::data::{BenchmarkRecord, Mode, Sample};
use crate::stats::poisson_interval;

/// Calls are long by themselves if so much of the time at the fewest threads is theirs.
const LEAST_SHARE: f64 = 0.01;

/// With so many long calls launches tell how much they vary.
const ENOUGH: f64 = 10.0;

/// Long calls that are as few as these equal ones, and what part of all time they make.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct LongCalls {
    /// As many calls of equal length would vary as much.
    pub count: f64,
    /// Their share of the time that counts, 0 to 1: what they took beyond a usual call.
    pub share: f64,
    /// Calls to one of them.
    pub one_in: f64,
    /// What one of them takes, ns.
    pub each_ns: f64,
}

impl LongCalls {
    /// In the samples of a record at one thread count, as far as they count; `None` where no call took long.
    pub(crate) fn at(record: &BenchmarkRecord, threads: u32) -> Option<Self> {
        let samples = record.launches.iter().flat_map(|launch| &launch.samples);
        Self::of(samples.filter(|s| s.threads == threads), record.mode)
    }

    /// By how much, as logarithms, the means of a record may be lower and higher, by thread count.
    ///
    /// Only where calls are long at the fewest threads, too. Long calls that only company makes are waits, as behind an
    /// unfair lock: there one caller's wait is the turns of others, and the mean varies far less than the waits do.
    pub(super) fn leeways(record: &BenchmarkRecord, threads: &[u32]) -> Vec<Option<[f64; 2]>> {
        let own = Self::are_own(record, threads);
        let at = |&n: &u32| Self::at(record, n).filter(|_| own);
        threads.iter().map(|n| at(n)?.leeway()).collect()
    }

    /// Whether calls are long by themselves: at the fewest threads, too.
    pub(crate) fn are_own(record: &BenchmarkRecord, threads: &[u32]) -> bool {
        let at = |&n: &u32| Self::at(record, n);
        let least = threads.first().and_then(at);
        least.is_some_and(|long| long.share > LEAST_SHARE)
    }

    /// In these samples.
    #[must_use]
    pub fn of<'a>(samples: impl IntoIterator<Item = &'a Sample>, mode: Mode) -> Option<Self> {
        let (mut time, mut calls, mut long, mut squares) = (0.0, 0.0, 0.0, 0.0);
        for sample in samples {
            // All callers' time, as that of the long calls is.
            time += sample.counted_ns * sample.callers(mode);
            calls += sample.counted_calls;
            if let Some(rare) = &sample.rare {
                long += rare.ns;
                squares += rare.squares;
            }
        }
        let known = long > 0.0 && squares > 0.0 && time > 0.0 && squares.is_finite();
        let count = long * (long / squares);
        known.then(|| Self {
            count,
            share: (long / time).clamp(0.0, 1.0),
            one_in: calls / count,
            each_ns: squares / long,
        })
    }

    /// The relative standard error of the mean that comes from their number alone.
    #[must_use]
    pub fn error(&self) -> f64 {
        self.share / self.count.sqrt()
    }

    /// By how much, as logarithms, the mean may be lower and higher than it came out, where they are few.
    pub(super) fn leeway(&self) -> Option<[f64; 2]> {
        if self.count >= ENOUGH {
            return None;
        }
        let [lower, upper] = poisson_interval(self.count, CONFIDENCE);
        let with = |count: f64| (1.0 + self.share * (count / self.count - 1.0)).ln();
        Some([with(lower).max(-MOST), with(upper).min(MOST)])
    }
}

/// No figure is as far off, as a logarithm: it stands for "by any amount" and stays finite.
const MOST: f64 = 50.0;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::RareCalls;

    /// So many pauses of 60 ms in `calls` calls of 0.75 us.
    fn of(pauses: f64, calls: f64) -> Option<LongCalls> {
        let time = calls * 750.0 + pauses * 6e7;
        let sample = Sample {
            counted_ns: time,
            counted_calls: calls,
            rare: (pauses > 0.0).then_some(RareCalls {
                ns: pauses * 6e7,
                squares: pauses * 6e7 * 6e7,
            }),
            ..Sample::from_latency(Mode::Concurrent, 0, 1, 1.0)
        };
        LongCalls::of(&[sample], Mode::Concurrent)
    }

    #[test]
    fn long_calls_are_told_by_their_number_their_length_and_their_share() {
        let long = of(4.0, 400_000.0).expect("there are some");
        assert!((long.count - 4.0).abs() < 1e-9);
        assert!((long.one_in - 100_000.0).abs() < 1e-6);
        assert!((long.each_ns - 6e7).abs() < 1e-3);
        assert!((long.share - 0.6 / 1.35).abs() < 1e-9);
        assert_eq!(of(0.0, 400_000.0), None);
    }

    #[test]
    fn few_of_them_leave_the_mean_open_and_many_do_not() {
        let leeway = |pauses| of(pauses, pauses * 1e5).and_then(|long| long.leeway());
        let [lower, upper] = leeway(1.0).expect("one is few");
        // One in 100,000, or up to 5.57 times as many: from nearly none to 5.57 times their share.
        assert!((lower.exp() - (1.0 - 0.4444 * (1.0 - 0.0253))).abs() < 1e-3);
        assert!((upper.exp() - (1.0 + 0.4444 * 4.572)).abs() < 1e-3);
        assert_eq!(leeway(10.0), None);
    }
}

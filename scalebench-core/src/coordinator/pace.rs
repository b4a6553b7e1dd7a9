//! How fast the CPUs of a benchmark's callers have been, so that a launch can wait for them to be so again.

use scalebench_model::data::Sample;

/// Up to this ratio to the best, a pace is as good: a clock's steps are smaller, and a neighbour on the core costs more.
const TOLERANCE: f64 = 1.15;

/// The best pace so far, ns, for each thread count at which there was one.
#[derive(Debug, Default)]
pub(crate) struct BestPace(Vec<(u32, f64)>);

impl BestPace {
    /// Takes into account what these windows met.
    pub(super) fn note(&mut self, samples: &[Sample]) {
        for sample in samples {
            let Some(pace) = sample.pace_ns.filter(|pace| pace.is_finite()) else {
                continue;
            };
            match self.0.iter_mut().find(|(n, _)| *n == sample.threads) {
                Some((_, best)) => *best = best.min(pace),
                None => self.0.push((sample.threads, pace)),
            }
        }
    }

    /// Whether the CPUs were about as fast in this window as they have been, as far as that is known.
    pub(super) fn is_kept_by(&self, sample: &Sample) -> bool {
        let Some(pace) = sample.pace_ns else {
            return true;
        };
        // What a CPU does in company it can do alone.
        let mut known = self.0.iter().filter(|(n, _)| *n >= sample.threads);
        known.all(|(_, best)| pace <= TOLERANCE * best)
    }
}

/// Gives windows in turns the pace of the slowest of them, so that either all of them count or none: else the sides would be
/// told from different times, and what a neighbour did would seem a change.
pub(super) fn share<'a>(turns: impl Iterator<Item = &'a mut Sample>) {
    let turns: Vec<_> = turns.collect();
    let slowest = turns.iter().filter_map(|sample| sample.pace_ns);
    let slowest = slowest.max_by(f64::total_cmp);
    for sample in turns {
        sample.pace_ns = sample.pace_ns.and(slowest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use scalebench_model::data::Mode;

    fn sample(threads: u32, pace_ns: impl Into<Option<f64>>) -> Sample {
        Sample {
            pace_ns: pace_ns.into(),
            ..Sample::from_latency(Mode::Concurrent, 0, threads, 1.0)
        }
    }

    #[test]
    fn the_best_pace_is_known_for_each_thread_count() {
        let mut pace = BestPace::default();
        assert!(pace.is_kept_by(&sample(1, 900.0)), "nothing known");
        pace.note(&[sample(1, 120.0), sample(1, 100.0), sample(2, 200.0)]);
        let kept = |threads, pace_ns: f64| pace.is_kept_by(&sample(threads, pace_ns));
        assert_eq!([kept(1, 110.0), kept(1, 120.0)], [true, false]);
        assert_eq!([kept(2, 220.0), kept(2, 240.0)], [true, false]);
        assert!(pace.is_kept_by(&sample(1, None)));
        pace.note(&[sample(2, 80.0)]);
        assert!(
            !pace.is_kept_by(&sample(1, 110.0)),
            "slower than in company"
        );
    }

    #[test]
    fn windows_in_turns_share_the_slowest_pace() {
        let mut turns = [sample(1, 100.0), sample(1, 160.0), sample(1, None)];
        share(turns.iter_mut());
        assert_eq!(turns.map(|s| s.pace_ns), [Some(160.0), Some(160.0), None]);
    }
}

//! Which windows a CPU ran slower in than it can.
//!
//! Callers gauge the pace of their CPUs in every window with arithmetic of the harness's own (`Sample::pace_ns`). Windows at a
//! slower pace were shared with somebody whom the operating system does not see, or had a lower clock. They are told by the
//! gauge alone, never by what they measured, so leaving them out favours no result.

use super::collect::thread_counts;
use super::replicas::MIN_LAUNCHES;
use super::scarce::LongCalls;
use crate::data::{BenchmarkRecord, LaunchRecord, Sample};
use crate::sort;

/// The pace that a CPU can keep: this share of a benchmark's windows at a thread count was as fast or faster.
const USUAL_RANK: f64 = 0.1;

/// Up to this ratio to it, a pace is as good as it: a quiet machine's clock drifts by a percent or two.
const TOLERANCE: f64 = 1.05;

/// More threads leave a CPU no faster than fewer do. So up to this ratio to the pace at more threads, a pace is as good.
const TOLERANCE_OF_MORE: f64 = 1.15;

/// Of fewer windows nobody can tell which were slow.
const LEAST_WINDOWS: usize = 10;

/// The slowest pace at which windows of a record count, ns, by column: infinite where all do.
#[derive(Debug, Clone)]
pub(crate) struct Pace {
    threads: Vec<u32>,
    limits: Vec<f64>,
}

impl Pace {
    /// What the samples of a record say, at each of its thread counts.
    ///
    /// Each benchmark and thread count has a usual pace of its own: what code does to the clock, or many busy cores do, is
    /// theirs and stays in the figures. But where CPUs were slower at fewer threads than at more, it is no doing of theirs, and
    /// efficiency would seem higher than it is. A launch that was slow throughout does not count, unless fewer would be left than
    /// an interval takes, or than a third: then the next best do. Windows without a pace (of callers that sleep, say) all count.
    pub(crate) fn of(record: &BenchmarkRecord) -> Self {
        let threads = thread_counts(record);
        // Which of uneven windows had a fast CPU has to do with how long their calls slept.
        let even = !LongCalls::are_own(record, &threads);
        let usual = |&n: &u32| usual(record, n).filter(|_| even);
        let usual: Vec<Option<f64>> = threads.iter().map(usual).collect();
        let mut limits = Vec::with_capacity(threads.len());
        // Efficiency takes launches that count at the fewest threads, too.
        let mut kept = vec![true; record.launches.len()];
        for (column, &n) in threads.iter().enumerate() {
            let bests: Vec<Option<f64>> = record.launches.iter().map(|l| best(l, n)).collect();
            let known = bests.iter().zip(&kept).filter(|(_, kept)| **kept);
            let mut known: Vec<f64> = known.filter_map(|(best, _)| *best).collect();
            sort::by(&mut known, &f64::total_cmp);
            let wanted = MIN_LAUNCHES.max(known.len().div_ceil(3));
            let least = known.get(wanted - 1).or(known.last());
            let limit = least.map_or(f64::INFINITY, |&least| limit(&usual[column..]).max(least));
            limits.push(limit);
            if n == threads[0] {
                let counts = |best: &Option<f64>| best.is_none_or(|best| best <= limit);
                kept = bests.iter().map(counts).collect();
            }
        }
        Self { limits, threads }
    }

    /// The pace of the windows that count, as if it were the latency of a record's calls.
    #[cfg(feature = "compare")]
    pub(crate) fn record(record: &BenchmarkRecord) -> BenchmarkRecord {
        let pace = Self::of(record);
        let launch = |launch: &LaunchRecord| {
            let of = |s: &Sample| {
                let pace_ns = pace.kept(s)?;
                Some(Sample::from_latency(
                    record.mode,
                    s.round,
                    s.threads,
                    pace_ns,
                ))
            };
            LaunchRecord {
                launch: launch.launch,
                samples: launch.samples.iter().filter_map(of).collect(),
                ..LaunchRecord::default()
            }
        };
        BenchmarkRecord {
            launches: record.launches.iter().map(launch).collect(),
            window_ns: 0.0,
            // Paces are figures of the machine's, of no calls.
            chunk_calls: 0,
            parameters: Vec::new(),
            expectations: Vec::new(),
            location: Default::default(),
            id: String::new(),
            failure: None,
            work: None,
            group: None,
            load: None,
            threads: record.threads.clone(),
            ..*record
        }
    }

    /// Whether a CPU ran slower than it can in this window of the record.
    pub(crate) fn is_slow(&self, sample: &Sample) -> bool {
        sample.pace_ns.is_some_and(|pace| pace > self.limit(sample))
    }

    /// The pace of a window that counts, ns, where it is known.
    pub(crate) fn kept(&self, sample: &Sample) -> Option<f64> {
        let (limit, counts) = (self.limit(sample), sample.counted_ns > 0.0);
        sample
            .pace_ns
            .filter(|pace| counts && *pace > 0.0 && pace.is_finite() && *pace <= limit)
    }

    fn limit(&self, sample: &Sample) -> f64 {
        let column = self.threads.binary_search(&sample.threads);
        column.map_or(f64::INFINITY, |column| self.limits[column])
    }
}

/// The windows of a launch at one thread count, with their paces.
fn paces(launch: &LaunchRecord, threads: u32) -> impl Iterator<Item = (&Sample, f64)> + '_ {
    let here = launch.samples.iter().filter(move |s| s.threads == threads);
    here.filter_map(|s| Some((s, s.pace_ns.filter(|pace| pace.is_finite())?)))
}

/// The best pace of the windows of which anything counts.
fn best(launch: &LaunchRecord, threads: u32) -> Option<f64> {
    let usable = paces(launch, threads).filter(|(sample, _)| sample.counted_ns > 0.0);
    usable.map(|(_, pace)| pace).min_by(f64::total_cmp)
}

/// The pace that CPUs can keep at this thread count.
fn usual(record: &BenchmarkRecord, threads: u32) -> Option<f64> {
    let mut all: Vec<f64> = Vec::new();
    for launch in &record.launches {
        all.extend(paces(launch, threads).map(|(_, pace)| pace));
    }
    sort::by(&mut all, &f64::total_cmp);
    let place = (USUAL_RANK * all.len() as f64) as usize;
    all.get(place)
        .copied()
        .filter(|_| all.len() >= LEAST_WINDOWS)
}

/// The slowest pace that is as good as the first of `usual`, and as those at more threads, which follow.
fn limit(usual: &[Option<f64>]) -> f64 {
    let Some((Some(own), more)) = usual.split_first() else {
        return f64::INFINITY;
    };
    let more = more.iter().flatten().map(|more| TOLERANCE_OF_MORE * more);
    more.fold(TOLERANCE * own, f64::min)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Mode, Status};

    fn record(paces: &[&[Option<f64>]]) -> BenchmarkRecord {
        let launch = |paces: &&[Option<f64>]| LaunchRecord {
            samples: (0..)
                .zip(paces.iter())
                .map(|(round, &pace_ns)| Sample {
                    pace_ns,
                    ..Sample::from_latency(Mode::Concurrent, round, 1, 1.0)
                })
                .collect(),
            ..LaunchRecord::default()
        };
        BenchmarkRecord {
            launches: paces.iter().map(launch).collect(),
            id: String::new(),
            mode: Mode::Concurrent,
            axis: Default::default(),
            workers: None,
            threads_per_process: None,
            location: Default::default(),
            parameters: Vec::new(),
            work: None,
            group: None,
            threads: vec![1],
            reference_only: false,
            expectations: Vec::new(),
            status: Status::Ok,
            failure: None,
            window_ns: 1e7,
            chunk_calls: 1,
            load: None,
        }
    }

    /// Which windows are slow, launch by launch.
    fn slow(paces: &[&[Option<f64>]]) -> Vec<Vec<bool>> {
        let record = record(paces);
        let pace = Pace::of(&record);
        let of = |launch: &LaunchRecord| launch.samples.iter().map(|s| pace.is_slow(s)).collect();
        record.launches.iter().map(of).collect()
    }

    #[test]
    fn a_drift_of_the_clock_is_not_slow_and_a_neighbour_is() {
        let mixed = [
            100.0, 101.0, 102.0, 99.0, 104.0, 150.0, 110.0, 100.0, 103.0, 100.0,
        ]
        .map(Some);
        let found = slow(&[&mixed]);
        assert_eq!(found, [mixed.map(|pace| pace > Some(105.0)).to_vec()]);
    }

    const FAST: [Option<f64>; 5] = [Some(100.0); 5];
    const LATE: [Option<f64>; 3] = [Some(140.0), Some(130.0), Some(150.0)];

    #[test]
    fn a_slow_launch_does_not_count_beside_three_others() {
        let found = slow(&[&FAST, &LATE, &FAST, &LATE, &FAST]);
        assert_eq!(found[1], [true; 3]);
        assert_eq!(found[0], [false; 5]);
    }

    #[test]
    fn as_many_launches_count_as_an_interval_takes() {
        let found = slow(&[&FAST, &LATE, &FAST, &[Some(160.0); 3]]);
        assert_eq!(found[1], [true, false, true]);
        assert_eq!(found[3], [true; 3]);
    }

    #[test]
    fn the_best_window_of_a_launch_is_one_of_which_something_counts() {
        let mut record = record(&[&FAST, &LATE, &FAST]);
        record.launches[1].samples[1].counted_ns = 0.0;
        let pace = Pace::of(&record);
        let slow = |window: usize| pace.is_slow(&record.launches[1].samples[window]);
        assert_eq!([slow(0), slow(2)], [false, true]);
    }

    #[test]
    fn launches_that_count_at_n_count_at_one_thread() {
        let mut record = record(&[&FAST, &FAST, &FAST, &LATE, &LATE, &LATE]);
        for launch in &mut record.launches {
            // Where one thread was slow, two were not.
            let slow = launch.samples[0].pace_ns > Some(120.0);
            let at_two = launch.samples.iter().map(|sample| Sample {
                threads: 2,
                pace_ns: Some(if slow { 100.0 } else { 140.0 }),
                ..*sample
            });
            launch.samples.extend(at_two.collect::<Vec<_>>());
        }
        let pace = Pace::of(&record);
        let of_launch = |place: usize| {
            let samples = &record.launches[place].samples;
            [&samples[0], &samples[samples.len() - 1]].map(|sample| pace.is_slow(sample))
        };
        assert_eq!(
            [of_launch(0), of_launch(3)],
            [[false, false], [true, false]]
        );
    }

    #[test]
    fn what_cpus_can_do_together_they_can_do_alone() {
        // Alone beside a neighbour most of the time, together at full pace.
        let late: [Option<f64>; 5] = [Some(140.0); 5];
        let mut record = record(&[&late, &FAST, &late, &FAST, &late, &FAST, &late]);
        for launch in &mut record.launches {
            for sample in &mut launch.samples[..4] {
                sample.pace_ns = sample.pace_ns.map(|pace| pace.max(139.0));
            }
            let together = launch.samples.iter().map(|sample| Sample {
                threads: 2,
                pace_ns: Some(100.0),
                ..*sample
            });
            launch.samples.extend(together.collect::<Vec<_>>());
        }
        let pace = Pace::of(&record);
        let alone = record
            .launches
            .iter()
            .flat_map(|launch| &launch.samples[..5]);
        assert_eq!(
            alone.filter(|sample| pace.is_slow(sample)).count(),
            7 * 5 - 3
        );
        // A clock that drops where more are busy is no reason.
        for sample in record.launches.iter_mut().flat_map(|l| &mut l.samples[5..]) {
            sample.pace_ns = Some(200.0);
        }
        let pace = Pace::of(&record);
        let together = record
            .launches
            .iter()
            .flat_map(|launch| &launch.samples[5..]);
        assert!(together.into_iter().all(|sample| !pace.is_slow(sample)));
    }

    #[test]
    fn without_a_gauge_everything_counts() {
        assert_eq!(slow(&[&[None; 12]]), [vec![false; 12]]);
        let few = [1.0, 1.0, 1.0, 9.0].map(Some);
        assert_eq!(slow(&[&few]), [vec![false; 4]]);
    }
}

//! Which windows a CPU ran slower in than it can.
//!
//! Callers gauge the pace of their CPUs around every window with arithmetic of the harness's own (`Sample::pace_ns`). Windows at a
//! slower pace were shared with somebody whom the operating system does not see, or had a lower clock. They are told by the
//! gauge alone, never by what they measured, so leaving them out favours no result.

use crate::data::{BenchmarkRecord, Sample};
use crate::sort;

use super::MIN_LAUNCHES;

/// The pace that a CPU can keep: this share of a benchmark's windows at a thread count was as fast or faster.
const USUAL_RANK: f64 = 0.2;

/// Up to this ratio to it, a pace is as good as it: a quiet machine's clock drifts by a percent or two.
const TOLERANCE: f64 = 1.05;

/// Of fewer windows nobody can tell which were slow.
const LEAST_WINDOWS: usize = 10;

/// The slowest pace at which windows count, by column: ns, infinite where all do.
#[derive(Debug, Clone)]
pub(crate) struct Pace {
    threads: Vec<u32>,
    limits: Vec<f64>,
}

impl Pace {
    /// What the samples of a record say, at each of `threads` (ascending).
    ///
    /// Each benchmark and thread count has a usual pace of its own: what code does to the clock, or many busy cores do, is
    /// theirs and stays in the figures.
    pub(crate) fn of(record: &BenchmarkRecord, threads: &[u32]) -> Self {
        Self {
            threads: threads.to_vec(),
            limits: threads.iter().map(|&n| limit(record, n)).collect(),
        }
    }

    /// Whether a CPU ran slower than it can in this window.
    pub(crate) fn is_slow(&self, sample: &Sample) -> bool {
        let limit = self.threads.binary_search(&sample.threads);
        let limit = limit.map_or(f64::INFINITY, |column| self.limits[column]);
        sample.pace_ns.is_some_and(|pace| pace > limit)
    }
}

fn limit(record: &BenchmarkRecord, threads: u32) -> f64 {
    let here = |sample: &&Sample| sample.threads == threads;
    let launches = || record.launches.iter().map(|launch| &launch.samples);
    let paces_of = |samples: &Vec<Sample>| {
        let paces = samples.iter().filter(here).filter_map(|s| s.pace_ns);
        paces.filter(|pace| pace.is_finite()).collect::<Vec<f64>>()
    };
    let mut paces: Vec<f64> = launches().flat_map(paces_of).collect();
    if paces.len() < LEAST_WINDOWS {
        return f64::INFINITY;
    }
    sort::by(&mut paces, &f64::total_cmp);
    let limit = TOLERANCE * paces[(USUAL_RANK * paces.len() as f64) as usize];
    // A whole launch may have been slow. Where few are left without those, their differences say more than the pace does.
    let counts = |samples: &&Vec<Sample>| {
        let mut here = samples.iter().filter(here);
        here.any(|s| s.pace_ns.is_none_or(|pace| pace <= limit))
    };
    let sampled = launches().filter(|samples| samples.iter().any(|s| here(&s)));
    let (left, all) = (launches().filter(counts).count(), sampled.count());
    if left < all.min(MIN_LAUNCHES) {
        return f64::INFINITY;
    }
    limit
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{LaunchRecord, Mode, Status};

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
        let pace = Pace::of(&record, &[1]);
        let of = |launch: &LaunchRecord| launch.samples.iter().map(|s| pace.is_slow(s)).collect();
        record.launches.iter().map(of).collect()
    }

    #[test]
    fn a_drift_of_the_clock_is_not_slow_and_a_neighbour_is() {
        let mixed = [
            100.0, 101.0, 102.0, 99.0, 104.0, 150.0, 110.0, 100.0, 103.0, 98.0,
        ]
        .map(Some);
        let found = slow(&[&mixed]);
        assert_eq!(found, [mixed.map(|pace| pace > Some(105.0)).to_vec()]);
    }

    #[test]
    fn a_slow_launch_drops_out_where_enough_others_are_left() {
        let (fast, late) = ([Some(100.0); 4], [Some(130.0); 4]);
        let found = slow(&[&fast, &late, &fast, &fast]);
        assert_eq!(found[1], [true; 4]);
        assert!(!found.iter().flatten().all(|&slow| slow));
        // Two launches left of three would be no base for an interval.
        let found = slow(&[&fast, &late, &fast]);
        assert!(found.iter().flatten().all(|&slow| !slow));
    }

    #[test]
    fn without_a_gauge_everything_counts() {
        assert_eq!(slow(&[&[None; 12]]), [vec![false; 12]]);
        let few = [1.0, 1.0, 1.0, 9.0].map(Some);
        assert_eq!(slow(&[&few]), [vec![false; 4]]);
    }
}

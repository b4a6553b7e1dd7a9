//! Latency curves: the figures of a benchmark by thread count.

use std::ops::Deref;

use super::Pace;
use super::collect::{Clock, callers, launch_latencies, pooling, thread_counts};
use super::replicas::{RESAMPLES, Replicas};
use super::scarce::LongCalls;
use crate::data::{Axis, BenchmarkRecord, Mode};
use crate::stats::hash_text;

/// The latency curves of one benchmark: [`Replicas`] whose columns are thread counts.
///
/// A curve is a slice with one latency in ns for each of [`Curves::threads`], NaN where nothing usable was measured.
#[derive(Debug, Clone)]
pub struct Curves {
    mode: Mode,
    axis: Axis,
    threads: Vec<u32>,
    /// Calls at the same time at each thread count.
    callers: Vec<f64>,
    latencies: Replicas,
}

/// Curves are asked for their figures as any replicas are.
impl Deref for Curves {
    type Target = Replicas;

    fn deref(&self) -> &Replicas {
        &self.latencies
    }
}

impl Curves {
    /// Reads the curves of a record. `seed` (of the plan) and the record's id decide the resamples.
    #[must_use]
    pub fn of(record: &BenchmarkRecord, clock: Clock, seed: u64) -> Self {
        Self::with_resamples(record, clock, seed, RESAMPLES)
    }

    /// The same for readers who need no intervals where they would cost a bootstrap.
    #[must_use]
    pub fn central_only(record: &BenchmarkRecord, clock: Clock) -> Self {
        Self::with_resamples(record, clock, 0, 0)
    }

    /// Curves of the CPUs' pace in the windows that count, where it was gauged.
    #[cfg(feature = "compare")]
    pub(crate) fn of_pace(record: &BenchmarkRecord) -> Self {
        Self::central_only(&Pace::record(record), Clock::Wall)
    }

    fn with_resamples(record: &BenchmarkRecord, clock: Clock, seed: u64, resamples: usize) -> Self {
        let threads = thread_counts(record);
        let pace = Pace::of(record);
        // Where calls are alike, long ones among more threads are waits for each other, and time tells more than they do.
        let by_time = clock == Clock::Counted && !LongCalls::are_own(record, &threads);
        let launches = record
            .launches
            .iter()
            .filter_map(|launch| {
                let values = launch_latencies(launch, record, clock, &threads, &pace, by_time)?;
                Some((launch.launch, values))
            })
            .collect();
        let seed = seed ^ hash_text(&record.id);
        let leeway = match clock {
            Clock::Typical => vec![None; threads.len()],
            Clock::Counted | Clock::Wall => LongCalls::leeways(record, &threads),
        };
        let pooling = |_| pooling(record, clock);
        Self {
            mode: record.mode,
            axis: record.axis,
            latencies: Replicas::of(launches, threads.len(), &pooling, resamples, seed)
                .with_leeway(leeway),
            callers: callers(record, &threads),
            threads,
        }
    }

    /// How the thread count acts.
    #[must_use]
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// What [`Curves::threads`] counts.
    #[must_use]
    pub fn axis(&self) -> Axis {
        self.axis
    }

    /// The thread counts with samples, ascending. A figure's column is a place in this slice.
    #[must_use]
    pub fn threads(&self) -> &[u32] {
        &self.threads
    }

    /// The column of a thread count.
    #[must_use]
    pub fn column(&self, threads: u32) -> Option<usize> {
        self.threads.binary_search(&threads).ok()
    }

    /// How many calls ran at the same time, by column: N, or 1 in parallel mode, unless the benchmark shares the threads
    /// with others.
    #[must_use]
    pub fn callers(&self) -> &[f64] {
        &self.callers
    }
}

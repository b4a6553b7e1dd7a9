//! Samples become latencies, latencies become units that are resampled or summarized together.

use super::Pace;
use crate::data::{BenchmarkRecord, LaunchRecord, Mode, Regime, Sample};
use crate::sort;
use crate::stats::{Weighted, mean, weighted_median_in_place};

/// More rounds than this are taken together in blocks of consecutive rounds: the intervals lose nothing, and the work
/// no longer grows with the rounds.
const MAX_UNITS: usize = 200;

/// Which part of a window makes a latency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clock {
    /// The part that counts: other processes' share and windows at a slow pace taken out.
    Counted,
    /// The whole window.
    Wall,
    /// The middle one of its chunks, whatever the others took.
    Typical,
}

/// The latency that one sample shows, ns; `None` when nothing of it is usable.
///
/// Concurrent: N·time/calls (Little's law for a closed loop, `L = N/X`), with the callers in place of N where not all
/// threads make these calls. Parallel: time/calls.
///
/// ```
/// use scalebench_model::{data::{Mode, Sample}, estimate::{Clock, latency_ns}};
/// let sample = Sample::from_latency(Mode::Concurrent, 0, 4, 25.0);
/// assert_eq!(latency_ns(&sample, Mode::Concurrent, Clock::Counted), Some(25.0));
/// ```
#[must_use]
pub fn latency_ns(sample: &Sample, mode: Mode, clock: Clock) -> Option<f64> {
    let (time, calls) = match clock {
        Clock::Counted => (sample.counted_ns, sample.counted_calls),
        Clock::Wall => (sample.window_ns, sample.calls),
        Clock::Typical => return Some(sample.typical_ns).filter(|ns| *ns > 0.0 && ns.is_finite()),
    };
    latency(time, calls, sample.callers(mode))
}

fn latency(time: f64, calls: f64, callers: f64) -> Option<f64> {
    // Not a number fails both comparisons.
    if !(time > 0.0 && calls > 0.0) {
        return None;
    }
    let latency = time * (callers / calls);
    (latency.is_finite() && latency > 0.0).then_some(latency)
}

/// How many calls ran at the same time at each of `threads`: the mean over the samples, since what a window of a mix draws
/// varies, and a rare operation is in few of them.
pub(super) fn callers(record: &BenchmarkRecord, threads: &[u32]) -> Vec<f64> {
    let at = |&n: &u32| {
        let mut callers: Vec<f64> = Vec::new();
        for launch in &record.launches {
            let here = launch.samples.iter().filter(|sample| sample.threads == n);
            callers.extend(here.map(|sample| sample.callers(record.mode)));
        }
        callers.retain(|callers| callers.is_finite() && *callers >= 0.0);
        // A whole number of threads stays one, whatever adding them up leaves.
        match callers.first() {
            Some(first) if callers.iter().all(|callers| callers == first) => *first,
            _ => mean(&callers).unwrap_or(0.0),
        }
    };
    let known = |callers: f64| if callers > 0.0 { callers } else { 1.0 };
    threads.iter().map(at).map(known).collect()
}

/// A round, or a block of rounds: for each column (a thread count, say) the figures measured in it.
pub(super) type Unit = Vec<(usize, Weighted)>;

/// What becomes of a column's figures, of many rounds and then of many launches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pooling {
    /// All time over all calls: figures are times of a call and weigh as many calls as they are of. So what is rare and long
    /// has its share, in rounds and in launches alike.
    Totals,
    /// The mean over all arrivals of a launch, then the mean of the launches' logarithms.
    Arrivals,
    /// The median, then the mean of the launches' logarithms: for figures of which nobody knows how many calls they are of.
    Medians,
}

impl Pooling {
    /// The figure of many rounds; `None` of none. They may be reordered.
    pub(super) fn rounds(self, values: &mut [Weighted]) -> Option<f64> {
        match self {
            Self::Totals | Self::Arrivals => weighted_mean(values),
            Self::Medians => weighted_median_in_place(values),
        }
    }

    /// The figure of many launches, each with its weight; NaN of none.
    pub(super) fn launches(self, values: &[Weighted]) -> f64 {
        let pooled = match self {
            Self::Totals => weighted_mean(values),
            Self::Arrivals | Self::Medians => {
                let logs: Vec<f64> = values.iter().map(|v| v.value.ln()).collect();
                mean(&logs).map(f64::exp)
            }
        };
        pooled.unwrap_or(f64::NAN)
    }
}

fn weighted_mean(values: &[Weighted]) -> Option<f64> {
    let weight: f64 = values.iter().map(|v| v.weight).sum();
    (weight > 0.0).then(|| values.iter().map(|v| v.value * (v.weight / weight)).sum())
}

/// The usable figures of one launch.
pub(super) struct LaunchValues {
    /// In the order of rounds.
    pub(super) units: Vec<Unit>,
    /// Each column in one figure, NaN where there is none, with the weight of all that it is made of.
    pub(super) whole: Vec<Weighted>,
    /// Rounds with a usable figure, by column.
    pub(super) rounds: Vec<usize>,
}

/// The thread counts of a record, ascending: those with samples.
pub(super) fn thread_counts(record: &BenchmarkRecord) -> Vec<u32> {
    let mut threads = Vec::new();
    for launch in &record.launches {
        threads.extend(launch.samples.iter().map(|sample| sample.threads));
    }
    threads.retain(|&n| n > 0);
    sort::distinct(&mut threads);
    threads
}

/// Reads a launch of the record; `None` when none of its samples is usable. `by_time`: windows by the time of their
/// regime, those at a slow pace left out.
pub(super) fn launch_latencies(
    launch: &LaunchRecord,
    record: &BenchmarkRecord,
    clock: Clock,
    threads: &[u32],
    pace: &Pace,
    by_time: bool,
) -> Option<LaunchValues> {
    let mut values = Vec::with_capacity(launch.samples.len());
    for sample in &launch.samples {
        if by_time && pace.is_slow(sample) {
            continue;
        }
        let regime = sample.regime.filter(|_| by_time);
        let (value, calls) = match regime {
            Some(Regime { ns, calls, .. }) => {
                (latency(ns, calls, sample.callers(record.mode)), calls)
            }
            None if clock == Clock::Wall => (latency_ns(sample, record.mode, clock), sample.calls),
            None => (latency_ns(sample, record.mode, clock), sample.counted_calls),
        };
        let (Some(value), Ok(column)) = (value, threads.binary_search(&sample.threads)) else {
            continue;
        };
        values.push((
            sample.round,
            column,
            Weighted {
                value,
                weight: calls,
            },
        ));
    }
    LaunchValues::of(&values, threads.len(), &|_| pooling(record, clock))
}

/// How the figures of a record are taken together. Of data from elsewhere nobody knows what its figures left out.
pub(super) fn pooling(record: &BenchmarkRecord, clock: Clock) -> Pooling {
    match clock {
        Clock::Counted | Clock::Wall if record.is_measured() => Pooling::Totals,
        _ => Pooling::Medians,
    }
}

impl LaunchValues {
    /// The figures of a launch, each with its round and its column; `None` where there are none.
    pub(super) fn of(
        values: &[(u32, usize, Weighted)],
        columns: usize,
        pooling: &dyn Fn(usize) -> Pooling,
    ) -> Option<Self> {
        let mut by_column: Vec<Vec<Weighted>> = vec![Vec::new(); columns];
        for &(_, column, entry) in values {
            by_column[column].push(entry);
        }
        let whole = |(column, values): (usize, &mut Vec<Weighted>)| Weighted {
            weight: values.iter().map(|v| v.weight).sum(),
            value: pooling(column).rounds(values).unwrap_or(f64::NAN),
        };
        let whole = by_column.iter_mut().enumerate().map(whole).collect();
        let units = units_of(values);
        (!units.is_empty()).then(|| Self {
            rounds: rounds_by_column(&units, columns),
            whole,
            units: blocks(units, pooling),
        })
    }
}

/// The figures round by round, those of a round in the order in which they came.
fn units_of(values: &[(u32, usize, Weighted)]) -> Vec<Unit> {
    let mut ordered = values.to_vec();
    sort::by(&mut ordered, &|a, b| a.0.cmp(&b.0));
    let rounds = ordered.chunk_by(|a, b| a.0 == b.0);
    let unit = |round: &[(u32, usize, Weighted)]| {
        let entries = round.iter().map(|&(_, column, entry)| (column, entry));
        entries.collect()
    };
    rounds.map(unit).collect()
}

/// In how many rounds each column has something, however often.
fn rounds_by_column(units: &[Unit], columns: usize) -> Vec<usize> {
    let mut counts = vec![0; columns];
    let mut last = vec![usize::MAX; columns];
    for (number, unit) in units.iter().enumerate() {
        for &(column, _) in unit {
            counts[column] += usize::from(last[column] != number);
            last[column] = number;
        }
    }
    counts
}

/// Takes consecutive units together until there are at most [`MAX_UNITS`]; each block keeps its summaries only.
fn blocks(units: Vec<Unit>, pooling: &dyn Fn(usize) -> Pooling) -> Vec<Unit> {
    if units.len() <= MAX_UNITS {
        return units;
    }
    let size = units.len().div_ceil(MAX_UNITS);
    let block = |units: &[Unit]| block(units, pooling);
    units.chunks(size).map(block).collect()
}

fn block(units: &[Unit], pooling: &dyn Fn(usize) -> Pooling) -> Unit {
    let mut columns: Vec<Vec<Weighted>> = Vec::new();
    for &(column, entry) in units.iter().flatten() {
        if columns.len() <= column {
            columns.resize(column + 1, Vec::new());
        }
        columns[column].push(entry);
    }
    let reduced = columns
        .iter_mut()
        .enumerate()
        .filter_map(|(column, entries)| {
            let weight = entries.iter().map(|e| e.weight).sum();
            let value = pooling(column).rounds(entries)?;
            Some((column, Weighted { value, weight }))
        });
    reduced.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(threads: u32, counted_ns: f64, counted_calls: f64) -> Sample {
        Sample {
            window_ns: 1e7,
            calls: 4.0 * counted_calls,
            counted_ns,
            counted_calls,
            ..Sample::from_latency(Mode::Concurrent, 0, threads, 1.0)
        }
    }

    #[test]
    fn concurrent_latency_is_n_over_throughput() {
        let s = sample(8, 1e6, 4e3);
        assert_eq!(latency_ns(&s, Mode::Concurrent, Clock::Counted), Some(2e3));
        assert_eq!(latency_ns(&s, Mode::Parallel, Clock::Counted), Some(250.0));
        assert_eq!(latency_ns(&s, Mode::Concurrent, Clock::Wall), Some(5e3));
    }

    #[test]
    fn useless_samples_have_no_latency() {
        for (time, calls) in [
            (0.0, 5.0),
            (5.0, 0.0),
            (f64::NAN, 1.0),
            (1.0, f64::NAN),
            (-1.0, -1.0),
        ] {
            let s = sample(1, time, calls);
            assert_eq!(latency_ns(&s, Mode::Concurrent, Clock::Counted), None);
        }
        let overflowing = sample(1, f64::MAX, f64::MIN_POSITIVE);
        assert_eq!(
            latency_ns(&overflowing, Mode::Parallel, Clock::Counted),
            None
        );
    }

    #[test]
    fn long_series_become_blocks() {
        let units: Vec<Unit> = (0..10_001)
            .map(|i| {
                vec![(
                    0,
                    Weighted {
                        value: f64::from(i),
                        weight: 1.0,
                    },
                )]
            })
            .collect();
        let blocks = blocks(units, &|_| Pooling::Totals);
        assert!(blocks.len() <= MAX_UNITS);
        let weight: f64 = blocks.iter().flatten().map(|(_, w)| w.weight).sum();
        assert_eq!(weight, 10_001.0);
    }
}

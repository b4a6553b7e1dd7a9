//! What the windows at one thread count say besides latency.

use super::uneven::apart;
use crate::data::{BenchmarkRecord, LaunchRecord, Mode, PercentileSample, Run, Sample};
use crate::estimate::{Clock, LongCalls, MIN_LAUNCHES, Pace, latency_ns};
use crate::report::{Flag, Percentiles};
use crate::stats::{Weighted, mean, median, weighted_median_in_place};

/// Below this overlap a point is flagged.
const LEAST_OVERLAP: f64 = 0.95;
/// From this share of disturbed time on a point is flagged.
const MUCH_DISTURBED: f64 = 0.05;
/// With a smaller share of the sampled time counted, a point is not measured.
const LEAST_COUNTED: f64 = 0.02;
/// With fewer usable windows (of more that were sampled), a point is not measured.
const LEAST_WINDOWS: usize = 3;
/// A point beyond the CPUs whose threads waited for them more than this is limited by them.
const MUCH_WAITING: f64 = 0.05;
/// Figures that would take so many times the CPUs there are cannot be true. Callers that share CPUs are not all seen to have
/// the same of them in a window, so it is more than once.
const IMPOSSIBLE: f64 = 1.25;
/// Beside helper threads, CPUs that are so busy limit a point.
const MUCH_BUSY: f64 = 0.9;

/// The samples of one benchmark at one thread count.
pub(super) struct Samples<'a> {
    pub(super) threads: u32,
    launches: Vec<(&'a LaunchRecord, Vec<&'a Sample>)>,
    pace: &'a Pace,
    /// Whether calls are long by themselves, and so all of them count, however fast a CPU was.
    uneven: bool,
}

impl<'a> Samples<'a> {
    pub(super) fn at(record: &'a BenchmarkRecord, threads: u32, pace: &'a Pace) -> Self {
        let at_n = |launch: &'a LaunchRecord| {
            let here = launch.samples.iter().filter(|s| s.threads == threads);
            (launch, here.collect::<Vec<_>>())
        };
        Self {
            threads,
            launches: record.launches.iter().map(at_n).collect(),
            pace,
            uneven: LongCalls::are_own(record, &record.threads),
        }
    }

    /// What is known of the samples, in their order.
    fn values(&self, part: &dyn Fn(&Sample) -> Option<f64>) -> Vec<f64> {
        let mut values = Vec::new();
        for (_, samples) in &self.launches {
            let known = samples.iter().filter_map(|sample| part(sample));
            values.extend(known.filter(|v| v.is_finite()));
        }
        values
    }

    fn sum(&self, part: fn(&Sample) -> f64) -> f64 {
        self.values(&|sample| Some(part(sample))).iter().sum()
    }

    pub(super) fn median(&self, part: impl Fn(&Sample) -> Option<f64>) -> Option<f64> {
        median(&self.values(&part))
    }

    /// How many CPUs helper threads kept busy.
    pub(super) fn helpers(&self) -> Option<f64> {
        let helpers = self.median(|s| Some(s.helpers.unwrap_or(0.0)));
        helpers.filter(|&cpus| cpus > 0.0)
    }

    pub(super) fn overlap(&self) -> f64 {
        let overlap = self.median(|s| Some(s.overlap)).unwrap_or(1.0);
        overlap.clamp(0.0, 1.0)
    }

    /// Share of the sampled time that other processes disturbed.
    pub(super) fn disturbed(&self) -> f64 {
        let sampled = self.sum(|s| s.window_ns);
        let undisturbed = self.sum(Sample::undisturbed_ns);
        if sampled > 0.0 && sampled.is_finite() {
            (1.0 - undisturbed / sampled).clamp(0.0, 1.0)
        } else {
            0.0
        }
    }

    /// Share of the windows' time that does not count because a CPU ran slower than it can; `None` where no pace was gauged.
    pub(super) fn slow(&self) -> Option<f64> {
        if self.uneven {
            return None;
        }
        let mut slow = Vec::new();
        for (_, samples) in &self.launches {
            let gauged = samples.iter().filter(|sample| sample.pace_ns.is_some());
            slow.extend(gauged.map(|sample| {
                if self.pace.is_slow(sample) {
                    1.0
                } else {
                    let share = Some(sample.slow_ns / sample.window_ns);
                    share
                        .filter(|share| share.is_finite())
                        .unwrap_or(0.0)
                        .clamp(0.0, 1.0)
                }
            }));
        }
        mean(&slow)
    }

    /// The median pace of the windows that count, ns; `None` where none was gauged.
    pub(super) fn pace_ns(&self) -> Option<f64> {
        self.median(|sample| self.pace.kept(sample))
    }

    /// Where the thread time of a call goes; parts of one total, so that they add up to the latency (in
    /// parallel mode to N times it: the time of all the pool's threads).
    pub(super) fn split(&self, mode: Mode, latency_ns: f64) -> Option<Split> {
        let parts = [
            self.sum(|s| s.on_cpu_ns.max(0.0)),
            self.sum(|s| s.waiting_ns.max(0.0)),
            self.sum(|s| s.blocked_ns.max(0.0)),
        ];
        let total: f64 = parts.iter().sum();
        if !(total > 0.0 && total.is_finite()) {
            return None;
        }
        let threads = match mode {
            Mode::Parallel => f64::from(self.threads),
            Mode::Concurrent | Mode::Load => 1.0,
        };
        let [on_cpu_ns, waiting_ns, blocked_ns] =
            parts.map(|part| (part / total * threads * latency_ns).min(f64::MAX));
        Some(Split {
            on_cpu_ns,
            waiting_ns,
            blocked_ns,
        })
    }

    pub(super) fn percentiles(&self) -> Option<Percentiles> {
        let mut here: Vec<&PercentileSample> = Vec::new();
        for (launch, _) in &self.launches {
            let all = launch.percentiles.iter();
            here.extend(all.filter(|p| p.threads == self.threads && p.calls > 0));
        }
        let figure = |part: fn(&PercentileSample) -> f64| {
            let values: Vec<f64> = here
                .iter()
                .map(|p| part(p))
                .filter(|v| v.is_finite())
                .collect();
            median(&values)
        };
        Some(Percentiles {
            p50: figure(|p| p.p50)?,
            p90: figure(|p| p.p90)?,
            p99: figure(|p| p.p99)?,
            p999: figure(|p| p.p999)?,
            max: figure(|p| p.max)?,
        })
    }

    pub(super) fn flags(&self, run: &Run, record: &BenchmarkRecord) -> Vec<Flag> {
        let disturbed = self.disturbed();
        let overlap = self.overlap();
        let starved = self.median(|s| s.fairness.map(|f| f.min_share));
        let beyond = self.is_beyond_machine(run);
        let flags = [
            (Flag::LowOverlap, overlap < LEAST_OVERLAP),
            (Flag::Disturbed, disturbed > MUCH_DISTURBED),
            (Flag::SlowPace, self.slow() > Some(MUCH_DISTURBED)),
            (Flag::NotMeasured, beyond || self.not_measured(record)),
            (Flag::BeyondMachine, beyond),
            (Flag::CpuLimited, self.cpu_limited(run)),
            (
                Flag::SynchronisedStart,
                self.values(&|s| Some(f64::from(u8::from(s.synchronised && s.threads > 1))))
                    .contains(&1.0),
            ),
            (Flag::Skewed, !record.is_measured() && self.skewed(record)),
            (Flag::Starved, starved.is_some_and(|share| share <= 0.0)),
        ];
        flags
            .into_iter()
            .filter(|(_, is_so)| *is_so)
            .map(|(flag, _)| flag)
            .collect()
    }

    /// Too little undisturbed time, or too few launches with any.
    fn not_measured(&self, record: &BenchmarkRecord) -> bool {
        let is_usable = |s: &Sample| latency_ns(s, record.mode, Clock::Counted).is_some();
        let sampled: Vec<_> = self.launches.iter().map(|(_, samples)| samples).collect();
        let launches = sampled.iter().filter(|all| !all.is_empty()).count();
        let usable = sampled
            .iter()
            .filter(|all| all.iter().any(|s| is_usable(s)));
        let usable = usable.count();
        let windows: usize = sampled.iter().map(|all| all.len()).sum();
        let usable_windows = sampled.iter().flat_map(|all| all.iter());
        let usable_windows = usable_windows.filter(|s| is_usable(s)).count();
        1.0 - self.disturbed() < LEAST_COUNTED
            || 3 * usable < launches
            || usable < launches.min(MIN_LAUNCHES)
            || usable_windows < windows.min(LEAST_WINDOWS)
    }

    /// Whether the figures would keep more CPUs busy than there are: callers count as if all of them had called, and most of
    /// them had no turn. Only time on a CPU is asked for, so calls may sleep as much as they like, and be as fast as they like
    /// in company.
    fn is_beyond_machine(&self, run: &Run) -> bool {
        if self.uneven || run.host.cpus == 0 || !run.host.thread_clocks {
            return false;
        }
        let (mut on_cpu_ns, mut ns) = (0.0, 0.0);
        for (launch, samples) in &self.launches {
            // Elsewhere there may be more CPUs, of several hosts.
            if launch.host.is_some() {
                continue;
            }
            for regime in samples.iter().filter_map(|sample| sample.regime) {
                if regime.on_cpu_ns > 0.0 && regime.ns > 0.0 {
                    on_cpu_ns += regime.on_cpu_ns;
                    ns += regime.ns;
                }
            }
        }
        on_cpu_ns > IMPOSSIBLE * f64::from(run.host.cpus) * ns
    }

    /// More threads wanted CPUs than there are, and waited for them. Code that blocks does not; and where few want a
    /// CPU at a time, those that wait do so because of other processes. Where helper threads do the work, callers are
    /// blocked meanwhile, and only the CPUs tell.
    fn cpu_limited(&self, run: &Run) -> bool {
        let waiting = self.sum(|s| s.waiting_ns.max(0.0));
        let on_cpu = self.sum(|s| s.on_cpu_ns.max(0.0));
        let total = waiting + on_cpu + self.sum(|s| s.blocked_ns.max(0.0));
        let wanted = f64::from(self.threads) * (on_cpu + waiting) / total;
        let cpus = f64::from(run.host.cpus);
        let limited = match self.helpers() {
            Some(helpers) => {
                let all = f64::from(self.threads) + helpers.ceil();
                self.threads > 1 && all > cpus && wanted + helpers > MUCH_BUSY * cpus
            }
            None => self.threads > run.host.cpus && wanted > cpus && waiting / total > MUCH_WAITING,
        };
        run.host.cpus > 0 && limited
    }

    /// Whether threads and their helpers are more than the CPUs. Then more threads may seem to do better than one: helpers that had
    /// to be woken on an idle CPU find one that is awake.
    pub(super) fn helpers_crowd(&self, cpus: u32) -> bool {
        let all = self
            .helpers()
            .map(|helpers| f64::from(self.threads) + helpers.ceil());
        self.threads > 1 && cpus > 0 && all.is_some_and(|all| all > f64::from(cpus))
    }

    /// Whether the mean over what was given differs from the median, in a typical launch.
    fn skewed(&self, record: &BenchmarkRecord) -> bool {
        let skew = |(_, samples): &(&LaunchRecord, Vec<&Sample>)| {
            let counts = |s: &&&Sample| !self.pace.is_slow(s);
            let value = |s: &&Sample| {
                let value = latency_ns(s, record.mode, Clock::Counted)?;
                let weight = s.counted_ns;
                Some(Weighted { value, weight })
            };
            let mut values: Vec<Weighted> =
                samples.iter().filter(counts).filter_map(value).collect();
            let plain: Vec<f64> = values.iter().map(|v| v.value).collect();
            Some(mean(&plain)? / weighted_median_in_place(&mut values)?)
        };
        let ratios: Vec<f64> = self.launches.iter().filter_map(skew).collect();
        median(&ratios).is_some_and(|ratio| apart(ratio, 1.0))
    }
}

/// Where the thread time of a call goes, ns.
#[derive(Clone, Copy)]
pub(super) struct Split {
    pub(super) on_cpu_ns: f64,
    pub(super) waiting_ns: f64,
    pub(super) blocked_ns: f64,
}

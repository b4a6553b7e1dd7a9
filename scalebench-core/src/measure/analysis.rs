//! From the logs of one window to its sample.

use scalebench_model::data::{Fairness, Sample};
use scalebench_model::sort;

use super::count::{Stretch, all_calls_in, calls_in, length, time_in, without, work_per_call};
use super::full_pace::{at_full_pace, pace_in};
use super::log::Log;
use crate::protocol::WindowOrder;
use crate::sys::Counted;

/// A wait of this share of the time between two looks still counts as undisturbed: the kernel's own housekeeping.
const QUIET_SHARE: f64 = 0.01;

/// The sample of one window. `callers` is how many calls run at the same time; `fits` whether every thread has a CPU of
/// its own, so that waiting for one is other processes' doing.
pub(crate) fn sample(order: &WindowOrder, callers: u32, fits: bool, logs: &[Log]) -> Sample {
    sample_of(order, callers, fits, logs, logs)
}

/// The sample of those callers whose logs are `own`, in a window of all `logs`: what counts is their common time.
pub(crate) fn sample_of(
    order: &WindowOrder,
    callers: u32,
    fits: bool,
    logs: &[Log],
    own: &[Log],
) -> Sample {
    let window = Stretch {
        begin: logs[0].open,
        end: logs[0].close,
    };
    let mut counted = if fits {
        warm(
            window,
            trusted(window, undisturbed(window, logs, 0), logs),
            logs,
        )
    } else {
        vec![window]
    };
    let by_caller: Vec<f64> = own.iter().map(|log| calls_in(log, &[window])).collect();
    let mut counted_ns = length(&counted) as f64;
    // Alone there is no company to miss: the time without a CPU can simply be taken off.
    let alone = callers == 1 && order.threads == 1 && counted_ns < 0.1 * window.length() as f64;
    let mut slow_ns = 0.0;
    if alone {
        counted = vec![window];
    } else if fits {
        counted = at_full_pace(window, counted, logs);
        slow_ns = counted_ns - length(&counted) as f64;
        counted_ns -= slow_ns;
    }
    let mut split = Split::of(&counted, own);
    if alone {
        // Another clock knows best what passed by it.
        let waiting_ns = if own[0].own_times.is_empty() {
            split.waiting_ns
        } else {
            0.0
        };
        counted_ns = (window.length() as f64 - waiting_ns).max(0.0);
        split.waiting_ns = 0.0;
    }
    let untimed_ns = |stretches: &[Stretch]| {
        let each = own
            .iter()
            .map(|log| length(stretches) as f64 - time_in(log, stretches));
        each.sum::<f64>() / own.len() as f64
    };
    Sample {
        round: order.round,
        threads: order.threads,
        callers: None,
        window_ns: window.length() as f64 - untimed_ns(&[window]),
        calls: by_caller.iter().sum(),
        counted_ns: (counted_ns - untimed_ns(&counted)).max(0.0),
        counted_calls: all_calls_in(window, own, &counted),
        overlap: overlap(window, logs),
        on_cpu_ns: split.on_cpu_ns,
        waiting_ns: split.waiting_ns,
        blocked_ns: split.blocked_ns,
        involuntary_switches: own.iter().map(|log| log.involuntary).sum(),
        fairness: fairness(&by_caller),
        instructions_per_call: hardware(own).map(|(instructions, _)| instructions),
        cycles_per_call: hardware(own).map(|(_, cycles)| cycles),
        work_per_call: work_per_call(window, own),
        helpers: logs
            .first()
            .map(|log| log.helpers)
            .filter(|&cpus| cpus > 0.0),
        pace_ns: pace_in(&counted, logs),
        slow_ns,
    }
}

/// Instructions and cycles a call, where every caller's counters could be read.
fn hardware(logs: &[Log]) -> Option<(f64, f64)> {
    let counted: Vec<_> = logs.iter().map(|log| log.hardware).collect::<Option<_>>()?;
    let calls: u64 = counted.iter().map(|(_, calls)| calls).sum();
    let sum = |part: fn(&Counted) -> u64| {
        counted
            .iter()
            .map(|(counted, _)| part(counted))
            .sum::<u64>() as f64
    };
    (calls > 0).then(|| {
        let calls = calls as f64;
        (
            sum(|counted| counted.instructions) / calls,
            sum(|counted| counted.cycles) / calls,
        )
    })
}

/// Whoever waits so long for a CPU, ns, finds the caches cold when it comes back.
const COLD_AFTER_NS: u64 = 500_000;

/// How long they take to warm up, ns. A walk through 32 MiB beside busy processes took 183 ns a step at first, 165 after
/// 0.8 ms and from 1.2 ms on as much as on a quiet machine, 158.
const WARM_UP_NS: u64 = 1_000_000;

/// Only warm time counts where it is so much of the undisturbed time.
const WARM_SHARE: f64 = 0.5;

/// The part of the undisturbed stretches in which caches are warm, unless too little would be left.
fn warm(window: Stretch, counted: Vec<Stretch>, logs: &[Log]) -> Vec<Stretch> {
    let warm = undisturbed(window, logs, WARM_UP_NS);
    let enough = WARM_SHARE * length(&counted) as f64;
    if counted.is_empty() || (length(&warm) as f64) < enough {
        return counted;
    }
    warm
}

/// The parts of the window in which no caller waited for a CPU, in whole slices; after a long wait, from `warm_up_ns` later
/// on.
pub(super) fn undisturbed(window: Stretch, logs: &[Log], warm_up_ns: u64) -> Vec<Stretch> {
    let mut disturbed: Vec<Stretch> = Vec::new();
    for log in logs {
        let waited = log.pauses.iter().filter(|pause| {
            pause.waiting_ns as f64 > QUIET_SHARE * (pause.end - pause.begin) as f64
        });
        disturbed.extend(waited.filter_map(|pause| {
            let cold_ns = if pause.waiting_ns >= COLD_AFTER_NS {
                warm_up_ns
            } else {
                0
            };
            Stretch {
                begin: pause.begin,
                end: pause.end + cold_ns,
            }
            .meet(window)
        }));
    }
    without(window, disturbed)
}

/// At least this share of the window must be undisturbed where threads sleep and wake within slices.
const TRUSTED_SHARE: f64 = 0.5;

/// The undisturbed stretches, unless what is left of the window is no fair part of it: where threads sleep and wake
/// several times in a slice, every waking may have to wait for a CPU, and what shows no wait are the slices in which
/// they happened to sleep least.
fn trusted(window: Stretch, counted: Vec<Stretch>, logs: &[Log]) -> Vec<Stretch> {
    let selected = (length(&counted) as f64) < TRUSTED_SHARE * window.length() as f64;
    if selected && logs.iter().any(Log::wakes_often) {
        return Vec::new();
    }
    counted
}

/// Share of the window in which every caller was inside a timed call.
fn overlap(window: Stretch, logs: &[Log]) -> f64 {
    let mut all = Vec::new();
    for log in logs {
        all.extend(gaps(window, log));
    }
    sort::by(&mut all, &Stretch::cmp);
    let (mut outside, mut covered) = (0, window.begin);
    for gap in all {
        let begin = gap.begin.max(covered);
        if gap.end > begin {
            outside += gap.end - begin;
            covered = gap.end;
        }
    }
    1.0 - outside as f64 / window.length() as f64
}

/// The parts of the window in which this caller was in no timed call.
fn gaps(window: Stretch, log: &Log) -> impl Iterator<Item = Stretch> + '_ {
    let first = log.spans.first().map_or(window.end, |span| span.begin);
    let last = log.spans.last().map_or(window.end, |span| span.end);
    let between = log
        .spans
        .windows(2)
        .filter(|pair| pair[1].begin > pair[0].end)
        .map(|pair| Stretch {
            begin: pair[0].end,
            end: pair[1].begin,
        });
    let edges = [
        Stretch {
            begin: window.begin.min(first),
            end: first,
        },
        Stretch {
            begin: last,
            end: window.end.max(last),
        },
    ];
    between.chain(edges).filter_map(move |gap| gap.meet(window))
}

/// Where the threads' time went, ns.
#[derive(Debug, Default, Clone, Copy, PartialEq)]
struct Split {
    on_cpu_ns: f64,
    waiting_ns: f64,
    blocked_ns: f64,
}

impl Split {
    /// Within `stretches` (in order, disjoint). Outside of its pauses a caller was on its CPU.
    fn of(stretches: &[Stretch], logs: &[Log]) -> Self {
        let mut sum = Self::default();
        for log in logs {
            for stretch in stretches {
                sum.add(*stretch, log);
            }
            let length = length(stretches) as f64;
            sum.take_off((length - time_in(log, stretches)).max(0.0), log.threads);
        }
        sum
    }

    /// Takes off what happened between the calls: one thread is busy then, and the others of its pool wait for it.
    fn take_off(&mut self, untimed_ns: f64, threads: u32) {
        self.on_cpu_ns = (self.on_cpu_ns - untimed_ns).max(0.0);
        let others = f64::from(threads.saturating_sub(1));
        self.blocked_ns = (self.blocked_ns - others * untimed_ns).max(0.0);
    }

    fn add(&mut self, stretch: Stretch, log: &Log) {
        let threads = f64::from(log.threads);
        let (mut on_cpu, mut waiting, mut paused) = (0.0, 0.0, 0.0);
        let first = log
            .pauses
            .partition_point(|pause| pause.end <= stretch.begin);
        for pause in log.pauses[first..]
            .iter()
            .take_while(|pause| pause.begin < stretch.end)
        {
            let whole = Stretch {
                begin: pause.begin,
                end: pause.end,
            };
            let common = whole
                .meet(stretch)
                .map_or(0.0, |common| common.length() as f64);
            let share = common / whole.length() as f64;
            // The two clocks are read one after the other, so the parts may exceed the whole by a little.
            let most = threads * common;
            let busy = (pause.on_cpu_ns as f64 * share).min(most);
            on_cpu += busy;
            waiting += (pause.waiting_ns as f64 * share).min(most - busy);
            paused += common;
        }
        let rest = (stretch.length() as f64 - paused).max(0.0) * threads;
        self.on_cpu_ns += on_cpu + rest;
        self.waiting_ns += waiting;
        self.blocked_ns += (threads * paused - on_cpu - waiting).max(0.0);
    }
}

fn fairness(by_caller: &[f64]) -> Option<Fairness> {
    let callers = by_caller.len() as f64;
    let mean = by_caller.iter().sum::<f64>() / callers;
    if by_caller.len() < 2 || mean <= 0.0 {
        return None;
    }
    let squares: f64 = by_caller.iter().map(|calls| calls * calls).sum();
    Some(Fairness {
        min_share: by_caller.iter().copied().fold(f64::INFINITY, f64::min) / mean,
        max_share: by_caller.iter().copied().fold(0.0, f64::max) / mean,
        jain: (mean * mean * callers / squares).min(1.0),
    })
}

#[cfg(test)]
mod tests {
    use super::super::log::{Pause, Span};
    use super::*;
    use crate::protocol::WindowKind;

    fn log(spans: &[(u64, u64, u64)]) -> Log {
        Log {
            spans: spans
                .iter()
                .map(|&(begin, end, calls)| Span { begin, end, calls })
                .collect(),
            tallies: Vec::new(),
            pauses: Vec::new(),
            involuntary: 0,
            arrivals: 0,
            hardware: None,
            own_times: Vec::new(),
            works: Vec::new(),
            open: 1_000_000,
            close: 11_000_000,
            regime_end: 31_000_000,
            threads: 1,
            on_cpu_ns: 0,
            helpers: 0.0,
            glances: Vec::new(),
        }
    }

    fn order(threads: u32) -> WindowOrder {
        WindowOrder {
            round: 0,
            threads,
            window_ns: 10_000_000,
            kind: WindowKind::Measured,
        }
    }

    /// Back-to-back spans of `length`, from `begin` until past the close.
    fn steady(begin: u64, length: u64, calls: u64) -> Log {
        let spans: Vec<_> = (0..)
            .map(|k| begin + k * length)
            .take_while(|&b| b < 12_000_000)
            .map(|b| (b, b + length, calls))
            .collect();
        log(&spans)
    }

    #[test]
    fn straddling_chunks_count_pro_rata() {
        // 300 µs a chunk does not divide the window; the rate must still come out exactly.
        let sample = sample(&order(1), 1, true, &[steady(50_000, 300_000, 30)]);
        assert!((sample.calls - 1000.0).abs() < 1e-6, "{}", sample.calls);
        assert_eq!(sample.counted_calls, sample.calls);
        assert!((sample.overlap - 1.0).abs() < 1e-12);
    }

    #[test]
    fn overlap_is_the_time_when_all_are_inside() {
        // One caller pauses 100 µs of every ms, the other never does.
        let pausing: Vec<_> = (0..13)
            .map(|k| (k * 1_000_000, k * 1_000_000 + 900_000, 9))
            .collect();
        let sample = sample(&order(2), 2, true, &[log(&pausing), steady(0, 500_000, 5)]);
        assert!((sample.overlap - 0.9).abs() < 1e-9, "{}", sample.overlap);
    }

    #[test]
    fn what_happens_between_calls_belongs_to_none_of_them() {
        // Calls of 100 ns in chunks of 100 µs, with 300 µs of making inputs before each.
        let making: Vec<_> = (0..40)
            .map(|k| (k * 400_000 + 300_000, (k + 1) * 400_000, 1000))
            .collect();
        let sample = sample(&order(2), 2, true, &[log(&making), log(&making)]);
        let latency = |time: f64, calls: f64| 2.0 * time / calls;
        let counted = latency(sample.counted_ns, sample.counted_calls);
        assert!((counted - 100.0).abs() < 1e-9, "{counted}");
        let wall = latency(sample.window_ns, sample.calls);
        assert!((wall - 100.0).abs() < 1e-9, "{wall}");
        assert!((sample.on_cpu_ns - 2.0 * sample.counted_ns).abs() < 1e-3);
        assert!((sample.overlap - 0.25).abs() < 1e-9);
    }

    #[test]
    fn a_role_counts_its_own_calls_in_the_time_of_all() {
        // The other role waits for a CPU from 4 to 8 ms; that time counts for neither, nor does the next ms with cold caches.
        let mut other = steady(0, 400_000, 4);
        other.pauses.push(Pause {
            begin: 4_000_000,
            end: 8_000_000,
            on_cpu_ns: 200_000,
            waiting_ns: 3_800_000,
        });
        let logs = [steady(0, 200_000, 20), steady(50_000, 200_000, 20), other];
        let role = sample_of(&order(3), 2, true, &logs, &logs[..2]);
        assert_eq!(role.counted_ns, 5_000_000.0);
        assert!((role.counted_calls - 2.0 * 500.0).abs() < 1e-6);
        assert!((role.on_cpu_ns - 2.0 * 5e6).abs() < 1e-3);
        let other = sample_of(&order(3), 1, true, &logs, &logs[2..]);
        assert!((other.counted_calls - 50.0).abs() < 1e-6);
        assert!(other.fairness.is_none() && role.fairness.is_some());
    }

    #[test]
    fn times_of_another_clock_count_by_it() {
        let mut threefold = steady(0, 100_000, 10);
        threefold.own_times = vec![300_000; threefold.spans.len()];
        let sample = sample(&order(1), 1, true, &[threefold]);
        for (time, calls) in [
            (sample.counted_ns, sample.counted_calls),
            (sample.window_ns, sample.calls),
        ] {
            assert!((time / calls - 30_000.0).abs() < 1e-6, "{}", time / calls);
        }
    }

    #[test]
    fn late_first_call_is_no_overlap() {
        let late = log(&[(6_000_000, 12_000_000, 1)]);
        assert!(
            (overlap(
                Stretch {
                    begin: 1_000_000,
                    end: 11_000_000
                },
                &[late]
            ) - 0.5)
                .abs()
                < 1e-9
        );
    }

    #[test]
    fn only_time_without_waiting_counts() {
        // While it waits (4 to 8 ms) this caller makes no calls; the counted rate must be the undisturbed one.
        let mut spans: Vec<_> = (0..20)
            .map(|k| (k * 200_000, (k + 1) * 200_000, 20))
            .collect();
        spans.push((4_000_000, 8_000_000, 20));
        spans.extend((40..60).map(|k| (k * 200_000, (k + 1) * 200_000, 20)));
        let mut disturbed = log(&spans);
        disturbed.pauses.push(Pause {
            begin: 4_000_000,
            end: 8_000_000,
            on_cpu_ns: 200_000,
            waiting_ns: 3_800_000,
        });
        let sample = sample(&order(2), 2, true, &[disturbed, steady(0, 200_000, 20)]);
        // Of the 6 ms around the wait, the first after it finds cold caches.
        assert_eq!(sample.counted_ns, 5_000_000.0);
        assert!(
            (sample.counted_calls - 2.0 * 500.0).abs() < 1e-6,
            "{}",
            sample.counted_calls
        );
        assert!(sample.calls < 2.0 * 1000.0);
    }

    #[test]
    fn cold_time_counts_where_little_else_is_left() {
        let pause = |begin, waiting_ns| Pause {
            begin,
            end: begin + 1_000_000,
            on_cpu_ns: 1_000_000 - waiting_ns,
            waiting_ns,
        };
        let counted = |pauses: &[Pause]| {
            let mut log = steady(0, 100_000, 1);
            log.pauses = pauses.to_vec();
            sample(&order(1), 1, true, &[log]).counted_ns
        };
        // Away for long once: what follows within a millisecond is cold.
        assert_eq!(counted(&[pause(3_000_000, 900_000)]), 8_000_000.0);
        // Away for a moment only: nothing is.
        assert_eq!(counted(&[pause(3_000_000, 100_000)]), 9_000_000.0);
        // Away before the window opened.
        assert_eq!(counted(&[pause(0, 900_000)]), 9_000_000.0);
        // Away every other millisecond: all that is left is cold.
        let often: Vec<Pause> = (0..6).map(|k| pause(2_000_000 * k, 900_000)).collect();
        assert_eq!(counted(&often), 5_000_000.0);
    }

    #[test]
    fn a_small_part_counts_unless_sleeping_selected_it() {
        // 2.5 ms of the 10 are free of waiting.
        let disturbed = |arrivals| {
            let mut log = steady(0, 100_000, 1);
            log.arrivals = arrivals;
            log.pauses.push(Pause {
                begin: 2_000_000,
                end: 9_500_000,
                on_cpu_ns: 4_000_000,
                waiting_ns: 3_500_000,
            });
            log
        };
        let counted = |arrivals| {
            let logs = [disturbed(arrivals), steady(0, 100_000, 1)];
            sample(&order(2), 2, true, &logs).counted_ns
        };
        // Sent away by another process now and then, or asleep once in several slices; of 1.5 ms afterwards 0.5 are warm.
        assert_eq!(counted(4), 1_500_000.0);
        // Asleep more than once in a slice.
        assert_eq!(counted(40), 0.0);
        let undisturbed = Log {
            arrivals: 4000,
            ..steady(0, 100_000, 1)
        };
        let quiet = sample(&order(2), 2, true, &[undisturbed.clone(), undisturbed]);
        assert_eq!(quiet.counted_ns, 10_000_000.0);
    }

    #[test]
    fn pauses_say_where_the_time_went() {
        let mut blocked = steady(0, 1_000_000, 1);
        blocked.pauses.push(Pause {
            begin: 2_000_000,
            end: 6_000_000,
            on_cpu_ns: 1_000_000,
            waiting_ns: 0,
        });
        let window = Stretch {
            begin: 1_000_000,
            end: 11_000_000,
        };
        let split = Split::of(&[window], &[blocked.clone()]);
        assert_eq!(
            split,
            Split {
                on_cpu_ns: 7e6,
                waiting_ns: 0.0,
                blocked_ns: 3e6
            }
        );
        // Half of the pause lies in this half of the window.
        let half = Stretch {
            begin: 4_000_000,
            end: 9_000_000,
        };
        let split = Split::of(&[half], &[blocked]);
        assert_eq!(
            split,
            Split {
                on_cpu_ns: 3.5e6,
                waiting_ns: 0.0,
                blocked_ns: 1.5e6
            }
        );
    }

    #[test]
    fn hardware_counts_are_per_call_and_all_or_none() {
        let counted = |instructions, calls| Log {
            hardware: Some((
                Counted {
                    instructions,
                    cycles: 2 * instructions,
                },
                calls,
            )),
            ..steady(0, 1_000_000, 1)
        };
        assert_eq!(
            hardware(&[counted(300, 10), counted(100, 10)]),
            Some((20.0, 40.0))
        );
        assert_eq!(hardware(&[counted(300, 10), steady(0, 1_000_000, 1)]), None);
    }

    #[test]
    fn shares_of_the_calls() {
        let even = fairness(&[5.0, 5.0]).expect("two callers");
        assert_eq!((even.min_share, even.max_share, even.jain), (1.0, 1.0, 1.0));
        let one = fairness(&[10.0, 0.0, 0.0, 0.0]).expect("four callers");
        assert_eq!((one.min_share, one.max_share, one.jain), (0.0, 4.0, 0.25));
        assert_eq!(fairness(&[1.0]), None);
    }
}

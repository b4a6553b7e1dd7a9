use super::super::SLICE_NS;
use super::super::log::{Pause, Span};
use super::*;
use crate::protocol::WindowKind;
use scalebench_model::stats::Random;

fn log(spans: &[(u64, u64, u64)]) -> Log {
    Log {
        spans: spans
            .iter()
            .map(|&(begin, end, calls)| Span { begin, end, calls })
            .collect(),
        tallies: Vec::new(),
        pauses: Vec::new(),
        phases: Vec::new(),
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
        workers_waited: 0.0,
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

/// What a call took, by what counts.
fn latency(sample: &Sample, callers: f64) -> f64 {
    callers * sample.counted_ns / sample.counted_calls
}

#[test]
fn calls_count_whole_if_they_begin_inside() {
    // 300 us a chunk does not divide the window: those that begin from 1.25 to 10.85 ms count.
    let sample = sample(&order(1), 1, true, &[steady(50_000, 300_000, 30)]);
    assert_eq!(sample.calls, 33.0 * 30.0);
    assert_eq!(sample.counted_calls, sample.calls);
    assert_eq!(sample.counted_ns, 33.0 * 300_000.0);
    assert!((sample.overlap - 1.0).abs() < 1e-12);
}

#[test]
fn a_window_that_ends_in_a_long_call_has_the_mean_of_whole_calls() {
    // 999 calls of 1 us, then one of 20 ms: a pause that outlasts the window.
    let log = log(&[(1_000_000, 1_999_000, 999), (1_999_000, 21_999_000, 1)]);
    let sample = sample(&order(1), 1, true, &[log]);
    assert!((latency(&sample, 1.0) - 20_999.0).abs() < 1e-9);
    assert_eq!(sample.longest_ns, 20e6);
}

#[test]
fn who_sleeps_through_the_window_tells_nothing_of_it() {
    let sleeps = log(&[(500_000, 12_500_000, 1), (12_500_000, 12_501_000, 1)]);
    let busy = steady(0, 100_000, 100);
    let sample = sample(&order(2), 2, true, &[sleeps, busy]);
    assert!((latency(&sample, 2.0) - 1_000.0).abs() < 1e-9);
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
    assert_eq!(role.counted_calls, 2.0 * 500.0);
    assert!((role.on_cpu_ns - 2.0 * 5e6).abs() < 1e-3);
    let other = sample_of(&order(3), 1, true, &logs, &logs[2..]);
    assert_eq!(latency(&other, 1.0), 100_000.0);
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
fn only_time_without_waiting_counts() {
    // From 4 to 4.8 ms this caller waits for a CPU for 0.6 ms; the counted rate must be the undisturbed one.
    let mut disturbed = steady(0, 200_000, 20);
    disturbed
        .spans
        .retain(|span| !(4_000_000..4_800_000).contains(&span.begin));
    let at = disturbed
        .spans
        .partition_point(|span| span.begin < 4_000_000);
    disturbed.spans.insert(
        at,
        Span {
            begin: 4_000_000,
            end: 4_800_000,
            calls: 20,
        },
    );
    disturbed.pauses.push(Pause {
        begin: 4_000_000,
        end: 4_800_000,
        on_cpu_ns: 200_000,
        waiting_ns: 600_000,
    });
    let sample = sample(&order(2), 2, true, &[disturbed, steady(0, 200_000, 20)]);
    // The first millisecond after it finds cold caches.
    assert_eq!(sample.counted_ns, 8_200_000.0);
    assert_eq!(sample.counted_calls, 2.0 * 820.0);
    assert!(latency(&sample, 2.0) < 2.0 * sample.window_ns / sample.calls);
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

/// A caller whose calls take 1 us, in chunks of 250, but for one in a thousand that sleeps 20 ms, over a long window; other
/// processes take its CPU away `rate_per_s` times a second of CPU time for `away_ns` each, and for as long after each sleep.
fn uneven(rate_per_s: f64, away_ns: u64, seed: u64) -> Log {
    const END: u64 = 8_000_000_000;
    let mut random = Random::new(seed);
    let mut log = log(&[]);
    log.close = END;
    log.regime_end = 2 * END;
    let (mut now, mut calls, mut since, mut waited) = (log.open, 0_u64, log.open, 0);
    let mut next_wait = -(1.0 - random.uniform()).ln() / rate_per_s * 1e9;
    while now < END {
        let begin = now;
        for _ in 0..250 {
            calls += 1;
            now += 1_000;
            next_wait -= 1_000.0;
            if next_wait <= 0.0 {
                now += away_ns;
                waited += away_ns;
                next_wait = -(1.0 - random.uniform()).ln() / rate_per_s * 1e9;
            }
            if calls % 1_000 == 0 {
                let late = if rate_per_s > 0.0 { away_ns } else { 0 };
                now += 20_000_000 + late;
                waited += late;
            }
        }
        log.spans.push(Span {
            begin,
            end: now,
            calls: 250,
        });
        if now >= since + SLICE_NS {
            if waited > 0 {
                log.pauses.push(Pause {
                    begin: since,
                    end: now,
                    on_cpu_ns: 0,
                    waiting_ns: waited,
                });
            }
            (since, waited) = (now, 0);
        }
    }
    log
}

/// Dropping whatever was disturbed read 17.6, 8.5 and 1.4 us where the truth is 21.
#[test]
fn whether_a_call_counts_does_not_depend_on_its_length() {
    for (rate_per_s, away_ns) in [
        (0.0, 0),
        (10.0, 4_000_000),
        (50.0, 4_000_000),
        (200.0, 1_000_000),
        (250.0, 4_000_000),
    ] {
        let log = uneven(rate_per_s, away_ns, 7);
        let sample = sample(&order(1), 1, true, &[log]);
        let found = latency(&sample, 1.0);
        assert!(
            (found / 21_000.0 - 1.0).abs() < 0.05,
            "{rate_per_s} waits a second: {found}"
        );
    }
}

#[test]
fn long_calls_keep_their_company() {
    // Beside a caller that is disturbed half of the time, another one's even calls of 5 ms keep their length.
    let mut disturbed = steady(0, 250_000, 250);
    for k in (0..12).step_by(2) {
        disturbed.pauses.push(Pause {
            begin: k * 1_000_000,
            end: (k + 1) * 1_000_000,
            on_cpu_ns: 500_000,
            waiting_ns: 500_000,
        });
    }
    let long = steady(0, 5_000_000, 1);
    let logs = [disturbed, long];
    let own = sample_of(&order(2), 1, true, &logs, &logs[1..]);
    assert_eq!(latency(&own, 1.0), 5e6);
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

/// Four callers on two CPUs, in turns of 3 ms: two compute while two wait. Chunks of 250 us, of 10 calls.
fn in_turns() -> Vec<Log> {
    const CHUNK: u64 = 250_000;
    const TURN: u64 = 3_000_000;
    let caller = |place: u64| {
        // The window opens when the second pair has its first turn, and who waits at the close goes on as soon as the others stop.
        let open = TURN;
        let close = open + 10_000_000;
        let (mut time, mut begin) = ((place / 2) * TURN, (place / 2) * TURN);
        let (mut spans, mut pauses) = (Vec::new(), Vec::new());
        let mut done = 0;
        while time < close {
            let turn_ends = time + TURN;
            while done + (turn_ends - time) >= CHUNK && time < close {
                time += CHUNK - done;
                done = 0;
                spans.push((begin, time, 10));
                begin = time;
            }
            if time >= close {
                break;
            }
            // The last chunk of a turn is cut off by it.
            done += turn_ends - time;
            let next = (turn_ends + TURN).min(close.max(turn_ends) + CHUNK);
            pauses.push(Pause {
                begin: turn_ends,
                end: next,
                on_cpu_ns: 0,
                waiting_ns: next - turn_ends,
            });
            time = next;
        }
        Log {
            pauses,
            open,
            close,
            regime_end: close + 30_000_000,
            ..log(&spans)
        }
    };
    (0..4).map(caller).collect()
}

#[test]
fn threads_that_take_turns_on_the_cpus_take_as_much_longer() {
    let logs = in_turns();
    let sample = sample(&order(4), 4, false, &logs);
    // Twice as many threads as CPUs: twice the 25 us of a call.
    let latency = latency(&sample, 4.0);
    assert!((latency / 50_000.0 - 1.0).abs() < 0.1, "{latency}");
    let waiting = sample.waiting_ns / (4.0 * sample.counted_ns);
    assert!((0.3..0.7).contains(&waiting), "{waiting}");
}

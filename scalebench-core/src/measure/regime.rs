//! Calls and time of a regime: of the time in which all callers called, and whoever's calls they are.
//!
//! Long calls that only company makes are waits, as behind an unfair lock: one caller is served at once and another waits for the
//! whole window, and what that one call takes says when the others stopped. But the lock itself is steady, whoever it starves. So there
//! the time of the window over all calls in it says more than what single calls took (Little's law), with calls that straddle an edge
//! cut pro rata; and where a caller has no whole call in the window, all callers' completions are merged, and the time from any one
//! to the next is what is cut.

use scalebench_model::sort;

use super::log::{Log, Span};
use super::stretch::Stretch;

/// The part of a window from which on each caller has made a first chunk of calls: before that a lock has no queue yet, and what is left
/// of the window before is not used up. All of it where some never do.
pub(super) fn settled(window: Stretch, logs: &[Log]) -> Stretch {
    let first = |log: &Log| log.spans.first().map_or(u64::MAX, |span| span.end);
    let begin = logs.iter().map(first).max().unwrap_or(0);
    match begin < window.end {
        true => Stretch {
            begin: begin.max(window.begin),
            ..window
        },
        false => window,
    }
}

/// The time that counts within `stretches` of the window (in order, disjoint), the mean over the callers, ns, and the calls of all of
/// them in it.
pub(super) fn by_time(window: Stretch, logs: &[Log], stretches: &[Stretch]) -> (f64, f64) {
    let timed = logs.iter().map(|log| time_in(log, stretches));
    let ns = timed.sum::<f64>() / logs.len() as f64;
    (ns, all_calls_in(window, logs, stretches))
}

/// Calls of all callers within `stretches` of the window (in order, disjoint).
pub(super) fn all_calls_in(window: Stretch, logs: &[Log], stretches: &[Stretch]) -> f64 {
    if logs.iter().all(|log| has_whole_span(window, log)) {
        return logs.iter().map(|log| calls_in(log, stretches)).sum();
    }
    within(&gaps_between_completions(logs), stretches)
}

/// Whether the caller began and completed something inside.
fn has_whole_span(window: Stretch, log: &Log) -> bool {
    log.spans
        .iter()
        .any(|span| span.begin >= window.begin && span.end <= window.end)
}

/// The times from one completion to the next, whoever's they are, each with the calls that the later one completes.
fn gaps_between_completions(logs: &[Log]) -> Vec<Span> {
    let mut completions = Vec::new();
    for log in logs {
        completions.extend(log.spans.iter().map(|span| (span.end, span.calls)));
    }
    sort::by(&mut completions, &|a: &(u64, u64), b| a.cmp(b));
    let gap = |pair: &[(u64, u64)]| Span {
        begin: pair[0].0,
        end: pair[1].0,
        calls: pair[1].1,
    };
    completions.windows(2).map(gap).collect()
}

/// Calls of one caller within `stretches` (in order, disjoint). One that was still running when the window's regime
/// ended was kept from its turn and counts nothing.
fn calls_in(log: &Log, stretches: &[Stretch]) -> f64 {
    let ended = log.spans.partition_point(|span| span.end <= log.regime_end);
    within(&log.spans[..ended], stretches)
}

/// The time within `stretches` (in order, disjoint) in which one caller was inside of timed calls, ns. What it did
/// between them, such as making inputs, belongs to none of them. Where the calls were timed by a clock of the user's, it
/// is the time by that.
fn time_in(log: &Log, stretches: &[Stretch]) -> f64 {
    let mut time = 0.0;
    let mut rest = stretches;
    for (index, span) in log.spans.iter().enumerate() {
        let whole = Stretch {
            begin: span.begin,
            end: span.end,
        };
        while rest
            .first()
            .is_some_and(|stretch| stretch.end <= whole.begin)
        {
            rest = &rest[1..];
        }
        let inside = rest
            .iter()
            .take_while(|stretch| stretch.begin < whole.end)
            .filter_map(|stretch| whole.meet(*stretch));
        let inside = inside.map(Stretch::length).sum::<u64>() as f64;
        time += match log.own_times.get(index) {
            Some(&own) if inside > 0.0 => own as f64 * inside / whole.length() as f64,
            _ => inside,
        };
    }
    time
}

/// Calls of `spans` (in order of their ends, disjoint) within `stretches`, pro rata at the edges.
fn within(spans: &[Span], stretches: &[Stretch]) -> f64 {
    let mut calls = 0.0;
    let mut rest = stretches;
    for span in spans {
        while rest
            .first()
            .is_some_and(|stretch| stretch.end <= span.begin)
        {
            rest = &rest[1..];
        }
        if rest.is_empty() {
            break;
        }
        calls += rest
            .iter()
            .take_while(|stretch| stretch.begin < span.end)
            .map(|stretch| calls_of(*span, *stretch))
            .sum::<f64>();
    }
    calls
}

fn calls_of(span: Span, stretch: Stretch) -> f64 {
    if span.begin >= stretch.begin && span.end <= stretch.end {
        return span.calls as f64;
    }
    let whole = Stretch {
        begin: span.begin,
        end: span.end,
    };
    whole.meet(stretch).map_or(0.0, |common| {
        span.calls as f64 * common.length() as f64 / whole.length() as f64
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const WINDOW: Stretch = Stretch {
        begin: 1_000_000,
        end: 11_000_000,
    };

    fn log(spans: impl IntoIterator<Item = (u64, u64)>) -> Log {
        let span = |(begin, end)| Span {
            begin,
            end,
            calls: 1,
        };
        Log {
            spans: spans.into_iter().map(span).collect(),
            open: WINDOW.begin,
            close: WINDOW.end,
            regime_end: 31_000_000,
            threads: 1,
            ..Log::default()
        }
    }

    #[test]
    fn a_starved_caller_counts_nothing_and_a_slow_one_its_share() {
        assert_eq!(calls_in(&log([(0, 40_000_000)]), &[WINDOW]), 0.0);
        assert_eq!(calls_in(&log([(0, 20_000_000)]), &[WINDOW]), 0.5);
    }

    #[test]
    fn calls_that_all_get_their_turn_count_by_themselves() {
        // Two callers without anything in common, one three times as fast as the other.
        let fast = log((0..20).map(|call| (call * 700_000, (call + 1) * 700_000)));
        let slow = log((0..8).map(|call| (call * 2_100_000, (call + 1) * 2_100_000)));
        let calls = all_calls_in(WINDOW, &[fast, slow], &[WINDOW]);
        let truth = 10.0 / 0.7 + 10.0 / 2.1;
        assert!((calls - truth).abs() < 1e-9, "{calls}");
    }

    /// A lock that is held 0.8 ms, by four callers in some unfair order.
    fn behind_a_lock(order: &[usize]) -> Vec<Log> {
        let mut logs = vec![Vec::new(); 4];
        let mut since = [0; 4];
        for (turn, &caller) in order.iter().enumerate() {
            let end = (turn as u64 + 1) * 800_000;
            logs[caller].push((since[caller], end));
            since[caller] = end;
        }
        // Who never had a turn in time gets it when the others have stopped.
        for caller in 0..4 {
            logs[caller].push((since[caller], 32_000_000 + caller as u64));
        }
        logs.into_iter().map(log).collect()
    }

    #[test]
    fn a_lock_gives_its_rate_whoever_is_starved() {
        let truth = 10.0 / 0.8;
        let greedy = [[0, 1, 2, 3], [0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]].concat();
        let shared = [[3, 2, 1, 0], [1, 1, 0, 1], [1, 1, 1, 1], [0, 1, 1, 1]].concat();
        for order in [greedy, shared] {
            let calls = all_calls_in(WINDOW, &behind_a_lock(&order), &[WINDOW]);
            assert!((calls - truth).abs() < 1e-9, "{calls}");
        }
    }

    #[test]
    fn time_that_does_not_count_is_cut_out_of_the_gaps() {
        let order = [[0, 1, 2, 3], [0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]].concat();
        let counted = [
            Stretch {
                begin: 1_000_000,
                end: 3_000_000,
            },
            Stretch {
                begin: 9_000_000,
                end: 11_000_000,
            },
        ];
        let calls = all_calls_in(WINDOW, &behind_a_lock(&order), &counted);
        assert!((calls - 4.0 / 0.8).abs() < 1e-9, "{calls}");
    }

    #[test]
    fn completions_at_the_same_instant_count_each() {
        let logs = [
            log([(0, 2_000_000)]),
            log([(0, 2_000_000), (2_000_000, 40_000_000)]),
        ];
        // From 0 to nothing: the first completion has none before it, the second lies at the same instant.
        assert_eq!(all_calls_in(WINDOW, &logs, &[WINDOW]), 1.0 + 9.0 / 38.0);
    }
}

//! Calls behind an unfair lock: one caller is served at once and another waits for the whole window.
//!
//! What a starved caller's call takes says nothing of the window: it ends when the others stop. But the lock itself is steady,
//! whoever it starves. So there the callers' completions are merged, and the time from any one to the next is what is cut at
//! the edges, pro rata.

use scalebench_model::sort;

use super::log::{Log, Span};
use super::stretch::Stretch;

/// Whether some caller was kept from its turn for all of the window: it began nothing inside, and what it had begun before
/// ended only after the others had stopped for its sake.
pub(super) fn is_starved(window: Stretch, logs: &[Log]) -> bool {
    logs.iter().any(|log| {
        let first = log.spans.partition_point(|span| span.begin < window.begin);
        let next = log.spans.get(first);
        let began = next.is_some_and(|span| span.begin < window.end);
        let last = log.spans[..first].last();
        !began && last.is_some_and(|span| span.end > log.regime_end)
    })
}

/// Calls of all callers within `stretches` (in order, disjoint).
pub(super) fn calls_in(logs: &[Log], stretches: &[Stretch]) -> f64 {
    let gaps = gaps_between_completions(logs);
    let inside = |gap: &Span| {
        let whole = Stretch {
            begin: gap.begin,
            end: gap.end,
        };
        let common = stretches.iter().filter_map(|stretch| stretch.meet(whole));
        let common = common.map(Stretch::length).sum::<u64>() as f64;
        match whole.length() {
            0 if stretches.iter().any(|s| s.contains(gap.end)) => gap.calls as f64,
            0 => 0.0,
            length => gap.calls as f64 * common / length as f64,
        }
    };
    gaps.iter().map(inside).sum()
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
    fn only_who_outlasts_the_regime_is_starved() {
        let waits = |end| is_starved(WINDOW, &[log([(0, end), (end, end + 1)])]);
        assert!(waits(32_000_000));
        // A long call, but it ended while the others were still calling.
        assert!(!waits(20_000_000));
        // It had a turn inside, and begins another one.
        assert!(!waits(10_000_000));
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
            let calls = calls_in(&behind_a_lock(&order), &[WINDOW]);
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
        let calls = calls_in(&behind_a_lock(&order), &counted);
        assert!((calls - 4.0 / 0.8).abs() < 1e-9, "{calls}");
    }

    #[test]
    fn completions_at_the_same_instant_count_each() {
        let logs = [
            log([(0, 2_000_000)]),
            log([(0, 2_000_000), (2_000_000, 40_000_000)]),
        ];
        // From 0 to nothing: the first completion has none before it, the second lies at the same instant.
        assert_eq!(calls_in(&logs, &[WINDOW]), 1.0 + 9.0 / 38.0);
    }
}

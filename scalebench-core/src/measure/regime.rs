//! Calls and time of a regime: of the time in which all callers called, and whoever's calls they are.
//!
//! Long calls that only company makes are waits, as behind an unfair lock: one caller is served at once and another waits for the
//! whole window, and what that one call takes says when the others stopped. But the lock itself is steady, whoever it starves. So there
//! the time of the window over all calls in it says more than what single calls took (Little's law), with calls that straddle an edge
//! cut pro rata; and where a caller has no whole call in the window, all callers' completions are merged, and the time from any one
//! to the next is what is cut.

use scalebench_model::sort;

use super::kept::filled;
use super::log::{Log, Span};
use super::split::Split;
use super::stretch::{Stretch, common};

/// From when on each caller's time counts, and how its calls are told.
pub(super) struct Settled {
    /// For each of the callers, in the order of their logs.
    parts: Vec<Stretch>,
    way: Way,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// Each caller's own calls.
    Own,
    /// All completions, whoever's they are.
    Merged,
}

impl Settled {
    /// Of the callers whose logs are `own`, in a window of all `logs`.
    ///
    /// The first chunk of a caller counts nothing: before that a lock has no queue yet, and what is left of the window before is not used up.
    pub(super) fn of(window: Stretch, logs: &[Log], own: &[Log]) -> Self {
        let all = logs.iter().map(first_end).max().unwrap_or(0);
        let from = |begin: u64| Stretch {
            begin: begin.max(window.begin),
            ..window
        };
        if all <= window.begin + window.length() / 2 {
            return Self::from_one_time(from(all), own);
        }
        // Calls are nearly as long as the window, so each caller counts from its own first one on. One that never gets its turn, or only
        // when the others have stopped, says nothing by itself.
        let gets_its_turn = |log: &Log| first_end(log) < window.end && completes(log);
        if own.iter().all(gets_its_turn) {
            let parts = own.iter().map(|log| from(first_end(log))).collect();
            let way = Way::Own;
            return Self { parts, way };
        }
        match own.iter().map(first_end).min() {
            Some(first) if first < window.end => Self::from_one_time(from(first), own),
            _ => Self::from_one_time(window, own),
        }
    }

    /// The same part for all callers. Completions are merged where a caller has no whole chunk in it.
    fn from_one_time(part: Stretch, own: &[Log]) -> Self {
        let way = match own.iter().all(|log| has_whole_span(part, log)) {
            true => Way::Own,
            false => Way::Merged,
        };
        let parts = vec![part; own.len()];
        Self { parts, way }
    }

    /// The time of `counted` (in order, disjoint) that counts, the mean over the callers, ns, and the calls of all of them in it.
    pub(super) fn by_time(&self, own: &[Log], counted: &[Stretch]) -> (f64, f64) {
        let parts = self.parts.iter().map(|part| common(counted, &[*part]));
        let parts: Vec<_> = parts.collect();
        let each = || own.iter().zip(&parts);
        let ns: f64 = each().map(|(log, part)| time_in(log, part)).sum();
        let calls = match self.way {
            Way::Own => each().map(|(log, part)| calls_in(log, part)).sum(),
            Way::Merged => within(&gaps_between_completions(own), &parts[0]),
        };
        (ns / own.len() as f64, calls)
    }

    /// The time of `counted` (in order, disjoint) that counts and in which callers were on a CPU inside of calls, all together,
    /// ns; 0 where the calls were timed by a clock of the user's, which may have stood still meanwhile.
    pub(super) fn on_cpu_ns(&self, own: &[Log], counted: &[Stretch]) -> f64 {
        if own.iter().any(|log| !log.own_times.is_empty()) {
            return 0.0;
        }
        let of = |(log, part): (&Log, &Stretch)| {
            let calls = common(&filled(&log.spans), &common(counted, &[*part]));
            Split::of(&calls, log).on_cpu_ns
        };
        own.iter().zip(&self.parts).map(of).sum()
    }
}

/// When a caller had made its first chunk of calls.
fn first_end(log: &Log) -> u64 {
    log.spans.first().map_or(u64::MAX, |span| span.end)
}

/// Whether no call waited for its turn to the end.
fn completes(log: &Log) -> bool {
    log.spans
        .last()
        .is_some_and(|span| span.end <= log.regime_end)
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
    use super::super::log::Pause;
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

    /// Calls of all together a ms.
    fn rate_of(logs: &[Log], counted: &[Stretch]) -> f64 {
        let (ns, calls) = Settled::of(WINDOW, logs, logs).by_time(logs, counted);
        calls / ns * 1e6
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
        let rate = rate_of(&[fast, slow], &[WINDOW]);
        let truth = 1.0 / 0.7 + 1.0 / 2.1;
        assert!((rate - truth).abs() < 1e-9, "{rate}");
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
        let truth = 1.0 / 0.8;
        let greedy = [[0, 1, 2, 3], [0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]].concat();
        let shared = [[3, 2, 1, 0], [1, 1, 0, 1], [1, 1, 1, 1], [0, 1, 1, 1]].concat();
        for order in [greedy, shared] {
            let rate = rate_of(&behind_a_lock(&order), &[WINDOW]);
            assert!((rate - truth).abs() < 1e-9, "{rate}");
        }
    }

    /// On 2 CPUs 2 of `callers` call all through the window, and the others have their turn when it is over.
    fn crowd(callers: usize) -> Vec<Log> {
        let late = |_| log([(32_000_000, 33_000_000)]);
        let all_through = || log((0..11).map(|ms| (ms * 1_000_000, (ms + 1) * 1_000_000)));
        let mut logs = vec![all_through(), all_through()];
        logs.extend((2..callers).map(late));
        logs
    }

    #[test]
    fn who_has_no_turn_is_not_on_a_cpu() {
        for (callers, wanted) in [(2, 2.0), (20, 20.0), (200, 200.0)] {
            let logs = crowd(callers);
            let settled = Settled::of(WINDOW, &logs, &logs);
            let (ns, _) = settled.by_time(&logs, &[WINDOW]);
            let cpus = settled.on_cpu_ns(&logs, &[WINDOW]) / ns;
            assert!((cpus - wanted).abs() < 1e-6, "{cpus} with {callers}");
        }
    }

    #[test]
    fn waiting_and_sleeping_callers_keep_no_cpu_busy() {
        // All have begun, and each is on its CPU for a tenth of the window.
        let waiting = |_| Log {
            pauses: vec![Pause {
                begin: WINDOW.begin,
                end: WINDOW.end,
                on_cpu_ns: 1_000_000,
                waiting_ns: 0,
            }],
            ..log([(0, 6_000_000), (6_000_000, 12_000_000)])
        };
        let logs: Vec<Log> = (0..20).map(waiting).collect();
        let settled = Settled::of(WINDOW, &logs, &logs);
        let (ns, _) = settled.by_time(&logs, &[WINDOW]);
        let cpus = settled.on_cpu_ns(&logs, &[WINDOW]) / ns;
        assert!((cpus - 2.0).abs() < 1e-6, "{cpus}");
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
        let rate = rate_of(&behind_a_lock(&order), &counted);
        assert!((rate - 1.0 / 0.8).abs() < 1e-9, "{rate}");
    }

    #[test]
    fn completions_at_the_same_instant_count_each() {
        let logs = [
            log([(0, 1_500_000), (1_500_000, 3_000_000)]),
            log([
                (0, 2_000_000),
                (2_000_000, 3_000_000),
                (3_000_000, 40_000_000),
            ]),
        ];
        // From the first chunk of the slower one on: two at 3 ms, and 8 of the last 37 ms.
        let (_, calls) = Settled::of(WINDOW, &logs, &logs).by_time(&logs, &[WINDOW]);
        assert_eq!(calls, 2.0 + 8.0 / 37.0);
    }

    /// `callers` that begin together in front of a service that takes two at a time, `service` ns each, in the order in which they came.
    fn before_a_service_of_two(callers: usize, service: u64) -> Vec<Log> {
        let mut logs = vec![Vec::new(); callers];
        let mut since = vec![WINDOW.begin; callers];
        for turn in 0..5 * callers {
            let end = WINDOW.begin + (turn as u64 / 2 + 1) * service + turn as u64 % 2;
            logs[turn % callers].push((since[turn % callers], end));
            since[turn % callers] = end;
        }
        // Nobody calls when the window is over.
        let within =
            |spans: Vec<(u64, u64)>| log(spans.into_iter().filter(|span| span.0 < WINDOW.end));
        logs.into_iter().map(within).collect()
    }

    #[test]
    fn a_service_gives_its_rate_where_calls_are_as_long_as_the_window() {
        for callers in [2, 4, 6, 8, 16, 32, 64] {
            // The window ends somewhere between two completions, so that one of them more or less falls into it.
            let services = (0..=20).map(|step| 1_500_000 + step * 50_000);
            let ratio = |service: u64| {
                let logs = before_a_service_of_two(callers, service);
                rate_of(&logs, &[WINDOW]) * service as f64 / 2e6
            };
            let ratios: Vec<f64> = services.map(ratio).collect();
            assert!(
                ratios.iter().all(|ratio| (0.8..1.25).contains(ratio)),
                "{callers}: {ratios:?}"
            );
            let mean = ratios.iter().sum::<f64>() / ratios.len() as f64;
            assert!((mean - 1.0).abs() < 0.08, "{mean} with {callers}");
        }
    }

    #[test]
    fn calls_as_long_as_the_window_that_share_nothing_give_theirs() {
        for ms in [1_u64, 3, 6, 8] {
            let each = |call: u64| WINDOW.begin + call * ms * 1_000_000;
            let one = || log((0..10_u64.div_ceil(ms)).map(|call| (each(call), each(call + 1))));
            let rate = rate_of(&[one(), one(), one(), one()], &[WINDOW]);
            let truth = 4.0 / ms as f64;
            assert!((rate - truth).abs() < 1e-9, "{rate} of {truth}");
        }
    }
}

//! From the logs of a window in which each call is timed by itself to the response times.

use scalebench_model::data::PercentileSample;
use scalebench_model::sort;

use super::disturbance::{Counting, Disturbance, undisturbed_for_short};
use super::kept::kept;
use super::log::Log;
use super::stretch::Stretch;
use crate::protocol::WindowOrder;

/// Response times of the single calls that began inside the window. `fits` as for a sample: then short calls beside which any
/// caller waited for a CPU tell of other processes, and are left out; of long ones their waits are.
pub(crate) fn sample(order: &WindowOrder, fits: bool, logs: &[Log]) -> PercentileSample {
    let disturbed: Vec<Disturbance> = logs
        .iter()
        .map(|log| match fits {
            true => Disturbance::of(log),
            false => Disturbance::default(),
        })
        .collect();
    let counting = logs.first().map(|log| {
        let window = Stretch {
            begin: log.open,
            end: log.close,
        };
        Counting {
            short: undisturbed_for_short(window, &disturbed),
            ..Counting::all_of(window)
        }
    });
    // The time of a call, and how many calls took it.
    let mut times: Vec<(u64, u64)> = Vec::new();
    for (log, disturbed) in logs.iter().zip(&disturbed) {
        let spans = counting.iter().flat_map(|all| kept(log, all, disturbed));
        for span in spans.filter(|span| span.calls > 0.0) {
            times.push(((span.own_ns / span.calls) as u64, span.calls as u64));
        }
    }
    sort::by(&mut times, &|a, b| a.cmp(b));
    let calls: u64 = times.iter().map(|(_, calls)| calls).sum();
    let at = |quantile: f64| {
        let rank = (quantile * calls as f64).ceil() as u64;
        let mut passed = 0;
        let reached = times.iter().find(|(_, calls)| {
            passed += calls;
            passed >= rank
        });
        reached.map_or(0.0, |&(time, _)| time as f64)
    };
    PercentileSample {
        threads: order.threads,
        calls,
        p50: at(0.5),
        p90: at(0.9),
        p99: at(0.99),
        p999: at(0.999),
        max: at(1.0),
    }
}

#[cfg(test)]
mod tests {
    use super::super::log::Pause;
    use super::super::log::Span;
    use super::*;
    use crate::protocol::WindowKind;

    fn log(spans: &[(u64, u64, u64)]) -> Log {
        let span = |&(begin, end, calls): &(u64, u64, u64)| Span { begin, end, calls };
        Log {
            spans: spans.iter().map(span).collect(),
            open: 1_000_000,
            close: 11_000_000,
            regime_end: 31_000_000,
            threads: 1,
            ..Log::default()
        }
    }

    fn order(threads: u32) -> WindowOrder {
        WindowOrder {
            round: 0,
            threads,
            window_ns: 10_000_000,
            kind: WindowKind::Percentiles,
        }
    }

    #[test]
    fn percentiles_take_the_calls_that_begin_inside() {
        let spans: Vec<_> = (0..12)
            .map(|k| (k * 1_000_000, (k + 1) * 1_000_000, 1))
            .collect();
        let figures = sample(&order(1), true, &[log(&spans)]);
        assert_eq!(figures.calls, 10);
        assert!((figures.p50 / 1e6 - 1.0).abs() < 2e-3);
    }

    #[test]
    fn percentiles_leave_out_the_calls_that_others_disturbed() {
        // Calls of 50 µs; from 5 to 9 ms another process has the CPU, in the middle of one of them.
        let spans = (0..100)
            .map(|k| (k * 50_000, (k + 1) * 50_000, 1))
            .chain([(5_000_000, 9_050_000, 1)])
            .chain((0..60).map(|k| (9_050_000 + k * 50_000, 9_100_000 + k * 50_000, 1)));
        let mut interrupted = log(&spans.collect::<Vec<_>>());
        interrupted.pauses = vec![Pause {
            begin: 4_800_000,
            end: 9_050_000,
            on_cpu_ns: 250_000,
            waiting_ns: 4_000_000,
        }];
        let figures = sample(&order(1), true, std::slice::from_ref(&interrupted));
        assert_eq!((figures.max, figures.p50), (50_000.0, 50_000.0));
        // Callers that are more than the CPUs wait for each other, which belongs to their calls.
        let figures = sample(&order(1), false, &[interrupted]);
        assert_eq!((figures.max, figures.p50), (4_050_000.0, 50_000.0));
    }
}

//! From the logs of one window to its sample.

use scalebench_model::data::{Fairness, RareCalls, Regime, Sample};
use scalebench_model::sort;

use super::LEAST_BATCH;
use super::disturbance::{Counting, Disturbance};
use super::full_pace::pace_in;
use super::kept::{Calls, Kept, Totals, kept, stretches, work_per_call};
use super::log::Log;
use super::phases::Phases;
use super::regime::Settled;
use super::split::Split;
use super::stretch::{Stretch, length};
use crate::protocol::WindowOrder;
use crate::sys::Counted;

/// At one thread so little of a window may count before all of it does.
const LEAST_ALONE: f64 = 0.1;

/// Of what tasks took, no larger share is taken off because their workers waited for a CPU.
const MOST_WAITED: f64 = 0.9;

/// Threads that wait for CPUs for so much of their time take turns on them, as a share.
const TAKES_TURNS: f64 = 0.05;

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
    let disturbed = |logs: &[Log]| -> Vec<Disturbance> {
        match fits {
            true => logs.iter().map(Disturbance::of).collect(),
            false => logs.iter().map(|_| Disturbance::default()).collect(),
        }
    };
    let counting = match fits {
        true => Counting::of(window, logs, &disturbed(logs)),
        false => Counting::all_of(window),
    };
    let phases = Phases::of(logs);
    let (counting, whole_ns) = match &phases {
        Some(phases) => (counting.within(&phases.common), length(&phases.common)),
        None => (counting, window.length()),
    };
    let little = (length(&counting.short) as f64) < LEAST_ALONE * whole_ns as f64;
    let raw = Raw::of(window, own);
    let alone = callers == 1 && order.threads == 1 && fits && little;
    let found = if alone {
        Found::alone(&raw, own)
    } else {
        Found::of(&counting, &disturbed(own), fits, own)
    };
    let regime = (!alone && phases.is_none()).then(|| regime(window, logs, own, &counting.regime));
    let found = match regime {
        Some(regime) if !fits => found.in_turns(&regime, own.len()),
        _ => found,
    };
    // Which task a worker was with when it waited nobody knows, so each bears its share.
    let kept_share = 1.0 - logs[0].workers_waited.clamp(0.0, MOST_WAITED);
    let by_caller: Vec<f64> = raw.by_caller().map(|totals| totals.calls).collect();
    let all = raw.by_caller().fold(Totals::default(), |sum, each| Totals {
        ns: sum.ns + each.ns,
        calls: sum.calls + each.calls,
    });
    let each = 1.0 / own.len() as f64;
    Sample {
        round: order.round,
        threads: order.threads,
        callers: None,
        window_ns: all.ns * each,
        calls: all.calls,
        counted_ns: found.totals.ns * each * kept_share,
        counted_calls: found.totals.calls,
        // One log may stand for several callers.
        typical_ns: found.typical_ns * f64::from(callers) * each,
        longest_ns: raw.longest_ns,
        rare: found.rare.filter(|rare| rare.ns > 0.0),
        regime: regime.map(|regime| Regime {
            ns: regime.ns * kept_share,
            ..regime
        }),
        overlap: phases.map_or_else(|| overlap(window, logs), |phases| phases.overlap),
        synchronised: own.iter().any(is_synchronised),
        on_cpu_ns: found.split.on_cpu_ns,
        waiting_ns: found.split.waiting_ns,
        blocked_ns: found.split.blocked_ns,
        involuntary_switches: own.iter().map(|log| log.involuntary).sum(),
        fairness: fairness(&by_caller),
        instructions_per_call: hardware(own).map(|(instructions, _)| instructions),
        cycles_per_call: hardware(own).map(|(_, cycles)| cycles),
        work_per_call: work_per_call(own, &raw.spans),
        helpers: logs
            .first()
            .map(|log| log.helpers)
            .filter(|&cpus| cpus > 0.0),
        pace_ns: pace_in(&counting.regime, logs),
        slow_ns: counting.slow_ns as f64,
    }
}

/// The regime of the callers whose logs are `own`, as far as its time counts.
fn regime(window: Stretch, logs: &[Log], own: &[Log], counted: &[Stretch]) -> Regime {
    let settled = Settled::of(window, logs, own);
    let (ns, calls) = settled.by_time(own, counted);
    let (whole_ns, _) = settled.by_time(own, &[window]);
    Regime {
        ns,
        whole_ns,
        calls,
        on_cpu_ns: settled.on_cpu_ns(own, counted),
    }
}

/// Whether the phases of a caller have so few calls that the lockstep of their start shows.
fn is_synchronised(log: &Log) -> bool {
    let calls: u64 = log.spans.iter().map(|span| span.calls).sum();
    !log.phases.is_empty() && calls < LEAST_BATCH * log.phases.len() as u64
}

/// What callers did, whatever others did to them.
struct Raw {
    /// The spans that began in the window, by caller.
    spans: Vec<Vec<Kept>>,
    /// The longest span of all, begun in the window or not, less the waits in it, ns.
    longest_ns: f64,
}

impl Raw {
    fn of(window: Stretch, own: &[Log]) -> Self {
        let nothing = Disturbance::default();
        let all = Counting::all_of(window);
        let longest = |log: &Log| {
            let disturbed = Disturbance::of(log);
            let spans = 0..log.spans.len();
            spans.map(|place| disturbed.own_ns(log, place)).max()
        };
        Self {
            spans: own.iter().map(|log| kept(log, &all, &nothing)).collect(),
            longest_ns: own.iter().filter_map(longest).max().unwrap_or(0) as f64,
        }
    }

    fn by_caller(&self) -> impl Iterator<Item = Totals> + '_ {
        self.spans.iter().map(Totals::of)
    }
}

/// What counts of a window.
struct Found {
    totals: Totals,
    split: Split,
    typical_ns: f64,
    rare: Option<RareCalls>,
}

impl Found {
    fn of(counting: &Counting, disturbed: &[Disturbance], fits: bool, own: &[Log]) -> Self {
        let within = |counting: &Counting| -> Vec<Vec<Kept>> {
            let each = own.iter().zip(disturbed);
            each.map(|(log, disturbed)| kept(log, counting, disturbed))
                .collect()
        };
        let spans = within(counting);
        let calls = Calls::of(
            &spans,
            &within(&Counting {
                short: counting.long.clone(),
                ..counting.clone()
            }),
        );
        let mut split = Split::default();
        for (log, spans) in own.iter().zip(&spans) {
            for (long, weight) in [(false, 1.0), (true, calls.weight_of_long)] {
                let some: Vec<Kept> = spans.iter().filter(|s| s.long == long).copied().collect();
                let mut part = Split::of(&stretches(&log.spans, &some), log);
                if long && fits {
                    // It was taken off.
                    part.waiting_ns = 0.0;
                }
                split.plus(&part, weight);
            }
        }
        Self {
            totals: calls.totals,
            split,
            typical_ns: calls.typical_ns,
            rare: Some(RareCalls {
                ns: calls.rare.ns,
                squares: calls.rare.squares,
            }),
        }
    }

    /// Where threads outnumber the CPUs and take turns on them, which of their turns are in whole calls is no matter of chance: the window opens
    /// when the last of them has had its first, and who is without a CPU at the close gets one when the others have stopped. So there the
    /// regime says what calls take, by `callers` callers.
    fn in_turns(self, regime: &Regime, callers: usize) -> Self {
        let ns = regime.ns * callers as f64;
        let takes_turns = self.split.waiting_ns > TAKES_TURNS * self.totals.ns;
        if !takes_turns || ns <= 0.0 || regime.calls <= 0.0 {
            return self;
        }
        let mut split = Split::default();
        split.plus(&self.split, ns / self.totals.ns);
        Self {
            totals: Totals {
                ns,
                calls: regime.calls,
            },
            split,
            rare: None,
            ..self
        }
    }

    /// Alone there is no company to miss: all waits for a CPU can simply be taken off.
    fn alone(raw: &Raw, own: &[Log]) -> Self {
        let mut totals = Totals::of(raw.spans.iter().flatten());
        let mut split = Split::default();
        for (log, spans) in own.iter().zip(&raw.spans) {
            split.plus(&Split::of(&stretches(&log.spans, spans), log), 1.0);
        }
        // A clock of the user's knows best what passed by it.
        if own.iter().all(|log| log.own_times.is_empty()) {
            totals.ns = (totals.ns - split.waiting_ns).max(0.0);
        }
        split.waiting_ns = 0.0;
        let calls = Calls::of(&raw.spans, &raw.spans);
        Self {
            totals,
            split,
            typical_ns: calls.typical_ns,
            rare: None,
        }
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
mod tests;

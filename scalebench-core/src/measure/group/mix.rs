//! A mix: each thread draws one of the functions for every call.

use std::sync::atomic::{AtomicUsize, Ordering};

use scalebench_model::data::{RareCalls, Regime, Sample};
use scalebench_model::sort;
use scalebench_model::stats::Random;

use super::member::GroupMember;
use super::renewals::Renewals;
use crate::launch::Thread;
use crate::measure::helpers::fits;
use crate::measure::log::{Log, Span, Tally};
use crate::measure::seat::{Part, Seat};
use crate::measure::team::{Team, run_team};
use crate::measure::window::{Chunks, WindowPlan};
use crate::measure::{
    Answers, BEGIN_NS, CHUNK_NS, Engine, MAX_CHUNKS, Sizes, analysis, answer, catch, percentiles,
    size,
};
use crate::protocol::{Reply, WindowKind, WindowOrder, WorkerFailure};
use crate::sys::Clock;
use crate::worker::Orders;

/// Every launch draws the same calls, so that the two sides of a comparison get the same.
const SEED: u64 = 0x5ca1_eb0a;

/// Stands for no operation: the calls are drawn.
const DRAWN: usize = usize::MAX;

/// Serves one mix.
pub(crate) fn serve(orders: &mut Orders, shares: &[u32], members: &[GroupMember<'_>]) {
    let prepared = orders.prepared();
    let (cpus, threads) = (prepared.cpus, prepared.max_threads as usize);
    let only = AtomicUsize::new(DRAWN);
    let call = |seat: &Seat| match catch(|| Mixed::new(seat.thread, shares, members, &only)) {
        Ok(mut mixed) => seat.serve(&mut mixed),
        Err(failure) => seat.report(Err(failure)),
    };
    // Inputs are made call by call, so only the log bounds a chunk.
    run_team(orders, threads, u64::MAX, &call, &mut |orders, team| {
        answer(
            orders,
            &mut Mix {
                team,
                shares,
                renewals: Renewals::of(members),
                only: &only,
                sizes: Sizes::unknown(),
                cpus,
            },
        );
    });
}

/// One thread's functions, and what it draws them with.
struct Mixed<'a> {
    operations: Vec<Box<dyn Chunks + 'a>>,
    /// The sum of the shares up to each operation.
    up_to: Vec<usize>,
    random: Random,
    /// Where one operation is wanted, which.
    only: &'a AtomicUsize,
    /// One for each operation, chunk by chunk.
    tallies: Vec<Tally>,
}

impl<'a> Mixed<'a> {
    fn new(
        thread: Thread,
        shares: &[u32],
        members: &'a [GroupMember<'_>],
        only: &'a AtomicUsize,
    ) -> Self {
        let sums = shares.iter().scan(0, |sum, &share| {
            *sum += share as usize;
            Some(*sum)
        });
        Self {
            operations: members.iter().map(|member| member.caller(thread)).collect(),
            up_to: sums.collect(),
            random: Random::for_task(SEED, thread.index as u64),
            only,
            tallies: Vec::new(),
        }
    }

    fn draw(&mut self) -> usize {
        let all = self.up_to.last().copied().unwrap_or(1);
        let drawn = self.random.below(all);
        self.up_to.partition_point(|&sum| sum <= drawn)
    }
}

impl Chunks for Mixed<'_> {
    /// Draws, inputs and dropping lie between the calls: inside the span, and outside of what the tallies hold.
    fn run(&mut self, calls: u64, threads: usize, clock: Clock, begin: u64) -> Span {
        let only = self.only.load(Ordering::Relaxed);
        let first = self.tallies.len();
        self.tallies
            .resize(first + self.operations.len(), Tally::default());
        for _ in 0..calls {
            let operation = if only == DRAWN { self.draw() } else { only };
            let call = self.operations[operation].run(1, threads, clock, clock.now());
            let tally = &mut self.tallies[first + operation];
            tally.calls += 1;
            tally.ns += call.end.saturating_sub(call.begin);
        }
        let end = clock.now();
        Span { begin, end, calls }
    }

    fn renew(&mut self, threads: usize) {
        for operation in &mut self.operations {
            operation.renew(threads);
        }
    }

    fn clear(&mut self) {
        for operation in &mut self.operations {
            operation.clear();
        }
    }

    fn write_down(&mut self, log: &mut Log) {
        // What comes before the window's own chunks was only sized.
        let own = log.spans.len() * self.operations.len();
        let before = self.tallies.len().saturating_sub(own);
        log.tallies.extend_from_slice(&self.tallies[before..]);
        self.tallies.clear();
    }
}

struct Mix<'a> {
    team: &'a mut Team,
    shares: &'a [u32],
    renewals: Renewals<'a>,
    only: &'a AtomicUsize,
    sizes: Sizes,
    cpus: u32,
}

impl Answers for Mix<'_> {
    /// Each operation by itself; a window has to hold enough calls of the rarest.
    fn size(&mut self) -> Result<Reply, WorkerFailure> {
        let all: f64 = self.shares.iter().map(|&share| f64::from(share)).sum();
        let rarest = self.shares.iter().copied().min().unwrap_or(1);
        let (mut mean_ns, mut slowest_ns) = (0.0, 0.0_f64);
        let alone = Part::alike(1, 1);
        self.renewals.make(self.team, &alone)?;
        for (operation, &share) in self.shares.iter().enumerate() {
            let team = &mut *self.team;
            let time_calls = &mut |calls| team.time_calls(calls);
            self.only.store(operation, Ordering::Relaxed);
            let sized = size(u64::MAX, CHUNK_NS, time_calls, &mut self.sizes);
            self.only.store(DRAWN, Ordering::Relaxed);
            let (call_ns, _) = sized?;
            mean_ns += call_ns * f64::from(share) / all;
            slowest_ns = slowest_ns.max(call_ns);
        }
        self.renewals.clear(self.team, &alone)?;
        let chunk_calls = self.set_chunk(1, mean_ns, CHUNK_NS);
        self.sizes.chunk_ns = slowest_ns.max(mean_ns * chunk_calls as f64);
        Ok(Reply::Sized {
            call_ns: mean_ns * all / f64::from(rarest),
            chunk_calls,
            timing_ns: Some(timing_ns()),
        })
    }

    fn window(&mut self, order: &WindowOrder) -> Result<Reply, WorkerFailure> {
        let threads = order.threads;
        let known = self.sizes.chunk_calls.at(threads);
        let chunk_calls = match order.kind {
            WindowKind::Percentiles => 1,
            _ => known.unwrap_or(1),
        };
        let round_ns = f64::from(threads) * self.sizes.chunk_ns;
        let plan = WindowPlan {
            threads: threads as usize,
            chunk_calls,
            window_ns: order.window_ns,
            ramp_ns: self.sizes.ramp_ns(order.window_ns),
            batch: None,
            limit_ns: ((1.5 * round_ns) as u64).max(2 * order.window_ns),
            begin_ns: BEGIN_NS,
            opens: None,
        };
        let parts = Part::alike(plan.threads, chunk_calls);
        self.renewals.make(self.team, &parts)?;
        let logs = self.team.window_of(plan, &parts)?;
        self.renewals.clear(self.team, &parts)?;
        let all = self.shares.len();
        let fits = fits(threads, self.cpus, &logs);
        if order.kind == WindowKind::Percentiles {
            let percentiles = (0..all).map(|operation| {
                let logs: Vec<Log> = logs
                    .iter()
                    .map(|log| timed_calls(log, operation, all))
                    .collect();
                Some(percentiles::sample(order, fits, &logs))
            });
            return Ok(Reply::PercentilesOfEach {
                percentiles: percentiles.collect(),
            });
        }
        let samples: Vec<Sample> = (0..all)
            .map(|operation| sample(order, fits, &logs, operation, all))
            .collect();
        samples.iter().for_each(|sample| self.sizes.note(sample));
        let calls: f64 = samples.iter().map(|sample| sample.calls).sum();
        if order.kind == WindowKind::WarmUp && calls > 0.0 {
            let call_ns = f64::from(threads) * samples[0].window_ns / calls;
            let chunk_ns = CHUNK_NS.max(order.window_ns as f64 / MAX_CHUNKS);
            self.set_chunk(threads, call_ns, chunk_ns);
        }
        Ok(Reply::Samples { samples })
    }

    /// Every operation once on each thread.
    fn once(&mut self, threads: usize) -> Result<(), WorkerFailure> {
        let parts = Part::alike(threads, 1);
        self.renewals.make(self.team, &parts)?;
        for operation in 0..self.shares.len() {
            self.only.store(operation, Ordering::Relaxed);
            let called = self.team.once(threads);
            self.only.store(DRAWN, Ordering::Relaxed);
            called?;
        }
        self.renewals.clear(self.team, &parts)
    }
}

impl Mix<'_> {
    fn set_chunk(&mut self, threads: u32, call_ns: f64, chunk_ns: f64) -> u64 {
        crate::measure::set_chunk(&mut self.sizes, threads, call_ns, chunk_ns, u64::MAX)
    }
}

/// The log of one operation out of `all`: the same spans, in which `part` of its tally takes the place of the calls.
fn log_of(log: &Log, operation: usize, all: usize, part: fn(&Tally) -> u64) -> Log {
    let spans = log.spans.iter().zip(log.tallies.chunks_exact(all));
    let own = |(span, tallies): (&Span, &[Tally])| Span {
        calls: part(&tallies[operation]),
        ..*span
    };
    Log {
        spans: spans.map(own).collect(),
        hardware: None,
        ..log.clone()
    }
}

/// The log of the calls of one operation, each as long as it took, where every span is one call.
fn timed_calls(log: &Log, operation: usize, all: usize) -> Log {
    let spans = log.spans.iter().zip(log.tallies.chunks_exact(all));
    let calls = spans
        .map(|(span, tallies)| (span.end, tallies[operation]))
        .filter(|(_, tally)| tally.calls > 0)
        .map(|(end, tally)| Span {
            begin: end.saturating_sub(tally.ns),
            end,
            calls: tally.calls,
        });
    Log {
        spans: calls.collect(),
        ..log.clone()
    }
}

/// The sample of one operation out of `all`. Where the threads' time went is known whatever they called.
fn sample(order: &WindowOrder, fits: bool, logs: &[Log], operation: usize, all: usize) -> Sample {
    let sample = |part: fn(&Tally) -> u64| {
        let own: Vec<Log> = logs
            .iter()
            .map(|log| log_of(log, operation, all, part))
            .collect();
        analysis::sample_of(order, order.threads, fits, logs, &own)
    };
    // The nanoseconds that threads spent in it, as if each were a call.
    let busy = sample(|tally| tally.ns);
    // Alone a thread's waits are taken off the time that counts, but not off what it did.
    let length = if busy.counted_calls == busy.calls {
        busy.window_ns
    } else {
        busy.counted_ns
    };
    let callers = if length > 0.0 {
        busy.counted_calls / length
    } else {
        0.0
    };
    let (typical_ns, rare) = unlike_calls(logs, operation, all);
    let calls = sample(|tally| tally.calls);
    // As long as as many threads as there are on average took for what was done of it in the regime.
    let regime = busy.regime.zip(calls.regime).map(|(busy, calls)| Regime {
        ns: busy.calls / f64::max(callers, f64::MIN_POSITIVE),
        whole_ns: calls.whole_ns * (busy.calls / f64::max(callers, f64::MIN_POSITIVE))
            / f64::max(calls.ns, 1.0),
        ..calls
    });
    Sample {
        callers: Some(callers),
        typical_ns,
        rare,
        regime: regime.filter(|regime| regime.ns.is_finite()),
        ..calls
    }
}

/// What a call of one operation out of `all` took in the middle one of the chunks, ns, and the chunks in which its calls took
/// more than twice as long. Its own calls alone are timed, so its chunks are told by them.
fn unlike_calls(logs: &[Log], operation: usize, all: usize) -> (f64, Option<RareCalls>) {
    let mut own: Vec<Tally> = logs
        .iter()
        .flat_map(|log| log.tallies.chunks_exact(all))
        .map(|tallies| tallies[operation])
        .filter(|tally| tally.calls > 0)
        .collect();
    let each = |tally: &Tally| tally.ns as f64 / tally.calls as f64;
    sort::by(&mut own, &|a, b| each(a).total_cmp(&each(b)));
    let typical_ns = own.get(own.len() / 2).map_or(0.0, each);
    let mut rare = RareCalls::default();
    let unlike = own.iter().rev();
    for tally in unlike.take_while(|tally| each(tally) > 2.0 * typical_ns) {
        let excess = tally.ns as f64 - typical_ns * tally.calls as f64;
        rare.ns += excess;
        rare.squares += excess * excess;
    }
    (typical_ns, Some(rare).filter(|rare| rare.ns > 0.0))
}

/// What timing a call by itself adds to it, ns: how long a call that does nothing seems to take.
fn timing_ns() -> f64 {
    let nothing = GroupMember::new(|_| (), |_, _: &mut ()| (), |&mut (), ()| ());
    let mut caller = nothing.caller(Thread { index: 0, count: 1 });
    let clock = Clock::new();
    let mut times: Vec<u64> = (0..1001)
        .map(|_| {
            let call = caller.run(1, 1, clock, clock.now());
            call.end.saturating_sub(call.begin)
        })
        .collect();
    sort::times(&mut times);
    times[times.len() / 2] as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Which operation was called, in order.
    fn drawn(shares: &[u32], thread: usize, calls: u64) -> Vec<u64> {
        let thread = Thread {
            index: thread,
            count: 2,
        };
        let members: Vec<GroupMember<'_>> = shares
            .iter()
            .map(|_| GroupMember::new(|_| (), |_, _: &mut ()| (), |_: &mut (), ()| ()))
            .collect();
        let only = AtomicUsize::new(DRAWN);
        let mut mixed = Mixed::new(thread, shares, &members, &only);
        let clock = Clock::new();
        for _ in 0..calls {
            mixed.run(1, 2, clock, clock.now());
        }
        let chunks = mixed.tallies.chunks(shares.len());
        let operation = |chunk: &[Tally]| chunk.iter().position(|tally| tally.calls == 1);
        chunks
            .map(|chunk| operation(chunk).expect("one call") as u64)
            .collect()
    }

    #[test]
    fn operations_are_drawn_by_their_shares_and_never_outside() {
        let drawn = drawn(&[90, 10], 0, 10_000);
        let writes = drawn.iter().filter(|&&operation| operation == 1).count();
        assert!((850..1150).contains(&writes), "{writes} of 1000");
    }

    #[test]
    fn threads_draw_differently_and_launches_alike() {
        assert_eq!(drawn(&[1, 1], 0, 100), drawn(&[1, 1], 0, 100));
        assert_ne!(drawn(&[1, 1], 0, 100), drawn(&[1, 1], 1, 100));
    }

    /// Ten chunks of 1 ms, each with 30 short calls of 10 us and one of 500 us; the rest is drawing.
    fn mixed_log() -> Log {
        let chunk = |k: u64| Span {
            begin: k * 1_000_000,
            end: (k + 1) * 1_000_000,
            calls: 31,
        };
        let tallies = [(30, 300_000), (1, 500_000)].map(|(calls, ns)| Tally { calls, ns });
        Log {
            spans: (0..10).map(chunk).collect(),
            tallies: tallies.repeat(10),
            open: 2_500_000,
            close: 8_500_000,
            regime_end: 20_000_000,
            threads: 1,
            ..Log::default()
        }
    }

    #[test]
    fn each_operation_has_the_latency_of_its_own_calls() {
        let order = WindowOrder {
            round: 0,
            threads: 2,
            window_ns: 6_000_000,
            kind: WindowKind::Measured,
        };
        let logs = [mixed_log(), mixed_log()];
        for (operation, calls, latency_ns) in [(0, 360.0, 10_000.0), (1, 12.0, 500_000.0)] {
            let sample = sample(&order, true, &logs, operation, 2);
            assert!((sample.calls - calls).abs() < 1e-9, "{}", sample.calls);
            let callers = sample.callers.expect("known");
            let latency = callers * sample.counted_ns / sample.counted_calls;
            assert!((latency - latency_ns).abs() < 1e-6, "{latency}");
        }
    }

    #[test]
    fn an_operation_that_was_not_drawn_has_no_latency() {
        let mut log = mixed_log();
        for tallies in log.tallies.chunks_exact_mut(2) {
            tallies[1] = Tally::default();
        }
        let order = WindowOrder {
            round: 0,
            threads: 1,
            window_ns: 6_000_000,
            kind: WindowKind::Measured,
        };
        let sample = sample(&order, true, &[log], 1, 2);
        assert_eq!((sample.calls, sample.callers), (0.0, Some(0.0)));
    }

    #[test]
    fn single_calls_are_as_long_as_they_took() {
        let mut log = mixed_log();
        log.tallies = [(0, 0), (1, 400_000)]
            .map(|(calls, ns)| Tally { calls, ns })
            .repeat(10);
        assert!(timed_calls(&log, 0, 2).spans.is_empty());
        let spans = timed_calls(&log, 1, 2).spans;
        assert_eq!((spans.len(), spans[3].end - spans[3].begin), (10, 400_000));
    }

    #[test]
    fn a_log_gets_the_tallies_of_its_own_spans() {
        let members = [GroupMember::new(
            |_| (),
            |_, _: &mut ()| (),
            |_: &mut (), ()| (),
        )];
        let only = AtomicUsize::new(DRAWN);
        let thread = Thread { index: 0, count: 1 };
        let mut mixed = Mixed::new(thread, &[1], &members, &only);
        let clock = Clock::new();
        mixed.run(7, 1, clock, 0);
        let mut log = Log {
            spans: vec![mixed.run(3, 1, clock, 0)],
            ..Log::default()
        };
        mixed.write_down(&mut log);
        assert_eq!(log.tallies.len(), 1);
        assert_eq!(log.tallies[0].calls, 3);
        assert!(mixed.tallies.is_empty());
    }
}

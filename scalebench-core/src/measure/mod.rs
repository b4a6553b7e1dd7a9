//! Measuring: windows in which only common time counts.
//!
//! [`serve`] answers the coordinator's orders for one benchmark. An [`Engine`] runs the windows: [`concurrent`] with a
//! team of threads, `parallel` with rayon pools, [`tasks`] on async executors. Each caller writes a [`log::Log`] while
//! it runs ([`window`]); [`analysis`] makes the sample from the logs afterwards. [`group`] measures several functions at
//! a time, and [`load`] lets calls arrive on a schedule.

pub(crate) mod analysis;
pub(crate) mod chunk;
pub(crate) mod chunk_calls;
pub(crate) mod concurrent;
mod control;
mod disturbance;
mod full_pace;
pub(crate) mod group;
pub(crate) mod helpers;
mod kept;
pub(crate) mod load;
pub(crate) mod log;
pub(crate) mod nulls;
pub(crate) mod own_windows;
mod pace;
#[cfg(feature = "rayon")]
pub(crate) mod parallel;
pub(crate) mod percentiles;
mod phases;
mod regime;
mod seat;
mod split;
mod stretch;
pub(crate) mod subject;
pub(crate) mod tasks;
mod team;
pub(crate) mod timed;
pub(crate) mod window;

/// What the protocol of a window stands on. `tests/loom` puts loom's atomics in their place.
mod sync {
    pub(super) use std::hint::spin_loop;
    pub(super) use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
    pub(super) use std::thread::yield_now;

    pub(super) use crossbeam_utils::CachePadded;
}

use std::any::Any;

use crate::annotate::SetupFailed;
use crate::features::HOSTS;
use crate::protocol::{
    LoadOrder, Order, Reply, TogetherOrder, WindowKind, WindowOrder, WorkerFailure,
};
use crate::sys::{Clock, raise_priority};
use crate::worker::{Orders, last_panic, panic_message};
use chunk_calls::ChunkCalls;
use log::Log;
use scalebench_model::data::{LoadSample, Sample};
use scalebench_model::sort;
use seat::Timing;
use window::{Agreed, WindowPlan};

/// A chunk lasts about so long, ns: as long as two of them fit the time between two looks.
///
/// A clock read takes 25 ns, but it costs the code around it more than that: between two of them the compiler's and the CPU's
/// ways of going from call to call begin anew. Calls that store and reload took 113, 101, 90, 75, 64 and 63 ns between
/// reads that were 0.6, 2, 6, 17, 62 and 186 us apart.
pub(crate) const CHUNK_NS: f64 = 250_000.0;

/// The time between two looks at whether a thread kept its CPU, ns.
pub(crate) const SLICE_NS: u64 = 500_000;

/// The longest time from the moment at which all callers call to the opening, ns: caches are warm and clocks are up by then.
const RAMP_NS: u64 = 500_000;

/// So long a window waits at most for the last of many callers to be given a CPU, ns: hundreds of them take turns of a few
/// milliseconds each.
pub(crate) const BEGIN_NS: u64 = 1_000_000_000;

/// A window is cut into no more chunks than this, so that the logs of long windows stay small.
pub(crate) const MAX_CHUNKS: f64 = 20_000.0;

/// What runs windows.
pub(crate) trait Engine {
    /// Makes what every window starts with for `threads` threads, where there is anything.
    fn renew(&mut self, _threads: usize) -> Result<(), WorkerFailure> {
        Ok(())
    }

    /// Drops it.
    fn clear(&mut self, _threads: usize) -> Result<(), WorkerFailure> {
        Ok(())
    }

    /// Runs one window and returns the log of every caller.
    fn window(&mut self, plan: WindowPlan) -> Result<Vec<Log>, WorkerFailure>;

    /// Times `calls` calls at N = 1.
    fn time_calls(&mut self, calls: u64) -> Result<Timing, WorkerFailure>;

    /// Lets each of `threads` threads make one call.
    fn once(&mut self, threads: usize) -> Result<(), WorkerFailure>;

    /// Lets calls arrive on a schedule, and waits for those that do.
    fn load(&mut self, _order: &LoadOrder) -> Caught<LoadSample> {
        Err(no_load_mode())
    }

    /// The most calls in one chunk: made inputs and kept outputs must fit the cache.
    fn max_chunk(&self) -> u64;

    /// How many calls run at the same time at thread count `threads`.
    fn callers(&self, threads: u32) -> u32;

    /// How long a chunk is to be, ns.
    fn chunk_ns(&self) -> f64 {
        CHUNK_NS
    }

    /// Whether a chunk of one call tells how long that call took.
    fn times_single_calls(&self) -> bool {
        true
    }
}

/// What was found out before the first window.
#[derive(Debug, Clone)]
struct Sizes {
    /// Calls in a chunk by thread count.
    chunk_calls: ChunkCalls,
    /// How long a chunk took at N = 1, ns.
    chunk_ns: f64,
    /// The longest chunk so far, ns.
    longest_ns: f64,
    /// What making the inputs of a call took at N = 1, ns, where that is longer than the call.
    making_ns: Option<f64>,
}

/// Making a batch of inputs takes no longer than this, ns, as far as the least batch allows.
const MAKING_NS: f64 = 50e6;

/// A batch has at least so many calls: a barrier starts callers in lockstep, and the first calls show it.
pub(crate) const LEAST_BATCH: u64 = 20;

/// Only where making so many takes longer than this, ns, it has fewer.
const LONGEST_MAKING_NS: f64 = 1e9;

impl Sizes {
    /// Before anything is known.
    fn unknown() -> Self {
        Self {
            chunk_calls: ChunkCalls::default(),
            chunk_ns: CHUNK_NS,
            longest_ns: 0.0,
            making_ns: None,
        }
    }

    /// How many inputs are made before they are called, where making them takes longer than the calls.
    fn batch(&self, chunk_calls: u64, most: u64) -> Option<u64> {
        let making_ns = self.making_ns?;
        let within = |ns: f64| (ns / making_ns) as u64;
        let least = within(LONGEST_MAKING_NS).clamp(1, LEAST_BATCH);
        let wanted = chunk_calls.max(LEAST_BATCH).min(within(MAKING_NS));
        Some(wanted.min(most).max(least))
    }

    /// Takes into account what a window has shown.
    fn note(&mut self, sample: &Sample) {
        self.longest_ns = self.longest_ns.max(sample.longest_ns);
    }

    /// Time from the moment at which all callers call to the opening, ns.
    ///
    /// None where calls may be longer than that. Calls that begin before the opening do not count; a window begins where calls
    /// have just ended, so which ones these are is no chance where every so many calls a long one comes.
    fn ramp_ns(&self, window_ns: u64) -> u64 {
        match self.longest_ns > RAMP_NS as f64 {
            true => 0,
            false => RAMP_NS.min(window_ns / 20),
        }
    }
}

/// What can be ordered of a benchmark once its state is made.
trait Answers {
    /// Finds out what a call costs at N = 1.
    fn size(&mut self) -> Result<Reply, WorkerFailure>;

    /// Measures one window.
    fn window(&mut self, order: &WindowOrder) -> Result<Reply, WorkerFailure>;

    /// Lets calls arrive on a schedule.
    fn load(&mut self, _order: &LoadOrder) -> Caught<LoadSample> {
        Err(no_load_mode())
    }

    /// Lets each of `threads` threads make one call.
    fn once(&mut self, threads: usize) -> Result<(), WorkerFailure>;

    /// Measures one window together with other workers.
    fn together(&mut self, _order: &TogetherOrder) -> Result<Reply, WorkerFailure> {
        Err(not_by_processes())
    }
}

/// Only what threads call is measured by several processes, and nobody asks for anything else.
fn not_by_processes() -> WorkerFailure {
    WorkerFailure {
        message: "this benchmark cannot be measured by several processes".to_owned(),
        place: None,
    }
}

/// The planner asks nobody for it who cannot do it.
fn no_load_mode() -> WorkerFailure {
    WorkerFailure {
        message: "this benchmark has no load mode".to_owned(),
        place: None,
    }
}

/// Answers the coordinator's orders until it orders `Finish` or hangs up.
pub(crate) fn serve(orders: &mut Orders, engine: &mut dyn Engine) {
    let cpus = orders.prepared().cpus;
    let sizes = Sizes::unknown();
    answer(
        orders,
        &mut Single {
            engine,
            sizes,
            cpus,
        },
    );
}

/// After a failure nothing more is served: threads may be stuck in the code under measurement.
fn answer(orders: &mut Orders, answers: &mut dyn Answers) {
    orders.reply(Reply::Done);
    while let Some(order) = orders.next() {
        let reply = match order {
            Order::Size => answers.size(),
            Order::Window(window) => answers.window(&window),
            Order::Load(order) => answers.load(&order).map(Reply::Load),
            Order::Together(order) => answers.together(&order),
            Order::Clock => Ok(tell_time(Clock::new())),
            Order::Hurry => Ok(Reply::Hurried {
                raised: raise_priority(),
            }),
            Order::Once { threads } => answers.once(threads as usize).map(|()| Reply::Done),
            Order::Finish => return,
            Order::Hello { .. }
            | Order::Identify
            | Order::List { .. }
            | Order::Evaluate { .. }
            | Order::Prepare(_) => Err(WorkerFailure {
                message: format!("unexpected order {}", order.line()),
                place: None,
            }),
        };
        match reply {
            Ok(reply) => orders.reply(reply),
            Err(failure) => return orders.fail(failure),
        }
    }
}

fn tell_time(clock: Clock) -> Reply {
    Reply::Clock {
        now_ns: clock.now(),
        epoch_ns: clock.epoch_ns(),
    }
}

/// One function, called by all threads.
struct Single<'a> {
    engine: &'a mut dyn Engine,
    sizes: Sizes,
    cpus: u32,
}

impl Answers for Single<'_> {
    fn size(&mut self) -> Result<Reply, WorkerFailure> {
        let engine = &mut *self.engine;
        let most = engine.max_chunk();
        // The few calls that size a chunk are less than a window, so they share what they start with.
        engine.renew(1)?;
        let chunk_ns = engine.chunk_ns();
        let time_calls = &mut |calls| engine.time_calls(calls);
        let (call_ns, chunk_calls) = size(most, chunk_ns, time_calls, &mut self.sizes)?;
        engine.clear(1)?;
        Ok(Reply::Sized {
            call_ns,
            chunk_calls,
            timing_ns: None,
        })
    }

    fn window(&mut self, order: &WindowOrder) -> Result<Reply, WorkerFailure> {
        let threads = order.threads as usize;
        self.engine.renew(threads)?;
        let reply = measure(self.engine, &mut self.sizes, self.cpus, order)?;
        self.engine.clear(threads)?;
        Ok(reply)
    }

    fn load(&mut self, order: &LoadOrder) -> Caught<LoadSample> {
        let callers = order.callers as usize;
        self.engine.renew(callers)?;
        let sample = self.engine.load(order)?;
        self.engine.clear(callers)?;
        Ok(sample)
    }

    fn together(&mut self, order: &TogetherOrder) -> Result<Reply, WorkerFailure> {
        if !HOSTS {
            return Err(not_by_processes());
        }
        let threads = order.window.threads as usize;
        self.engine.renew(threads)?;
        let logs = self.engine.window(WindowPlan {
            threads,
            chunk_calls: order.chunk_calls.clamp(1, self.engine.max_chunk()),
            window_ns: order.window.window_ns,
            ramp_ns: 0,
            batch: None,
            limit_ns: order.limit_ns,
            begin_ns: 0,
            opens: Some(Agreed {
                open: order.open_ns,
                crowded: order.crowded,
            }),
        })?;
        self.engine.clear(threads)?;
        Ok(Reply::Logs {
            logs: logs.iter().map(Log::to_send).collect(),
        })
    }

    fn once(&mut self, threads: usize) -> Result<(), WorkerFailure> {
        self.engine.renew(threads)?;
        self.engine.once(threads)?;
        self.engine.clear(threads)
    }
}

/// Doubles the number of calls until they fill a chunk, then takes the median of a few chunks.
///
/// `time_calls` times so many calls at N = 1. Returns ns a call and calls in a chunk.
fn size(
    most: u64,
    chunk_ns: f64,
    time_calls: &mut dyn FnMut(u64) -> Result<Timing, WorkerFailure>,
    sizes: &mut Sizes,
) -> Result<(f64, u64), WorkerFailure> {
    let mut calls = 1;
    let mut timing = time_calls(calls)?;
    let is_short = |timing: &Timing| {
        (timing.calls_ns as f64) < chunk_ns && (timing.making_ns as f64) < MAKING_NS
    };
    while is_short(&timing) && calls < most {
        calls = calls.saturating_mul(2).min(most);
        timing = time_calls(calls)?;
    }
    let mut times = [timing.calls_ns; 5];
    // The first long call tells enough: it need not be repeated before the warm-up.
    if timing.calls_ns.max(timing.making_ns) < LONG_CALL_NS {
        for time in &mut times {
            *time = time_calls(calls)?.calls_ns;
        }
    }
    sort::times(&mut times);
    let longest = times.iter().max().copied().unwrap_or(0);
    sizes.longest_ns = sizes.longest_ns.max(longest as f64);
    let making_ns = timing.making_ns as f64 / calls as f64;
    sizes.making_ns = (timing.making_ns > timing.calls_ns).then_some(making_ns);
    let call_ns = (times[2] as f64 / calls as f64).max(f64::MIN_POSITIVE);
    let chunk_calls = set_chunk(sizes, 1, call_ns, chunk_ns, most);
    sizes.chunk_ns = call_ns * chunk_calls as f64;
    Ok((call_ns, chunk_calls))
}

/// A call that takes so long is sized by the first one alone, ns.
const LONG_CALL_NS: u64 = 1_000_000;

/// Lets a chunk at `threads` last about `chunk_ns`; returns how many calls that are.
fn set_chunk(sizes: &mut Sizes, threads: u32, call_ns: f64, chunk_ns: f64, most: u64) -> u64 {
    let calls = (chunk_ns / call_ns).ceil().clamp(1.0, most as f64) as u64;
    sizes.chunk_calls.set(threads, calls);
    calls
}

fn measure(
    engine: &mut dyn Engine,
    sizes: &mut Sizes,
    cpus: u32,
    order: &WindowOrder,
) -> Result<Reply, WorkerFailure> {
    if order.kind == WindowKind::Percentiles && !engine.times_single_calls() {
        return Ok(Reply::Percentiles(percentiles::sample(order, false, &[])));
    }
    let chunk_calls = match order.kind {
        WindowKind::Percentiles => 1,
        _ => sizes.chunk_calls.at_or_least(order.threads),
    };
    let callers = engine.callers(order.threads);
    // Served one after the other, every caller has had its turn after N chunks; half as much again for the overheads.
    let turn_ns = 1.5 * f64::from(callers) * sizes.chunk_ns;
    let logs = engine.window(WindowPlan {
        threads: order.threads as usize,
        chunk_calls,
        window_ns: order.window_ns,
        ramp_ns: sizes.ramp_ns(order.window_ns),
        batch: sizes.batch(chunk_calls, engine.max_chunk()),
        limit_ns: (turn_ns as u64).max(2 * order.window_ns),
        begin_ns: BEGIN_NS,
        opens: None,
    })?;
    let fits = helpers::fits(order.threads, cpus, &logs);
    if order.kind == WindowKind::Percentiles {
        return Ok(Reply::Percentiles(percentiles::sample(order, fits, &logs)));
    }
    let sample = analysis::sample(order, callers, fits, &logs);
    sizes.note(&sample);
    if order.kind == WindowKind::WarmUp && sample.calls > 0.0 {
        let call_ns = f64::from(callers) * sample.window_ns / sample.calls;
        let chunk_ns = engine.chunk_ns().max(order.window_ns as f64 / MAX_CHUNKS);
        set_chunk(sizes, order.threads, call_ns, chunk_ns, engine.max_chunk());
    }
    Ok(Reply::Sample(sample))
}

/// What a thread of the code under measurement panicked with, and where.
pub(crate) type Caught<T> = Result<T, WorkerFailure>;

/// Runs code of the user's and turns a panic into a failure.
pub(crate) fn catch<T>(run: impl FnOnce() -> T) -> Caught<T> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(run)).map_err(failure_of)
}

/// What a panic says. By itself, so that it is compiled once and not with everything that may panic.
fn failure_of(payload: Box<dyn Any + Send>) -> WorkerFailure {
    let failure = match payload.downcast_ref() {
        Some(SetupFailed(message)) => WorkerFailure {
            message: message.clone(),
            place: None,
        },
        None => WorkerFailure {
            message: panic_message(payload.as_ref()),
            place: last_panic().and_then(|panic| panic.place),
        },
    };
    drop_safely(payload);
    failure
}

/// Drops what a panic carries, which may panic once more: it is the user's.
fn drop_safely(payload: Box<dyn Any + Send>) {
    let drop = std::panic::AssertUnwindSafe(|| drop(payload));
    // What that panic carries may do the same, and so for ever.
    std::mem::forget(std::panic::catch_unwind(drop));
}

//! Parallel mode: one call at a time inside a rayon pool of N threads.

use std::sync::{Arc, Mutex, PoisonError};

use rayon_core::{ThreadPool, ThreadPoolBuilder};

use super::chunk::Caller;
use super::helpers::{Callers, Helpers};
use super::log::Log;
use super::pace::{self, Glance};
use super::seat::Timing;
use super::subject::{Renewal, Shown, Subject};
use super::window::{Chunks, Control, Meter, WindowPlan, call_through};
use super::{Engine, catch, serve as serve_orders};
use crate::launch::Thread;
use crate::protocol::{Prepare, WorkerFailure};
use crate::sys::{Clock, Reading, TaskMeter, pin_each, thread_id};
use crate::worker::Orders;

/// Serves one benchmark in parallel mode.
pub(crate) fn serve<B: Subject>(orders: &mut Orders, subject: B)
where
    B::Own: Send,
    B::Fresh: Send,
    B::Input: Send,
    B::Output: Send,
{
    let prepared = orders.prepared().clone();
    let thread = Thread {
        index: 0,
        count: prepared.max_threads as usize,
    };
    let shown = Shown::new(subject);
    let mut caller = match catch(|| Caller::new(thread, &shown)) {
        Ok(caller) => caller,
        Err(failure) => return orders.fail(failure),
    };
    let renewal: Option<&dyn Renewal> = if B::RENEWS { Some(&shown) } else { None };
    let mut pools = Pools {
        clock: Clock::new(),
        helpers: Helpers::new(&prepared.placement),
        prepared,
        max_chunk: Caller::<B>::max_chunk(),
        renewal,
        caller: &mut caller,
        pools: Vec::new(),
        log: Log::default(),
    };
    serve_orders(orders, &mut pools);
}

/// The pools of one launch, one for each thread count, made when first needed.
struct Pools<'a> {
    clock: Clock,
    helpers: Helpers,
    prepared: Prepare,
    max_chunk: u64,
    renewal: Option<&'a dyn Renewal>,
    caller: &'a mut (dyn Chunks + Send),
    pools: Vec<(usize, Pool)>,
    log: Log,
}

/// What is done inside a pool.
type Inside<'a> = dyn FnMut(&mut (dyn Chunks + Send), &PoolMeter, Clock, &mut Log) + Send + 'a;

struct Pool {
    rayon: ThreadPool,
    /// The kernel's numbers of its threads.
    threads: Vec<i32>,
    meter: PoolMeter,
    pinned: bool,
}

/// Adds up what the kernel knows of a pool's threads.
#[derive(Debug)]
struct PoolMeter {
    tasks: Vec<TaskMeter>,
}

impl Meter for PoolMeter {
    fn on_cpu_ns(&self) -> Option<u64> {
        None
    }

    fn read(&self) -> Option<Reading> {
        let sum = self
            .tasks
            .iter()
            .map(TaskMeter::read)
            .fold(Reading::default(), |sum, task| Reading {
                on_cpu_ns: sum.on_cpu_ns + task.on_cpu_ns,
                waiting_ns: sum.waiting_ns + task.waiting_ns,
                arrivals: sum.arrivals + task.arrivals,
                ..Reading::default()
            });
        // Where the kernel says nothing of them, they seem to have done nothing.
        (sum.on_cpu_ns > 0).then_some(sum)
    }

    fn threads(&self) -> u32 {
        u32::try_from(self.tasks.len()).unwrap_or(u32::MAX)
    }
}

impl Pool {
    fn new(threads: usize) -> Result<Self, WorkerFailure> {
        let ids = Arc::new(Mutex::new(Vec::with_capacity(threads)));
        let seen = Arc::clone(&ids);
        let rayon = ThreadPoolBuilder::new()
            .num_threads(threads)
            .thread_name(|index| format!("scalebench-pool-{index}"))
            .start_handler(move |_| {
                seen.lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .push(thread_id());
            })
            .build()
            .map_err(|error| WorkerFailure {
                message: format!("could not start a pool of {threads} threads: {error}"),
                place: None,
            })?;
        // Every thread of the pool takes part in a broadcast, so all have gone through the start handler after it.
        rayon.broadcast(|_| ());
        let threads = ids.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let tasks = threads.iter().map(|&id| TaskMeter::new(id)).collect();
        Ok(Self {
            rayon,
            threads,
            meter: PoolMeter { tasks },
            pinned: false,
        })
    }

    /// Gives each thread a CPU of `placement`, or lets it go where it likes.
    fn place(&mut self, pinned: bool, placement: &[u32]) {
        if pinned != self.pinned {
            pin_each(&self.threads, pinned, placement);
            self.pinned = pinned;
        }
    }
}

impl Pools<'_> {
    /// Where the pool of `threads` threads is, once it was made.
    fn known(&self, threads: usize) -> Option<usize> {
        self.pools.iter().position(|(count, _)| *count == threads)
    }

    /// Whether the threads of that pool get a CPU each. The first calls in a pool are made before its threads are pinned, as
    /// those of a team are.
    fn pins(&self, threads: usize) -> bool {
        self.known(threads).is_some()
            && threads <= self.prepared.cpus as usize
            && self.helpers.may_pin()
    }

    /// Runs `work` inside the pool of `threads` threads. What rayon makes of a closure is compiled anew for each, so all of
    /// them come as one type.
    fn inside(&mut self, threads: usize, work: &mut Inside<'_>) -> Result<(), WorkerFailure> {
        let known = self.known(threads);
        let pinned = self.pins(threads);
        let place = match known {
            Some(place) => place,
            None => {
                let pool = Pool::new(threads)?;
                self.pools.push((threads, pool));
                self.pools.len() - 1
            }
        };
        let pool = &mut self.pools[place].1;
        pool.place(pinned, &self.prepared.placement);
        let (caller, log, clock) = (&mut *self.caller, &mut self.log, self.clock);
        catch(|| pool.rayon.install(|| work(caller, &pool.meter, clock, log)))
    }
}

/// The pace of the slowest of the CPUs of the pool that this is called in, ns.
fn slowest(clock: Clock) -> f64 {
    let paces = rayon_core::broadcast(|_| pace::gauge(clock));
    paces.into_iter().fold(0.0, f64::max)
}

impl Engine for Pools<'_> {
    /// Inside the pool, as inputs are made: expressions may be parallel, too.
    fn renew(&mut self, threads: usize) -> Result<(), WorkerFailure> {
        match self.renewal {
            Some(_) => self.inside(threads, &mut |caller, _, _, _| caller.renew(threads)),
            None => Ok(()),
        }
    }

    fn clear(&mut self, threads: usize) -> Result<(), WorkerFailure> {
        let Some(renewal) = self.renewal else {
            return Ok(());
        };
        self.inside(threads, &mut |caller, _, _, _| caller.clear())?;
        catch(|| renewal.clear())
    }

    fn window(&mut self, plan: WindowPlan) -> Result<Vec<Log>, WorkerFailure> {
        let paced = plan.threads <= self.prepared.cores as usize
            && !self.prepared.placement.is_empty()
            && self.pins(plan.threads);
        let before = self.helpers.before(self.clock.now());
        self.inside(plan.threads, &mut |caller, meter, clock, log| {
            let control = Control::new(plan, 1, clock.now());
            // The pool's threads work by turns on all calls; counters of one thread would tell nothing.
            let look = || {
                paced.then(|| Glance {
                    at: clock.now(),
                    pace_ns: slowest(clock),
                })
            };
            let before = look();
            call_through(&control, caller, meter, &mut None, clock, None, log);
            log.glances.extend(before.into_iter().chain(look()));
        })?;
        let (now, callers) = (
            self.clock.now(),
            Callers::of(std::slice::from_ref(&self.log)),
        );
        self.helpers
            .after(before, now, callers, std::slice::from_mut(&mut self.log));
        Ok(vec![self.log.clone()])
    }

    fn time_calls(&mut self, calls: u64) -> Result<Timing, WorkerFailure> {
        let mut elapsed = Timing::default();
        self.inside(1, &mut |caller, _, clock, _| {
            elapsed = Timing::of(caller, calls, clock);
        })?;
        Ok(elapsed)
    }

    fn once(&mut self, threads: usize) -> Result<(), WorkerFailure> {
        self.inside(threads, &mut |caller, _, clock, _| {
            caller.run(1, threads, clock, clock.now());
        })
    }

    fn max_chunk(&self) -> u64 {
        self.max_chunk
    }

    fn callers(&self, _threads: u32) -> u32 {
        1
    }
}

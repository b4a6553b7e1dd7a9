//! Async benchmarks: tasks on an executor call the function over and over, each like a thread of concurrent mode.
//!
//! A window is the same as there: it opens when every task has finished a chunk, and only common time counts
//! ([`super::window`]). The operating system knows threads and not tasks, so these figures are by the wall clock.

mod arrivals;
mod batch;
mod executor;
mod mailbox;
mod stage;
mod task;
#[cfg(feature = "tokio")]
mod tokio_runtime;

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::Arc;

use scalebench_model::data::LoadSample;

use super::helpers::{self, Helpers};
use super::load::{self, Arrivals};
use super::log::Log;
use super::seat::Timing;
use super::window::{Control, WindowPlan};
use super::{Caught, Engine, serve as serve_orders};
use crate::protocol::{LoadOrder, Prepare, WorkerFailure};
use crate::sys::Clock;
use crate::worker::Orders;
use stage::{Staff, Stage};
use task::{Job, Member, Outcome};

pub use batch::Batch;
pub use executor::{Executor, Workers};
pub use task::Task;
#[cfg(feature = "tokio")]
pub use tokio_runtime::Tokio;

/// What the sweep of an async benchmark varies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sweep {
    /// Worker threads, with a task on each.
    Workers,
    /// Tasks in flight.
    Tasks {
        /// How many worker threads there are; `None`: one for each CPU.
        workers: Option<usize>,
    },
}

/// Serves one async benchmark. `setup` makes the state that the tasks share, and then gives the future of each task.
pub(crate) fn serve<E, S, SF, M, F>(orders: &mut Orders, sweep: Sweep, setup: &S)
where
    E: Executor,
    S: Fn() -> SF,
    SF: Future<Output = M>,
    M: Fn(Task) -> F,
    F: Future<Output = ()> + Send + 'static,
{
    run_stages::<E>(orders, sweep, &|executor, tasks, reports| {
        let future_of = executor.block_on(setup());
        for (index, task) in tasks.into_iter().enumerate() {
            executor.spawn(Member::new(index, reports.clone(), future_of(task)));
        }
        // The shared state now belongs to the tasks: the last one drops it, on the executor, which it may need.
    });
}

/// All that is not compiled for each benchmark, but once for each executor.
fn run_stages<E: Executor>(orders: &mut Orders, sweep: Sweep, staff: &Staff<'_, E>) {
    let mut stages = Stages {
        clock: Clock::new(),
        helpers: Helpers::new(&orders.prepared().placement),
        prepared: orders.prepared().clone(),
        sweep,
        staff,
        stages: BTreeMap::new(),
    };
    match stages.at(1) {
        Ok(_) => serve_orders(orders, &mut stages),
        Err(failure) => orders.fail(failure),
    }
    if let Err(failure) = stages.finish() {
        orders.fail(failure);
    }
}

/// The stages of one launch, one for each number of worker threads, made when first needed. State that is bound to a
/// runtime (timers, sockets, tasks of its own) so is always on the runtime of the tasks that use it.
struct Stages<'a, E> {
    clock: Clock,
    helpers: Helpers,
    prepared: Prepare,
    sweep: Sweep,
    staff: &'a Staff<'a, E>,
    stages: BTreeMap<usize, Stage<E>>,
}

impl<E: Executor> Stages<'_, E> {
    /// The stage for point N of the sweep.
    fn at(&mut self, n: usize) -> Caught<&mut Stage<E>> {
        let (workers, tasks) = match self.sweep {
            Sweep::Workers if self.prepared.load => (
                self.prepared.cpus as usize,
                self.prepared.max_threads as usize,
            ),
            Sweep::Workers => (n, n),
            Sweep::Tasks { workers } => (
                workers.unwrap_or(self.prepared.cpus as usize).max(1),
                self.prepared.max_threads as usize,
            ),
        };
        if !self.stages.contains_key(&workers) {
            let stage = Stage::start(workers, tasks, &self.prepared, self.clock, self.staff)?;
            self.stages.insert(workers, stage);
        }
        self.stages.get_mut(&workers).ok_or_else(|| WorkerFailure {
            message: format!("there is no runtime of {workers} worker threads"),
            place: None,
        })
    }

    fn finish(&mut self) -> Caught<()> {
        let mut failed = Ok(());
        for stage in std::mem::take(&mut self.stages).into_values() {
            failed = failed.and(stage.finish());
        }
        failed
    }
}

impl<E: Executor> Engine for Stages<'_, E> {
    fn window(&mut self, plan: WindowPlan) -> Caught<Vec<Log>> {
        let control = Arc::new(Control::new(plan, plan.threads, self.clock.now()));
        let jobs = (0..plan.threads).map(|_| Job::Window {
            control: Arc::clone(&control),
            log: Box::default(),
        });
        let (cpus, may_pin) = (self.prepared.cpus as usize, self.helpers.may_pin());
        let clock = self.clock;
        let before = self.helpers.before(clock.now());
        let stage = self.at(plan.threads)?;
        let workers = stage.workers();
        let (mut logs, callers) = stage.window(jobs, may_pin && workers <= cpus)?;
        if let Some(callers) = callers {
            self.helpers.after(before, clock.now(), callers, &mut logs);
        }
        if !helpers::fits(workers as u32, cpus as u32, &logs) {
            // They wait for each other, which belongs to their calls.
            logs.iter_mut().for_each(|log| log.workers_waited = 0.0);
        }
        Ok(logs)
    }

    fn time_calls(&mut self, calls: u64) -> Caught<Timing> {
        let mut elapsed = Timing::default();
        let job = std::iter::once(Job::Calls { calls });
        self.at(1)?.run(job, |outcome| {
            if let Outcome::Time(time) = outcome {
                elapsed.calls_ns = time;
            }
        })?;
        Ok(elapsed)
    }

    fn once(&mut self, threads: usize) -> Caught<()> {
        let jobs = (0..threads).map(|_| Job::Calls { calls: 1 });
        self.at(threads)?.run(jobs, |_| ())
    }

    fn load(&mut self, order: &LoadOrder) -> Caught<LoadSample> {
        let callers = order.callers as usize;
        let stage = self.at(callers)?;
        let arrivals = Arc::new(Arrivals::plan(order, stage.clock));
        let (logs, behind) = stage.load(&arrivals)?;
        Ok(load::sample(order, &arrivals, logs, behind))
    }

    /// Other tasks wait for the worker meanwhile.
    fn chunk_ns(&self) -> f64 {
        task::TURN_NS as f64
    }

    fn max_chunk(&self) -> u64 {
        // Every stage runs the same code.
        self.stages.values().next().map_or(1, Stage::most_calls)
    }

    fn callers(&self, threads: u32) -> u32 {
        threads
    }
}

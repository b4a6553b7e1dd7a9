//! The threads of a launch: made once, pinned, and given the same tasks.

use std::sync::Arc;

use crossbeam_utils::thread::Scope;

use super::helpers::{Callers, Helpers};
use super::load::{self, Arrivals};
use super::log::Log;
use super::seat::{Outcome, Part, Seat, Task, Timing};
use super::window::{Control, WindowPlan};
use super::{Caught, Engine, drop_safely, no_load_mode};
use crate::channel::{Receiver, Sender, unbounded};
use crate::features::LOAD;
use crate::launch::Thread;
use crate::protocol::{LoadOrder, Prepare, WorkerFailure};
use crate::sys::{Clock, thread_limit};
use crate::worker::{Orders, last_panic};
use scalebench_model::data::LoadSample;

/// Starts the threads, serves, and lets them end and drop their states. Calls `serve` once.
pub(super) fn run_team(
    orders: &mut Orders,
    threads: usize,
    max_chunk: u64,
    member: &(dyn Fn(&Seat) + Sync),
    serve: &mut dyn FnMut(&mut Orders, &mut Team),
) {
    let prepared = Prepare {
        max_threads: u32::try_from(threads).unwrap_or(u32::MAX),
        ..orders.prepared().clone()
    };
    let joined = crossbeam_utils::thread::scope(|scope| {
        match Team::start(scope, &prepared, max_chunk, member) {
            Ok(mut team) => serve(orders, &mut team),
            Err(failure) => orders.fail(failure),
        }
        // Dropping the team hangs up; the members end.
    });
    if let Err(payload) = joined {
        let panic = last_panic().unwrap_or_else(|| WorkerFailure {
            message: "panicked".to_owned(),
            place: None,
        });
        orders.fail(WorkerFailure {
            message: format!("a thread's state, while it was dropped, {}", panic.message),
            ..panic
        });
        drop_safely(payload);
    }
}

/// The threads of one launch, seen from the worker's main thread.
#[derive(Debug)]
pub(super) struct Team {
    clock: Clock,
    cpus: usize,
    cores: usize,
    helpers: Helpers,
    max_chunk: u64,
    tasks: Vec<Sender<Task>>,
    outcomes: Receiver<(usize, Caught<Outcome>)>,
    /// Logs that wait for their next window.
    logs: Vec<Log>,
}

impl Team {
    fn start<'scope, 'env>(
        scope: &'scope Scope<'env>,
        prepared: &Prepare,
        max_chunk: u64,
        member: &'env (dyn Fn(&Seat) + Sync),
    ) -> Result<Self, WorkerFailure> {
        let clock = Clock::new();
        let count = prepared.max_threads as usize;
        refuse_beyond_limit(count)?;
        let (outcome_sender, outcomes) = unbounded();
        let mut tasks = Vec::new();
        for index in 0..count {
            let (sender, receiver) = unbounded();
            let seat = Seat {
                thread: Thread { index, count },
                clock,
                placement: prepared.placement.clone(),
                tasks: receiver,
                outcomes: outcome_sender.clone(),
            };
            scope
                .builder()
                .name(format!("scalebench-{index}"))
                .spawn(move |_| member(&seat))
                .map_err(|error| cannot_start(index, count, &error))?;
            tasks.push(sender);
        }
        let mut team = Self {
            clock,
            cpus: prepared.cpus as usize,
            cores: prepared.cores as usize,
            helpers: Helpers::new(&prepared.placement),
            max_chunk,
            tasks,
            outcomes,
            logs: Vec::new(),
        };
        team.gather(count, &mut |_, _| ())?;
        Ok(team)
    }

    /// Whether so many threads get a CPU each.
    fn pins(&self, threads: usize) -> bool {
        threads <= self.cpus && self.helpers.may_pin()
    }

    fn give(&self, index: usize, task: Task) {
        // A member that has ended has reported why; `gather` finds that report.
        let _ = self.tasks[index].send(task);
    }

    /// Takes `count` outcomes and stops at the first failure.
    fn gather(
        &mut self,
        count: usize,
        take: &mut dyn FnMut(usize, Outcome),
    ) -> Result<(), WorkerFailure> {
        for _ in 0..count {
            let (index, outcome) = self.outcomes.recv().map_err(|_| WorkerFailure {
                message: "the calling threads ended without a word".to_owned(),
                place: None,
            })?;
            take(index, outcome?);
        }
        Ok(())
    }
}

/// Refuses what this system would not start, before it is tried.
pub(super) fn refuse_beyond_limit(count: usize) -> Result<(), WorkerFailure> {
    match thread_limit() {
        Some(limit) if count as u64 > limit.threads => Err(WorkerFailure {
            message: format!(
                "could not start {count} threads: this system allows about {} ({}). Ask for fewer threads, or raise it",
                limit.threads, limit.setting
            ),
            place: None,
        }),
        _ => Ok(()),
    }
}

fn cannot_start(index: usize, count: usize, error: &std::io::Error) -> WorkerFailure {
    WorkerFailure {
        message: format!(
            "could not start thread {} of {count}: {error}. Ask for fewer threads, or raise the limit (`ulimit -u`)",
            index + 1
        ),
        place: None,
    }
}

impl Team {
    /// Runs one window in which the members do their `parts`; the logs come in the same order.
    pub(super) fn window_of(
        &mut self,
        plan: WindowPlan,
        parts: &[Part],
    ) -> Result<Vec<Log>, WorkerFailure> {
        let control = Arc::new(Control::new(plan, plan.threads, self.clock.now()));
        let crowded = plan.opens.is_some_and(|agreed| agreed.crowded);
        let pinned = self.pins(plan.threads) && !crowded;
        let before = self.helpers.before(self.clock.now());
        for part in parts {
            let log = Box::new(self.logs.pop().unwrap_or_default());
            self.give(
                part.index,
                Task::Window {
                    control: Arc::clone(&control),
                    part: *part,
                    pinned,
                    paced: plan.opens.is_none() && plan.threads <= self.cores,
                    log,
                },
            );
        }
        let mut logs = vec![Log::default(); parts.len()];
        self.gather(parts.len(), &mut |index, outcome| {
            let place = parts.iter().position(|part| part.index == index);
            if let (Outcome::Log(log), Some(place)) = (outcome, place) {
                logs[place] = *log;
            }
        })?;
        let callers = Callers::of(&logs);
        self.helpers
            .after(before, self.clock.now(), callers, &mut logs);
        Ok(logs)
    }

    /// Lets the members make what each of their `parts` starts with.
    pub(super) fn renew_of(&mut self, parts: &[Part]) -> Result<(), WorkerFailure> {
        // What is made may be threads, and what of them does nothing now may work later.
        let pinned = self.pins(parts.len()) && self.helpers.are_none();
        for part in parts {
            let part = *part;
            self.give(part.index, Task::Renew { part, pinned });
        }
        // Nobody begins to call before everybody has what it starts with.
        self.gather(parts.len(), &mut |_, _| ())
    }

    /// Lets them drop it.
    pub(super) fn clear_of(&mut self, parts: &[Part]) -> Result<(), WorkerFailure> {
        for part in parts {
            self.give(part.index, Task::Clear);
        }
        self.gather(parts.len(), &mut |_, _| ())
    }

    /// Times `calls` calls of one member while the others rest, ns.
    pub(super) fn time_calls_of(
        &mut self,
        index: usize,
        calls: u64,
    ) -> Result<Timing, WorkerFailure> {
        self.give(index, Task::TimeCalls { calls, slot: 0 });
        let mut elapsed = Timing::default();
        self.gather(1, &mut |_, outcome| {
            if let Outcome::Time(time) = outcome {
                elapsed = time;
            }
        })?;
        Ok(elapsed)
    }
}

impl Engine for Team {
    fn window(&mut self, plan: WindowPlan) -> Result<Vec<Log>, WorkerFailure> {
        // In phases the last chunk of a batch is shorter, which the plan says and not the part.
        let chunk_calls = match plan.batch {
            Some(_) => 0,
            None => plan.chunk_calls,
        };
        self.window_of(plan, &Part::alike(plan.threads, chunk_calls))
    }

    fn time_calls(&mut self, calls: u64) -> Result<Timing, WorkerFailure> {
        self.time_calls_of(0, calls)
    }

    fn load(&mut self, order: &LoadOrder) -> Caught<LoadSample> {
        if !LOAD {
            return Err(no_load_mode());
        }
        let callers = order.callers as usize;
        let arrivals = Arc::new(Arrivals::plan(order, self.clock));
        let pinned = self.pins(callers);
        for index in 0..callers {
            let arrivals = Arc::clone(&arrivals);
            self.give(index, Task::Arrivals { arrivals, pinned });
        }
        let mut logs = Vec::with_capacity(callers);
        self.gather(callers, &mut |_, outcome| {
            if let Outcome::Answers(log) = outcome {
                logs.push(log);
            }
        })?;
        let behind = load::set_lateness(&arrivals, &mut logs);
        Ok(load::sample(order, &arrivals, logs, behind))
    }

    fn once(&mut self, threads: usize) -> Result<(), WorkerFailure> {
        for index in 0..threads {
            self.give(
                index,
                Task::TimeCalls {
                    calls: 1,
                    slot: index,
                },
            );
        }
        self.gather(threads, &mut |_, _| ())
    }

    fn max_chunk(&self) -> u64 {
        self.max_chunk
    }

    fn callers(&self, threads: u32) -> u32 {
        threads
    }
}

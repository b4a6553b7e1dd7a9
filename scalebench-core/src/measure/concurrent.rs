//! Concurrent mode: a team of threads, made once a launch, that call the function over and over.

use std::sync::Arc;

use crossbeam::channel::{Receiver, Sender, bounded, unbounded};
use crossbeam::thread::Scope;

use super::chunk::{Caller, Inputs};
use super::log::Log;
use super::window::{Chunks, Control, WindowPlan, call_through};
use super::{Caught, Engine, catch, serve as serve_orders};
use crate::launch::Thread;
use crate::protocol::{Prepare, WorkerFailure};
use crate::sys::{Clock, Counters, ThreadMeter, pin, thread_limit};
use crate::worker::Orders;

/// Serves one benchmark in concurrent mode.
pub(crate) fn serve<L, I: Inputs, O>(
    orders: &mut Orders,
    own: &(impl Fn(Thread) -> L + Sync),
    input: &(impl Fn(Thread, &mut L) -> I + Sync),
    call: &(impl Fn(&mut L, I) -> O + Sync),
) {
    // The two sides of a generic caller are all that is compiled for each benchmark; the rest is shared.
    let member =
        |seat: &Seat| match catch(|| Caller::new(seat.thread, own(seat.thread), input, call)) {
            Ok(mut caller) => seat.serve(&mut caller),
            Err(failure) => seat.report(Err(failure)),
        };
    let max_chunk = max_chunk_of(&member, own, input, call);
    run_team(orders, max_chunk, &member);
}

/// The chunk limit of the caller that `member` makes; the unused arguments carry its types.
fn max_chunk_of<L, I, O, M, C>(_: &impl Fn(&Seat), _: &impl Fn(Thread) -> L, _: &M, _: &C) -> u64
where
    I: Inputs,
    M: Fn(Thread, &mut L) -> I,
    C: Fn(&mut L, I) -> O,
{
    Caller::<L, I, O, M, C>::max_chunk()
}

/// Starts the threads, serves, and lets them end and drop their states.
fn run_team(orders: &mut Orders, max_chunk: u64, member: &(dyn Fn(&Seat) + Sync)) {
    let prepared = orders.prepared().clone();
    let joined = crossbeam::thread::scope(|scope| {
        match Team::start(scope, &prepared, max_chunk, member) {
            Ok(mut team) => serve_orders(orders, &mut team),
            Err(failure) => orders.fail(failure),
        }
        // Dropping the team hangs up; the members end.
    });
    if joined.is_err() {
        orders.fail(WorkerFailure {
            message: "a thread panicked while its state was dropped".to_owned(),
            place: crate::worker::panic_place(),
        });
    }
}

/// What a member is asked to do.
#[derive(Debug)]
enum Task {
    Window {
        control: Arc<Control>,
        pinned: bool,
        log: Log,
    },
    TimeCalls {
        calls: u64,
    },
}

/// What a member hands back.
#[derive(Debug)]
enum Outcome {
    Ready,
    Log(Log),
    Time(u64),
}

/// A member's place: what it needs to work.
#[derive(Debug)]
struct Seat {
    thread: Thread,
    clock: Clock,
    placement: Vec<u32>,
    tasks: Receiver<Task>,
    outcomes: Sender<(usize, Caught<Outcome>)>,
}

impl Seat {
    fn report(&self, outcome: Caught<Outcome>) {
        // Nobody listens any more after a failure elsewhere; then this member is about to end anyway.
        let _ = self.outcomes.send((self.thread.index, outcome));
    }

    fn serve(&self, chunks: &mut dyn Chunks) {
        let meter = ThreadMeter::new();
        let mut counters = Counters::open();
        let mut pinned = None;
        self.report(Ok(Outcome::Ready));
        while let Ok(task) = self.tasks.recv() {
            let outcome = catch(|| match task {
                Task::Window {
                    control,
                    pinned: pin_now,
                    mut log,
                } => {
                    self.place(&mut pinned, pin_now);
                    call_through(
                        &control,
                        chunks,
                        &meter,
                        &mut counters,
                        self.clock,
                        &mut log,
                    );
                    Outcome::Log(log)
                }
                Task::TimeCalls { calls } => {
                    self.place(&mut pinned, true);
                    let span = chunks.run(calls, 1, self.clock, self.clock.now());
                    Outcome::Time(span.end - span.begin)
                }
            });
            let failed = outcome.is_err();
            self.report(outcome);
            if failed {
                return;
            }
        }
    }

    /// Pins this thread to its CPU, or lets it go where it likes when there are more threads than CPUs.
    fn place(&self, placed: &mut Option<bool>, pinned: bool) {
        if self.placement.is_empty() || *placed == Some(pinned) {
            return;
        }
        let cpu = self.placement[self.thread.index % self.placement.len()];
        // Unpinned is a worse place to measure, not a reason to stop; the samples show what came of it.
        let _ = if pinned {
            pin(&[cpu])
        } else {
            pin(&self.placement)
        };
        *placed = Some(pinned);
    }
}

/// The threads of one launch, seen from the worker's main thread.
#[derive(Debug)]
struct Team {
    clock: Clock,
    cpus: usize,
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
            let (sender, receiver) = bounded(1);
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
            max_chunk,
            tasks,
            outcomes,
            logs: Vec::new(),
        };
        team.gather(count, |_, _| ())?;
        Ok(team)
    }

    fn give(&self, index: usize, task: Task) {
        // A member that has ended has reported why; `gather` finds that report.
        let _ = self.tasks[index].send(task);
    }

    /// Takes `count` outcomes and stops at the first failure.
    fn gather(
        &mut self,
        count: usize,
        mut take: impl FnMut(usize, Outcome),
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

fn refuse_beyond_limit(count: usize) -> Result<(), WorkerFailure> {
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

impl Engine for Team {
    fn window(&mut self, plan: WindowPlan) -> Result<Vec<Log>, WorkerFailure> {
        let control = Arc::new(Control::new(plan, plan.threads, self.clock.now()));
        let pinned = plan.threads <= self.cpus;
        for index in 0..plan.threads {
            let log = self.logs.pop().unwrap_or_default();
            self.give(
                index,
                Task::Window {
                    control: Arc::clone(&control),
                    pinned,
                    log,
                },
            );
        }
        let mut logs = Vec::with_capacity(plan.threads);
        self.gather(plan.threads, |_, outcome| {
            if let Outcome::Log(log) = outcome {
                logs.push(log);
            }
        })?;
        Ok(logs)
    }

    fn time_calls(&mut self, calls: u64) -> Result<u64, WorkerFailure> {
        self.give(0, Task::TimeCalls { calls });
        let mut elapsed = 0;
        self.gather(1, |_, outcome| {
            if let Outcome::Time(time) = outcome {
                elapsed = time;
            }
        })?;
        Ok(elapsed)
    }

    fn once(&mut self, threads: usize) -> Result<(), WorkerFailure> {
        for index in 0..threads {
            self.give(index, Task::TimeCalls { calls: 1 });
        }
        self.gather(threads, |_, _| ())
    }

    fn max_chunk(&self) -> u64 {
        self.max_chunk
    }

    fn callers(&self, threads: u32) -> u32 {
        threads
    }
}

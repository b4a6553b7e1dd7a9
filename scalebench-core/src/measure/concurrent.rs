//! Concurrent mode: a team of threads, made once a launch, that call the function over and over.

use std::sync::Arc;

use crate::channel::{Receiver, Sender, unbounded};
use crossbeam_utils::thread::Scope;

use super::chunk::Caller;
use super::load::{self, AnswerLog, Arrivals};
use super::log::{Log, Span};
use super::subject::{Renewal, Shown, Subject};
use super::window::{Chunks, Control, WindowPlan, call_through};
use super::{Caught, Engine, catch, no_load_mode};
use crate::features::LOAD;
use crate::launch::Thread;
use crate::protocol::{LoadOrder, Prepare, WorkerFailure};
use crate::sys::{Clock, Counters, ThreadMeter, pin, thread_limit};
use crate::worker::Orders;
use scalebench_model::data::LoadSample;

/// Serves one benchmark in concurrent mode.
pub(crate) fn serve<B: Subject>(orders: &mut Orders, subject: B) {
    let shown = Shown::new(subject);
    let renewal: Option<&dyn Renewal> = if B::RENEWS { Some(&shown) } else { None };
    serve_callers(orders, Caller::<B>::max_chunk(), renewal, &|thread| {
        Caller::new(thread, &shown)
    });
}

/// Serves one benchmark with a caller on each thread that `make` makes there.
pub(super) fn serve_callers<C: Chunks>(
    orders: &mut Orders,
    max_chunk: u64,
    renewal: Option<&dyn Renewal>,
    make: &(impl Fn(Thread) -> C + Sync),
) {
    // The two sides of a generic caller are all that is compiled for each benchmark; the rest is shared.
    let member = |seat: &Seat| match catch(|| make(seat.thread)) {
        Ok(mut caller) => seat.serve(&mut caller),
        Err(failure) => seat.report(Err(failure)),
    };
    serve_members(orders, max_chunk, renewal, &member);
}

fn serve_members(
    orders: &mut Orders,
    max_chunk: u64,
    renewal: Option<&dyn Renewal>,
    member: &(dyn Fn(&Seat) + Sync),
) {
    let threads = orders.prepared().max_threads as usize;
    run_team(
        orders,
        threads,
        max_chunk,
        member,
        &mut |orders, team| match renewal {
            Some(renewal) => super::serve(orders, &mut Renewing { team, renewal }),
            None => super::serve(orders, team),
        },
    );
}

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
    Renew {
        part: Part,
        pinned: bool,
    },
    Clear,
    Window {
        control: Arc<Control>,
        part: Part,
        pinned: bool,
        log: Box<Log>,
    },
    TimeCalls {
        calls: u64,
        slot: usize,
    },
    Arrivals {
        arrivals: Arc<Arrivals>,
        pinned: bool,
    },
}

/// What one member does in a window: the same as the others, unless it has a role.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part {
    /// Which member.
    pub(super) index: usize,
    /// Its place among the threads of the window, which decides its CPU.
    pub(super) slot: usize,
    /// Calls between two clock reads.
    pub(super) chunk_calls: u64,
    /// How many members do the same.
    pub(super) threads: usize,
}

impl Part {
    /// The parts of `threads` members that all do the same.
    pub(super) fn alike(threads: usize, chunk_calls: u64) -> Vec<Self> {
        let part = |index| Self {
            index,
            slot: index,
            chunk_calls,
            threads,
        };
        (0..threads).map(part).collect()
    }
}

/// A member's own chunks.
struct Own<'a> {
    chunks: &'a mut dyn Chunks,
    part: Part,
}

impl Chunks for Own<'_> {
    fn run(&mut self, _calls: u64, _threads: usize, clock: Clock, begin: u64) -> Span {
        let Part {
            chunk_calls,
            threads,
            ..
        } = self.part;
        self.chunks.run(chunk_calls, threads, clock, begin)
    }

    fn write_down(&mut self, log: &mut Log) {
        self.chunks.write_down(log);
    }

    fn own_time(&self) -> Option<u64> {
        self.chunks.own_time()
    }

    fn work(&self) -> Option<f64> {
        self.chunks.work()
    }
}

/// What a member hands back.
#[derive(Debug)]
pub(super) enum Outcome {
    Ready,
    Log(Log),
    Time(u64),
    Answers(AnswerLog),
}

/// A member's place: what it needs to work.
#[derive(Debug)]
pub(super) struct Seat {
    pub(super) thread: Thread,
    clock: Clock,
    placement: Vec<u32>,
    tasks: Receiver<Task>,
    outcomes: Sender<(usize, Caught<Outcome>)>,
}

impl Seat {
    pub(super) fn report(&self, outcome: Caught<Outcome>) {
        // Nobody listens any more after a failure elsewhere; then this member is about to end anyway.
        let _ = self.outcomes.send((self.thread.index, outcome));
    }

    pub(super) fn serve(&self, chunks: &mut dyn Chunks) {
        let meter = ThreadMeter::new();
        let mut counters = Counters::open();
        let mut placed = None;
        self.report(Ok(Outcome::Ready));
        while let Ok(task) = self.tasks.recv() {
            let outcome = catch(|| match task {
                Task::Renew {
                    part,
                    pinned: pin_now,
                } => {
                    self.place(&mut placed, (pin_now, part.slot));
                    chunks.renew(part.threads);
                    Outcome::Ready
                }
                Task::Clear => {
                    chunks.clear();
                    Outcome::Ready
                }
                Task::Window {
                    control,
                    part,
                    pinned: pin_now,
                    mut log,
                } => {
                    self.place(&mut placed, (pin_now, part.slot));
                    call_through(
                        &control,
                        &mut Own { chunks, part },
                        &meter,
                        &mut counters,
                        self.clock,
                        &mut log,
                    );
                    Outcome::Log(*log)
                }
                Task::TimeCalls { calls, slot } => {
                    self.place(&mut placed, (true, slot));
                    let span = chunks.run(calls, 1, self.clock, self.clock.now());
                    Outcome::Time(span.end - span.begin)
                }
                Task::Arrivals {
                    arrivals,
                    pinned: pin_now,
                } => {
                    self.place(&mut placed, (pin_now, self.thread.index));
                    Outcome::Answers(load::answer(&arrivals, chunks, self.clock))
                }
            });
            let failed = outcome.is_err();
            self.report(outcome);
            if failed {
                return;
            }
        }
    }

    /// Pins this thread to the CPU of its slot, or lets it go where it likes when there are more threads than CPUs.
    fn place(&self, placed: &mut Option<(bool, usize)>, (pinned, slot): (bool, usize)) {
        if self.placement.is_empty() || *placed == Some((pinned, slot)) {
            return;
        }
        let cpu = self.placement[slot % self.placement.len()];
        // Unpinned is a worse place to measure, not a reason to stop; the samples show what came of it.
        let _ = if pinned {
            pin(&[cpu])
        } else {
            pin(&self.placement)
        };
        *placed = Some((pinned, slot));
    }
}

/// The threads of one launch, seen from the worker's main thread.
#[derive(Debug)]
pub(super) struct Team {
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
            max_chunk,
            tasks,
            outcomes,
            logs: Vec::new(),
        };
        team.gather(count, &mut |_, _| ())?;
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
        let pinned = plan.threads <= self.cpus && !crowded;
        for part in parts {
            let log = Box::new(self.logs.pop().unwrap_or_default());
            self.give(
                part.index,
                Task::Window {
                    control: Arc::clone(&control),
                    part: *part,
                    pinned,
                    log,
                },
            );
        }
        let mut logs = vec![Log::default(); parts.len()];
        self.gather(parts.len(), &mut |index, outcome| {
            let place = parts.iter().position(|part| part.index == index);
            if let (Outcome::Log(log), Some(place)) = (outcome, place) {
                logs[place] = log;
            }
        })?;
        Ok(logs)
    }

    /// Lets the members make what each of their `parts` starts with.
    pub(super) fn renew_of(&mut self, parts: &[Part]) -> Result<(), WorkerFailure> {
        let pinned = parts.len() <= self.cpus;
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
    pub(super) fn time_calls_of(&mut self, index: usize, calls: u64) -> Result<u64, WorkerFailure> {
        self.give(index, Task::TimeCalls { calls, slot: 0 });
        let mut elapsed = 0;
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
        self.window_of(plan, &Part::alike(plan.threads, plan.chunk_calls))
    }

    fn time_calls(&mut self, calls: u64) -> Result<u64, WorkerFailure> {
        self.time_calls_of(0, calls)
    }

    fn load(&mut self, order: &LoadOrder) -> Caught<LoadSample> {
        if !LOAD {
            return Err(no_load_mode());
        }
        let callers = order.callers as usize;
        let arrivals = Arc::new(Arrivals::plan(order, self.clock));
        let pinned = callers <= self.cpus;
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

/// A team whose members begin every window with what is made anew for it.
struct Renewing<'a> {
    team: &'a mut Team,
    /// What the members share of a window.
    renewal: &'a dyn Renewal,
}

impl Engine for Renewing<'_> {
    fn renew(&mut self, threads: usize) -> Result<(), WorkerFailure> {
        catch(|| self.renewal.make())?;
        self.team.renew_of(&Part::alike(threads, 1))
    }

    fn clear(&mut self, threads: usize) -> Result<(), WorkerFailure> {
        self.team.clear_of(&Part::alike(threads, 1))?;
        catch(|| self.renewal.clear())
    }

    fn window(&mut self, plan: WindowPlan) -> Result<Vec<Log>, WorkerFailure> {
        self.team.window(plan)
    }

    fn time_calls(&mut self, calls: u64) -> Result<u64, WorkerFailure> {
        self.team.time_calls(calls)
    }

    fn load(&mut self, order: &LoadOrder) -> Caught<LoadSample> {
        self.team.load(order)
    }

    fn once(&mut self, threads: usize) -> Result<(), WorkerFailure> {
        self.team.once(threads)
    }

    fn max_chunk(&self) -> u64 {
        self.team.max_chunk()
    }

    fn callers(&self, threads: u32) -> u32 {
        self.team.callers(threads)
    }
}

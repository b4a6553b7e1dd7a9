//! One of the tasks that call an async function over and over, and what the attribute's code asks of it.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use crate::channel::Sender;

use super::arrivals::{Handed, Queue};
use super::batch::Batch;
use super::mailbox::Mailbox;
use crate::launch::Thread;
use crate::measure::chunk::Inputs;
use crate::measure::load::{Answer, AnswerLog};
use crate::measure::log::{Log, Span};
use crate::measure::window::{Control, Passage};
use crate::measure::{Caught, catch};
use crate::sys::Clock;

/// A task that has had its worker for so long lets the others have it, ns. Yielding costs about 0.1 µs.
pub(super) const TURN_NS: u64 = 50_000;

/// What a task is ordered to do.
#[derive(Debug)]
pub(super) enum Job {
    /// To take part in a window.
    Window {
        control: Arc<Control>,
        log: Box<Log>,
    },
    /// To make so many calls, timed together.
    Calls { calls: u64 },
    /// To answer arrivals.
    Arrivals { queue: Arc<Queue> },
}

/// What a task reports.
#[derive(Debug)]
pub(super) enum Outcome {
    /// Its state is made; a chunk has at most so many calls.
    Ready { most_calls: u64 },
    /// What it wrote down in a window.
    Log(Box<Log>),
    /// How long its calls took, ns.
    Time(u64),
    /// What became of the arrivals that it answered.
    Answers(AnswerLog),
    /// It has ended and its state is dropped.
    Ended,
}

/// Which task reports what.
pub(super) type Report = (usize, Caught<Outcome>);

/// Under which job a task is.
#[derive(Debug)]
enum Work {
    Idle,
    Window {
        control: Arc<Control>,
        passage: Passage,
        log: Box<Log>,
        /// When it last let the others have the worker.
        turn: u64,
    },
    Calls(u64),
    Arrivals {
        queue: Arc<Queue>,
        log: AnswerLog,
        /// The arrival that is being answered.
        handed: Handed,
    },
}

/// One of the tasks that call an async function. The attribute's code asks it how many calls to make next.
#[derive(Debug)]
pub struct Task {
    thread: Thread,
    /// Tasks of the present window.
    callers: usize,
    clock: Clock,
    mailbox: Arc<Mailbox<Job>>,
    reports: Sender<Report>,
    work: Work,
    /// When the present chunk began; between chunks, when the last one ended.
    begin: u64,
    /// When the task last had its worker back to prepare a chunk.
    resumed: u64,
}

impl Task {
    pub(super) fn new(
        thread: Thread,
        clock: Clock,
        mailbox: Arc<Mailbox<Job>>,
        reports: Sender<Report>,
    ) -> Self {
        Self {
            thread,
            callers: thread.count,
            clock,
            mailbox,
            reports,
            work: Work::Idle,
            begin: 0,
            resumed: 0,
        }
    }

    /// What `thread` is in expressions: the number of this task, and how many there are.
    #[must_use]
    pub fn thread(&self) -> Thread {
        Thread {
            index: self.thread.index,
            count: self.callers,
        }
    }

    /// The state of this task is made.
    pub fn ready<I: Inputs, O>(&self, batch: &Batch<I, O>) {
        self.report(Outcome::Ready {
            most_calls: batch.most_calls(),
        });
    }

    /// How many calls come next; `None` when it was the last.
    pub async fn next(&mut self) -> Option<u64> {
        if let Work::Window { turn, .. } = &mut self.work
            && self.begin >= *turn + TURN_NS
        {
            *turn = self.begin;
            // The wait for a worker is part of what the next call takes, as it is for threads that wait for a CPU.
            give_way().await;
        }
        loop {
            if matches!(self.work, Work::Idle) {
                let job = poll_fn(|context| self.mailbox.poll_take(context)).await?;
                self.start(job);
            }
            if !matches!(self.work, Work::Arrivals { .. }) || self.next_arrival().await {
                break;
            }
        }
        self.resumed = self.clock.now();
        Some(match &self.work {
            Work::Window { control, .. } => control.chunk_calls(),
            Work::Calls(calls) => *calls,
            Work::Arrivals { .. } => 1,
            Work::Idle => 0,
        })
    }

    /// Waits for the next arrival that is to be answered; without one the job is done.
    async fn next_arrival(&mut self) -> bool {
        let index = self.thread.index;
        while let Work::Arrivals { queue, log, handed } = &mut self.work {
            let Some(next) = poll_fn(|context| queue.poll_take(index, context)).await else {
                break;
            };
            let now = self.clock.now();
            if !queue.arrivals.is_given_up(next.due, now) {
                *handed = next;
                self.begin = now;
                return true;
            }
            log.note_given_up(next.due, now);
        }
        if let Work::Arrivals { log, .. } = std::mem::replace(&mut self.work, Work::Idle) {
            self.report(Outcome::Answers(log));
        }
        false
    }

    fn start(&mut self, job: Job) {
        self.begin = self.clock.now();
        match job {
            Job::Window { control, mut log } => {
                // What the system knows of threads says nothing of tasks.
                log.threads = 0;
                self.callers = control.callers();
                control.arrive(self.begin);
                self.work = Work::Window {
                    control,
                    passage: Passage::default(),
                    log,
                    turn: self.begin,
                };
            }
            Job::Calls { calls } => {
                self.callers = 1;
                self.work = Work::Calls(calls);
            }
            Job::Arrivals { queue } => {
                self.callers = queue.arrivals.callers;
                let log = AnswerLog::for_one_of(&queue.arrivals);
                let handed = Handed { due: 0, late: 0 };
                self.work = Work::Arrivals { queue, log, handed };
            }
        }
    }

    /// The calls begin.
    pub fn begin<I: Inputs, O>(&mut self, batch: &mut Batch<I, O>) {
        // The chunk begins where the one before it ended, except for the time that its inputs took to make.
        if batch.begin() {
            self.begin += self.clock.now() - self.resumed;
        }
        batch.judge_errors(matches!(self.work, Work::Arrivals { .. }));
    }

    /// The calls are made.
    pub fn end<I: Inputs, O>(&mut self, batch: &mut Batch<I, O>, calls: u64) {
        let now = self.clock.now();
        let error = batch.end();
        let span = Span {
            begin: self.begin,
            end: now,
            calls,
        };
        // Dropping what the calls returned belongs to none of them.
        self.begin = self.clock.now();
        match std::mem::replace(&mut self.work, Work::Idle) {
            Work::Window {
                control,
                mut passage,
                mut log,
                turn,
            } => {
                log.spans.push(span);
                log.works.extend(batch.work());
                if passage.go_on(&control, now, &mut log) {
                    self.work = Work::Window {
                        control,
                        passage,
                        log,
                        turn,
                    };
                } else {
                    self.report(Outcome::Log(log));
                }
            }
            Work::Calls(_) => self.report(Outcome::Time(span.end - span.begin)),
            Work::Arrivals {
                queue,
                mut log,
                handed: Handed { due, late },
            } => {
                let (begin, end) = (span.begin, span.end);
                // Making the inputs of the call is the harness's, too.
                let late = late + begin.saturating_sub(self.resumed);
                let failed = false;
                log.note(
                    Answer {
                        due,
                        begin,
                        end,
                        late,
                        failed,
                    },
                    error,
                );
                let handed = Handed { due, late };
                self.work = Work::Arrivals { queue, log, handed };
            }
            Work::Idle => {}
        }
    }

    fn report(&self, outcome: Outcome) {
        // Nobody listens any more after a failure elsewhere; then this task is about to end anyway.
        let _ = self.reports.send((self.thread.index, Ok(outcome)));
    }
}

/// Lets the other tasks have the worker once.
async fn give_way() {
    let mut given = false;
    poll_fn(|context| {
        if given {
            return Poll::Ready(());
        }
        given = true;
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

/// A task as its executor sees it: a panic inside is reported and goes no further.
pub(super) struct Member {
    index: usize,
    reports: Sender<Report>,
    /// `None` once it has ended.
    future: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
}

impl Member {
    pub(super) fn new(
        index: usize,
        reports: Sender<Report>,
        future: impl Future<Output = ()> + Send + 'static,
    ) -> Self {
        Self {
            index,
            reports,
            future: Some(Box::pin(future)),
        }
    }
}

impl Future for Member {
    type Output = ();

    /// Once a call where calls wait, so it is compiled with the benchmarks.
    #[inline]
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let Some(future) = &mut self.future else {
            return Poll::Ready(());
        };
        let polled = catch(|| future.as_mut().poll(context));
        if let Ok(Poll::Pending) = polled {
            return Poll::Pending;
        }
        // Whoever hears of the end may rely on the state being dropped.
        let left = self.future.take();
        let ended = polled.and_then(|_| catch(|| drop(left)));
        let _ = self
            .reports
            .send((self.index, ended.map(|()| Outcome::Ended)));
        Poll::Ready(())
    }
}

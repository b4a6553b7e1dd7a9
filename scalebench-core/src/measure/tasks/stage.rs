//! An executor with the state and the tasks that live on it.

use std::sync::Arc;
use std::time::Duration;

use crate::channel::{Receiver, Sender, unbounded};

use super::arrivals::Queue;
use super::executor::{Executor, Workers};
use super::mailbox::Mailbox;
use super::task::{Job, Outcome, Report, Task};
use crate::launch::Thread;
use crate::measure::helpers::Callers;
use crate::measure::load::{AnswerLog, Arrivals};
use crate::measure::log::Log;
use crate::measure::team::refuse_beyond_limit;
use crate::measure::{Caught, catch};
use crate::protocol::{Prepare, WorkerFailure};
use crate::sys::Clock;

/// Makes the state on an executor and starts the tasks there.
pub(super) type Staff<'a, E> = dyn Fn(&E, Vec<Task>, &Sender<Report>) + 'a;

/// An executor, and the tasks on it, which wait for jobs.
pub(super) struct Stage<E> {
    /// Dropped first: a task that does not end is dropped with it.
    _executor: E,
    workers: Workers,
    pinned: bool,
    has_called: bool,
    mailboxes: Vec<Arc<Mailbox<Job>>>,
    reports: Receiver<Report>,
    most_calls: u64,
    pub(super) clock: Clock,
    /// Tasks that have not ended.
    left: usize,
}

/// How long tasks without a job may take to drop their state.
const ENDING: Duration = Duration::from_secs(5);

impl<E: Executor> Stage<E> {
    /// Starts an executor of `workers` threads and `count` tasks on it.
    pub(super) fn start(
        workers: usize,
        count: usize,
        prepared: &Prepare,
        clock: Clock,
        staff: &Staff<'_, E>,
    ) -> Caught<Self> {
        refuse_beyond_limit(workers)?;
        let workers = Workers::new(workers, &prepared.placement);
        let executor = catch(|| E::start(workers.clone()))?.map_err(|error| WorkerFailure {
            message: format!(
                "could not start a runtime of {} worker threads: {error}",
                workers.count()
            ),
            place: None,
        })?;
        let (sender, reports) = unbounded();
        let mailboxes: Vec<Arc<Mailbox<Job>>> = (0..count).map(|_| Arc::default()).collect();
        let tasks = mailboxes.iter().enumerate().map(|(index, mailbox)| {
            let thread = Thread { index, count };
            Task::new(thread, clock, Arc::clone(mailbox), sender.clone())
        });
        catch(|| staff(&executor, tasks.collect(), &sender))?;
        let mut stage = Self {
            _executor: executor,
            workers,
            pinned: false,
            has_called: false,
            mailboxes,
            reports,
            most_calls: 1,
            clock,
            left: count,
        };
        let mut most_calls = 1;
        let ready = stage.gather(count, |outcome| {
            if let Outcome::Ready { most_calls: most } = outcome {
                most_calls = most;
            }
        });
        stage.most_calls = most_calls;
        match ready {
            Ok(()) => Ok(stage),
            // The state of the other tasks is dropped before anyone hears of the failure, and that is the first one.
            Err(failure) => stage.finish().and(Err(failure)),
        }
    }

    /// Runs a window in which each of the first tasks has a job; `may_pin` says whether workers may have a CPU each.
    pub(super) fn window(
        &mut self,
        jobs: impl Iterator<Item = Job>,
        may_pin: bool,
    ) -> Caught<(Vec<Log>, Option<Callers>)> {
        // The first calls of a task may start threads that stay, such as a pool.
        let pinned = may_pin && self.has_called;
        if pinned != self.pinned {
            self.workers.place(pinned);
            self.pinned = pinned;
        }
        self.has_called = true;
        let before = self.workers.cpu_ns();
        let (begin, waited) = (self.clock.now(), self.workers.waiting_ns());
        let mut logs = Vec::new();
        self.run(jobs, |outcome| {
            if let Outcome::Log(log) = outcome {
                logs.push(*log);
            }
        })?;
        let callers = before
            .zip(self.workers.cpu_ns())
            .map(|(since, until)| Callers {
                threads: u32::try_from(self.workers.count()).unwrap_or(u32::MAX),
                on_cpu_ns: until.saturating_sub(since),
            });
        let passed_ns = self.clock.now().saturating_sub(begin) * self.workers.count() as u64;
        let waited = waited.zip(self.workers.waiting_ns());
        let waited_ns = waited.map_or(0, |(since, until)| until.saturating_sub(since));
        for log in &mut logs {
            log.workers_waited = waited_ns as f64 / passed_ns.max(1) as f64;
        }
        Ok((logs, callers))
    }

    /// How many worker threads there are.
    pub(super) fn workers(&self) -> usize {
        self.workers.count()
    }

    /// The most calls in one chunk.
    pub(super) fn most_calls(&self) -> u64 {
        self.most_calls
    }

    /// Gives each of the first tasks its job, and takes what they report.
    pub(super) fn run(
        &mut self,
        jobs: impl Iterator<Item = Job>,
        take: impl FnMut(Outcome),
    ) -> Caught<()> {
        let given = self.give(jobs);
        self.gather(given, take)
    }

    /// Hands the arrivals to the first tasks, and returns what each did with them, and whether there was not the time to
    /// hand all of them over.
    pub(super) fn load(&mut self, arrivals: &Arc<Arrivals>) -> Caught<(Vec<AnswerLog>, bool)> {
        let queue = Arc::new(Queue::new(Arc::clone(arrivals), self.clock));
        let job = || Job::Arrivals {
            queue: Arc::clone(&queue),
        };
        let given = self.give((0..arrivals.callers).map(|_| job()));
        let behind = !queue.dispatch();
        let mut logs = Vec::with_capacity(given);
        self.gather(given, |outcome| {
            if let Outcome::Answers(log) = outcome {
                logs.push(log);
            }
        })?;
        Ok((logs, behind))
    }

    fn give(&self, jobs: impl Iterator<Item = Job>) -> usize {
        let mut given = 0;
        for (mailbox, job) in self.mailboxes.iter().zip(jobs) {
            mailbox.put(job);
            given += 1;
        }
        given
    }

    /// Takes `count` reports and stops at the first failure.
    fn gather(&mut self, count: usize, mut take: impl FnMut(Outcome)) -> Caught<()> {
        for _ in 0..count {
            let (_, report) = self.reports.recv().map_err(|_| WorkerFailure {
                message: "the calling tasks ended without a word".to_owned(),
                place: None,
            })?;
            // A task that fails ends.
            self.left -= usize::from(report.is_err());
            take(report?);
        }
        Ok(())
    }

    /// Lets the tasks end and drop their state.
    pub(super) fn finish(mut self) -> Caught<()> {
        for mailbox in &self.mailboxes {
            mailbox.close();
        }
        let mut failed = Ok(());
        while self.left > 0 {
            match self.reports.recv_timeout(ENDING) {
                Ok((_, Ok(Outcome::Ended))) => self.left -= 1,
                // What was still under way when another task failed.
                Ok((_, Ok(_))) => {}
                Ok((_, Err(failure))) => {
                    self.left -= 1;
                    failed = failed.and(Err(failure));
                }
                Err(_) => {
                    let message = format!(
                        "{} of {} tasks did not end within {} s of their last call",
                        self.left,
                        self.mailboxes.len(),
                        ENDING.as_secs()
                    );
                    return failed.and(Err(WorkerFailure {
                        message,
                        place: None,
                    }));
                }
            }
        }
        failed
    }
}

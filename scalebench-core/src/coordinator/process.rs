//! Workers in processes of their own.

use std::io::{Read, Write};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::channel::{Receiver, RecvTimeoutError, Sender, unbounded};

use super::ask::{AskError, LOOK, Spawn, Worker, failed, gave_up, greet};
use super::replies::{Printed, keep, read_replies, text_of};
use crate::protocol::{Order, Reply, WorkerFailure};
use crate::sys::{
    Program, ask_group_to_end, background, describe_end, end_group, interrupted, interrupted_again,
    own_group,
};
use crate::worker::WORKER_VARIABLE;
use scalebench_model::data::Failure;

/// Starts worker processes: this program once more, or another revision of it.
#[derive(Debug, Clone)]
pub(crate) struct Processes {
    pub(crate) program: Program,
    /// The longest wait for one reply.
    pub(crate) timeout: Duration,
    /// Whether what workers print is passed on as it comes.
    pub(crate) nocapture: bool,
}

impl Spawn for Processes {
    fn spawn(&self, _launch: u32) -> Result<Box<dyn Worker>, AskError> {
        let mut worker = self
            .start()
            .map_err(|error| failed(format!("could not start a worker process: {error}")))?;
        greet(&mut worker)?;
        Ok(Box::new(worker))
    }
}

/// A worker in a process of its own.
#[derive(Debug)]
pub(super) struct ProcessWorker {
    child: Child,
    /// `None` once it has been told to end.
    orders: Option<ChildStdin>,
    replies: Receiver<Result<Reply, String>>,
    /// What came before the first reply.
    banner: Printed,
    output: Printed,
    /// Hangs up when the worker's error stream is closed.
    output_done: Receiver<()>,
    /// The longest wait for one reply.
    pub(super) timeout: Duration,
    /// How much longer the order that was sent last may take.
    extra: Duration,
    /// A panic of which it is not known yet whether it will end the process.
    panic: Option<WorkerFailure>,
    /// Whether a launcher stands between, which needs time to end what it has started.
    by_launcher: bool,
}

impl Processes {
    fn start(&self) -> std::io::Result<ProcessWorker> {
        let mut command = self.program.command()?;
        command.env(WORKER_VARIABLE, "stdio");
        own_group(&mut command);
        ProcessWorker::start(&mut command, self.timeout, self.nocapture, false)
    }
}

impl ProcessWorker {
    /// Starts `command`, which leads to a worker's standard streams: the worker itself, or a launcher.
    pub(super) fn start(
        command: &mut Command,
        timeout: Duration,
        nocapture: bool,
        by_launcher: bool,
    ) -> std::io::Result<Self> {
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn()?;
        let missing = || std::io::Error::other("the worker has no standard streams");
        let orders = child.stdin.take().ok_or_else(missing)?;
        let answers = child.stdout.take().ok_or_else(missing)?;
        let errors = child.stderr.take().ok_or_else(missing)?;
        let (reply_sender, replies) = unbounded();
        let banner = Printed::default();
        let before = Arc::clone(&banner);
        let read = move || read_replies(answers, &before, &reply_sender);
        background("scalebench-replies", Box::new(read))?;
        let output = Printed::default();
        let (done, output_done) = unbounded();
        let printed = Arc::clone(&output);
        let keep = move || keep_output(errors, &printed, nocapture, &done);
        background("scalebench-output", Box::new(keep))?;
        Ok(Self {
            child,
            orders: Some(orders),
            replies,
            banner,
            output,
            output_done,
            timeout,
            extra: Duration::ZERO,
            panic: None,
            by_launcher,
        })
    }

    /// What came out of its standard output before its first reply: the banner of a launcher.
    pub(super) fn banner(&self) -> String {
        text_of(&self.banner)
    }
}

fn keep_output(mut pipe: impl Read, printed: &Printed, pass_on: bool, _done: &Sender<()>) {
    let mut buffer = [0_u8; 4096];
    while let Ok(length) = pipe.read(&mut buffer) {
        if length == 0 {
            return;
        }
        if pass_on {
            // A closed standard error is no reason to stop measuring.
            let _ = std::io::stderr().write_all(&buffer[..length]);
        }
        keep(printed, &buffer[..length]);
    }
}

/// How long a process may take from closing its pipes to its end. Writing a core dump takes longest.
const MOMENT: Duration = Duration::from_secs(2);

/// How long what a process has written may take to be read after its end.
const READING: Duration = Duration::from_secs(1);

impl ProcessWorker {
    /// `extra` is how long the order is meant to take.
    fn wait_for_reply(&mut self, extra: Duration) -> Result<Reply, AskError> {
        let deadline = Instant::now() + self.timeout + extra;
        let mut ended: Option<Instant> = None;
        loop {
            // Not only when a wait takes long: quick replies may follow each other for minutes.
            if interrupted() {
                return Err(AskError::Interrupted);
            }
            let rest = deadline.saturating_duration_since(Instant::now());
            match self.replies.recv_timeout(LOOK.min(rest)) {
                Ok(Ok(Reply::Panicked(panic))) => self.panic = Some(panic),
                Ok(Ok(Reply::Failed(failure))) => {
                    return Err(gave_up(failure, self.output_so_far()));
                }
                Ok(Ok(reply)) => {
                    // It was caught, and the benchmark goes on.
                    self.panic = None;
                    return Ok(reply);
                }
                Ok(Err(message)) => return Err(failed(message)),
                Err(RecvTimeoutError::Disconnected) => return Err(self.died()),
                Err(RecvTimeoutError::Timeout) if rest.is_zero() => return Err(self.timed_out()),
                Err(RecvTimeoutError::Timeout) => {
                    // What it has started may keep the pipe open for ever.
                    ended = ended.or_else(|| self.has_ended().then(Instant::now));
                    if ended.is_some_and(|since| since.elapsed() >= READING) {
                        return Err(self.died());
                    }
                }
            }
        }
    }

    /// Whether the worker's process is over. A launcher may end before the worker that it has started.
    fn has_ended(&mut self) -> bool {
        !self.by_launcher && matches!(self.child.try_wait(), Ok(Some(_)))
    }

    fn died(&mut self) -> AskError {
        let by_itself = self.end_by_itself();
        let killed = end_group(&mut self.child);
        let end = match (by_itself, killed) {
            (Some(status), _) => describe_end(status),
            (None, Ok(_)) => {
                "its process closed the pipe to scalebench and went on, so it was ended".to_owned()
            }
            (None, Err(error)) => format!("its process is gone: {error}"),
        };
        let failure = match self.panic.take() {
            Some(WorkerFailure { message, place }) => WorkerFailure {
                message: format!("{end} after it {message}"),
                place,
            },
            None => WorkerFailure {
                message: end,
                place: None,
            },
        };
        gave_up(failure, self.output_so_far())
    }

    /// How the process ended, where it does within a moment: its pipes are closed shortly before.
    fn end_by_itself(&mut self) -> Option<ExitStatus> {
        let deadline = Instant::now() + MOMENT;
        loop {
            let status = self.child.try_wait().ok().flatten();
            if status.is_some() || Instant::now() >= deadline || interrupted_again() {
                return status;
            }
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    fn timed_out(&mut self) -> AskError {
        if self.by_launcher {
            self.hang_up();
        }
        let _ = end_group(&mut self.child);
        let message = format!(
            "no answer within {} s: a deadlock, or a call that takes longer (`--timeout SECONDS` allows more)",
            self.timeout.as_secs_f64()
        );
        AskError::TimedOut(Failure {
            message,
            place: None,
            output: self.output_so_far(),
        })
    }

    /// What the worker printed last. Waits a moment for the rest of it, since replies overtake it.
    fn output_so_far(&self) -> Option<String> {
        let _ = self.output_done.recv_timeout(Duration::from_millis(500));
        let text = text_of(&self.output);
        (!text.is_empty()).then_some(text)
    }

    /// Lets a launcher end by itself, which it does when the worker does: killed, it would leave what it has started.
    fn hang_up(&mut self) {
        self.orders = None;
        if self.end_by_itself().is_none() {
            ask_group_to_end(&self.child);
            self.end_by_itself();
        }
    }
}

impl Worker for ProcessWorker {
    fn send(&mut self, order: &Order) -> Result<(), AskError> {
        let line = serde_json::to_string(order)
            .map_err(|error| failed(format!("an order cannot be written: {error}")))?;
        self.extra = match order {
            Order::Load(load) => load.length(),
            _ => Duration::ZERO,
        };
        if let Some(orders) = &mut self.orders {
            // If this fails the worker is gone; its last words are in the replies.
            let _ = orders.write_all(format!("{line}\n").as_bytes());
        }
        Ok(())
    }

    fn receive(&mut self) -> Result<Reply, AskError> {
        self.wait_for_reply(self.extra)
    }
}

impl Drop for ProcessWorker {
    fn drop(&mut self) {
        if self.by_launcher {
            self.hang_up();
        }
        let _ = end_group(&mut self.child);
    }
}

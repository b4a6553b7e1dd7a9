//! Workers as the coordinator sees them: ask, and get a reply in time or a reason.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::channel::{Receiver, RecvTimeoutError, Sender, unbounded};

use crate::given;
use crate::protocol::{Order, PROTOCOL, Reply};
use crate::sys::{describe_end, end_group, interrupted, own_group};
use crate::worker::{self, Orders, WORKER_VARIABLE};
use scalebench_model::data::Failure;

/// Why an order got no good reply.
#[derive(Debug)]
pub(crate) enum AskError {
    /// The code under measurement panicked, aborted or could not be set up.
    Failed(Failure),
    /// No reply within the time limit.
    TimedOut(Failure),
    /// The user asked for an end.
    Interrupted,
}

/// Something that measures on order.
pub(crate) trait Worker {
    /// Sends an order and waits for its reply.
    fn ask(&mut self, order: &Order) -> Result<Reply, AskError>;
}

/// Starts workers.
pub(crate) trait Spawn {
    /// A new worker, which has said hello.
    fn spawn(&self) -> Result<Box<dyn Worker>, AskError>;
}

/// Starts worker processes: this program once more, or another revision of it.
#[derive(Debug, Clone)]
pub(crate) struct Processes {
    /// The binary; `None` is this program.
    pub(crate) binary: Option<PathBuf>,
    /// The longest wait for one reply.
    pub(crate) timeout: Duration,
    /// Whether what workers print is passed on as it comes.
    pub(crate) nocapture: bool,
}

impl Spawn for Processes {
    fn spawn(&self) -> Result<Box<dyn Worker>, AskError> {
        let mut worker = self
            .start()
            .map_err(|error| failed(format!("could not start a worker process: {error}")))?;
        greet(&mut worker)?;
        Ok(Box::new(worker))
    }
}

fn failed(message: String) -> AskError {
    AskError::Failed(Failure {
        message,
        place: None,
        output: None,
    })
}

/// Both sides must speak the same protocol.
fn greet(worker: &mut dyn Worker) -> Result<(), AskError> {
    match worker.ask(&Order::Hello { protocol: PROTOCOL })? {
        Reply::Hello {
            protocol: PROTOCOL, ..
        } => Ok(()),
        Reply::Hello { protocol, version } => Err(failed(format!(
            "the worker speaks protocol {protocol} (scalebench {version}), this program {PROTOCOL}"
        ))),
        other => Err(unexpected(&other)),
    }
}

/// A reply that does not fit its order.
pub(crate) fn unexpected(reply: &Reply) -> AskError {
    failed(format!("the worker sent an unexpected reply: {reply:?}"))
}

/// How much of what a worker prints is kept to show after a failure, bytes.
const KEPT_OUTPUT: usize = 16 * 1024;

/// The last bytes that a worker printed.
type Tail = Arc<Mutex<Vec<u8>>>;

/// A worker in a process of its own.
#[derive(Debug)]
struct ProcessWorker {
    child: Child,
    orders: ChildStdin,
    replies: Receiver<Result<Reply, String>>,
    output: Tail,
    /// Hangs up when the worker's error stream is closed.
    output_done: Receiver<()>,
    timeout: Duration,
}

impl Processes {
    fn start(&self) -> std::io::Result<ProcessWorker> {
        let this = || std::env::current_exe().or_else(called_as);
        let mut command = Command::new(self.binary.clone().map_or_else(this, Ok)?);
        command.env(WORKER_VARIABLE, "stdio");
        for param in given::all() {
            command.arg("--param");
            command.arg(format!("{}={}", param.name, param.values.join(",")));
        }
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        own_group(&mut command);
        let mut child = command.spawn()?;
        let missing = || std::io::Error::other("the worker has no standard streams");
        let orders = child.stdin.take().ok_or_else(missing)?;
        let answers = child.stdout.take().ok_or_else(missing)?;
        let errors = child.stderr.take().ok_or_else(missing)?;
        let (reply_sender, replies) = unbounded();
        std::thread::spawn(move || read_replies(answers, &reply_sender));
        let output = Tail::default();
        let (done, output_done) = unbounded();
        let (tail, pass_on) = (Arc::clone(&output), self.nocapture);
        std::thread::spawn(move || keep_output(errors, &tail, pass_on, &done));
        Ok(ProcessWorker {
            child,
            orders,
            replies,
            output,
            output_done,
            timeout: self.timeout,
        })
    }
}

/// The name that this program was called by, where the system cannot say which program runs (no `/proc`).
fn called_as(error: std::io::Error) -> std::io::Result<PathBuf> {
    std::env::args_os()
        .next()
        .map(PathBuf::from)
        .filter(|path| path.is_file())
        .ok_or(error)
}

fn read_replies(pipe: impl Read, replies: &Sender<Result<Reply, String>>) {
    let mut greeted = false;
    for line in BufReader::new(pipe).lines() {
        let Ok(line) = line else { return };
        let reply = serde_json::from_str::<Reply>(&line);
        // Launchers and start-up code may print a banner before the worker takes its pipe.
        if reply.is_err() && !greeted {
            continue;
        }
        greeted = true;
        let reply = reply
            .map_err(|error| format!("the worker sent a line that is no reply ({error}): {line}"));
        if replies.send(reply).is_err() {
            return;
        }
    }
}

fn keep_output(mut pipe: impl Read, tail: &Tail, pass_on: bool, _done: &Sender<()>) {
    let mut buffer = [0_u8; 4096];
    while let Ok(length) = pipe.read(&mut buffer) {
        if length == 0 {
            return;
        }
        if pass_on {
            // A closed standard error is no reason to stop measuring.
            let _ = std::io::stderr().write_all(&buffer[..length]);
        }
        let mut kept = tail.lock().unwrap_or_else(PoisonError::into_inner);
        kept.extend_from_slice(&buffer[..length]);
        let excess = kept.len().saturating_sub(KEPT_OUTPUT);
        kept.drain(..excess);
    }
}

/// How often a wait for a reply looks for an interrupt.
const LOOK: Duration = Duration::from_millis(50);

/// How long a process may take from closing its pipes to its end. Writing a core dump takes longest.
const MOMENT: Duration = Duration::from_secs(2);

impl ProcessWorker {
    fn wait_for_reply(&mut self) -> Result<Reply, AskError> {
        let deadline = Instant::now() + self.timeout;
        loop {
            // Not only when a wait takes long: quick replies may follow each other for minutes.
            if interrupted() {
                return Err(AskError::Interrupted);
            }
            let rest = deadline.saturating_duration_since(Instant::now());
            match self.replies.recv_timeout(LOOK.min(rest)) {
                Ok(Ok(Reply::Failed(failure))) => {
                    let output = self.output_so_far();
                    return Err(AskError::Failed(Failure {
                        message: failure.message,
                        place: failure.place,
                        output,
                    }));
                }
                Ok(Ok(reply)) => return Ok(reply),
                Ok(Err(message)) => return Err(failed(message)),
                Err(RecvTimeoutError::Disconnected) => return Err(self.died()),
                Err(RecvTimeoutError::Timeout) if rest.is_zero() => return Err(self.timed_out()),
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
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
        AskError::Failed(Failure {
            message: end,
            place: None,
            output: self.output_so_far(),
        })
    }

    /// How the process ended, where it does within a moment: its pipes are closed shortly before.
    fn end_by_itself(&mut self) -> Option<ExitStatus> {
        let deadline = Instant::now() + MOMENT;
        loop {
            let status = self.child.try_wait().ok().flatten();
            if status.is_some() || Instant::now() >= deadline {
                return status;
            }
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    fn timed_out(&mut self) -> AskError {
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
        let kept = self.output.lock().unwrap_or_else(PoisonError::into_inner);
        let text = String::from_utf8_lossy(&kept).trim_end().to_owned();
        (!text.is_empty()).then_some(text)
    }
}

impl Worker for ProcessWorker {
    fn ask(&mut self, order: &Order) -> Result<Reply, AskError> {
        let line = serde_json::to_string(order)
            .map_err(|error| failed(format!("an order cannot be written: {error}")))?;
        if self
            .orders
            .write_all(format!("{line}\n").as_bytes())
            .is_err()
        {
            // The worker is gone; its last words are in the replies.
            return self.wait_for_reply();
        }
        self.wait_for_reply()
    }
}

impl Drop for ProcessWorker {
    fn drop(&mut self) {
        let _ = end_group(&mut self.child);
    }
}

/// Starts workers as threads of this process, for debuggers and profilers. They cannot be timed out.
#[derive(Debug, Clone, Copy)]
pub(crate) struct InProcess;

#[derive(Debug)]
struct ThreadWorker {
    orders: Sender<Order>,
    replies: Receiver<Reply>,
}

impl Spawn for InProcess {
    fn spawn(&self) -> Result<Box<dyn Worker>, AskError> {
        let (orders, order_receiver) = unbounded();
        let (reply_sender, replies) = unbounded();
        std::thread::Builder::new()
            .name("scalebench-worker".to_owned())
            .spawn(move || worker::serve(&mut Orders::over_channels(order_receiver, reply_sender)))
            .map_err(|error| failed(format!("could not start a worker thread: {error}")))?;
        let mut worker = ThreadWorker { orders, replies };
        greet(&mut worker)?;
        Ok(Box::new(worker))
    }
}

/// A worker that somebody serves on another thread of this process.
#[cfg(feature = "criterion")]
pub(crate) fn over_channels(orders: Sender<Order>, replies: Receiver<Reply>) -> Box<dyn Worker> {
    Box::new(ThreadWorker { orders, replies })
}

impl Worker for ThreadWorker {
    fn ask(&mut self, order: &Order) -> Result<Reply, AskError> {
        let gone = || failed("the worker thread has ended".to_owned());
        self.orders.send(order.clone()).map_err(|_| gone())?;
        match self.replies.recv().map_err(|_| gone())? {
            Reply::Failed(failure) => Err(AskError::Failed(Failure {
                message: failure.message,
                place: failure.place,
                output: None,
            })),
            reply => Ok(reply),
        }
    }
}

//! What a worker is to the coordinator: it is asked, and there is a reply in time or a reason.

use std::time::Duration;

use scalebench_model::data::Failure;

use scalebench_model::excerpt::{MOST_TEXT, excerpt};

use super::hosts::RemoteHost;
use crate::given;
use crate::protocol::{Order, PROTOCOL, Reply, WorkerFailure};

/// How often a wait for a reply looks for an interrupt.
pub(super) const LOOK: Duration = Duration::from_millis(50);

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
    /// Sends an order.
    fn send(&mut self, order: &Order) -> Result<(), AskError>;

    /// Waits for the reply to the oldest order that was not replied to.
    fn receive(&mut self) -> Result<Reply, AskError>;

    /// Sends an order and waits for its reply.
    fn ask(&mut self, order: &Order) -> Result<Reply, AskError> {
        self.send(order)?;
        self.receive()
    }

    /// The host that it runs on, where that is not this one.
    fn host(&self) -> Option<&RemoteHost> {
        None
    }
}

/// Starts workers.
pub(crate) trait Spawn {
    /// Whether its workers are threads of this process.
    fn is_in_process(&self) -> bool {
        false
    }

    /// A new worker for launch number `launch`, which has said hello.
    fn spawn(&self, launch: u32) -> Result<Box<dyn Worker>, AskError>;

    /// After that launch failed: whether what it ran on is lost, and what then.
    fn inspect(&self, _launch: u32) -> Loss {
        Loss::None
    }
}

/// Workers that are asked one question after the other; for one that does not stand a question there is another one.
pub(crate) struct Asked<'a> {
    spawn: &'a dyn Spawn,
    worker: Option<Box<dyn Worker>>,
}

impl<'a> Asked<'a> {
    /// Workers of `spawn`, the first of which is started with the first question.
    pub(crate) fn of(spawn: &'a dyn Spawn) -> Self {
        Self {
            spawn,
            worker: None,
        }
    }

    /// Asks one question.
    pub(crate) fn ask(&mut self, order: &Order) -> Result<Reply, AskError> {
        let mut worker = match self.worker.take() {
            Some(worker) => worker,
            None => self.spawn.spawn(0)?,
        };
        let reply = worker.ask(order)?;
        self.worker = Some(worker);
        Ok(reply)
    }
}

/// What was lost when a launch failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Loss {
    /// Nothing but the launch.
    None,
    /// Its host, which the text says; the launch can be repeated on another one.
    Again(String),
    /// Its host, and with it the run.
    End(String),
}

pub(super) fn failed(message: String) -> AskError {
    let failure = WorkerFailure {
        message,
        place: None,
    };
    gave_up(failure, None)
}

/// What a worker said before it gave up, and what it had printed. Whoever it was, its words have an end.
pub(super) fn gave_up(failure: WorkerFailure, output: Option<String>) -> AskError {
    let bounded = |text: String| excerpt(&text, MOST_TEXT).into_owned();
    AskError::Failed(Failure {
        message: bounded(failure.message),
        place: failure.place.map(bounded),
        output,
    })
}

/// Both sides must speak the same protocol.
pub(super) fn greet(worker: &mut dyn Worker) -> Result<(), AskError> {
    let hello = Order::Hello {
        protocol: PROTOCOL,
        params: given::all().to_vec(),
        threads: given::threads().to_vec(),
    };
    match worker.ask(&hello)? {
        Reply::Hello {
            protocol: PROTOCOL, ..
        } => Ok(()),
        Reply::Hello { protocol, version } => Err(failed(format!(
            "the worker speaks protocol {protocol} (scalebench {version}), this program {PROTOCOL}: only builds with the same version of \
             scalebench can be measured together"
        ))),
        other => Err(unexpected(&other)),
    }
}

/// A reply that does not fit its order.
pub(crate) fn unexpected(reply: &Reply) -> AskError {
    failed(format!(
        "the worker sent an unexpected reply: {}",
        reply.line()
    ))
}

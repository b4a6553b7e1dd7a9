//! Workers that are threads of this process.

use super::ask::{AskError, LOOK, Spawn, Worker, failed, gave_up, greet};
use crate::channel::{Receiver, RecvTimeoutError, Sender, unbounded};
use crate::protocol::{Order, Reply};
use crate::sys::{background, interrupted};
use crate::worker::{self, Orders};

/// Starts workers as threads of this process, for debuggers and profilers. They cannot be timed out, but interrupted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct InProcess;

#[derive(Debug)]
struct ThreadWorker {
    orders: Sender<Order>,
    replies: Receiver<Reply>,
}

impl Spawn for InProcess {
    fn is_in_process(&self) -> bool {
        true
    }

    fn spawn(&self, _launch: u32) -> Result<Box<dyn Worker>, AskError> {
        let (orders, order_receiver) = unbounded();
        let (reply_sender, replies) = unbounded();
        let serve = move || worker::serve(&mut Orders::over_channels(order_receiver, reply_sender));
        background("scalebench-worker", Box::new(serve))
            .map_err(|error| failed(format!("could not start a worker thread: {error}")))?;
        let mut worker = ThreadWorker { orders, replies };
        greet(&mut worker)?;
        Ok(Box::new(worker))
    }
}

fn thread_ended() -> AskError {
    failed("the worker thread has ended".to_owned())
}

/// A worker that somebody serves on another thread of this process.
#[cfg(feature = "criterion")]
pub(crate) fn over_channels(orders: Sender<Order>, replies: Receiver<Reply>) -> Box<dyn Worker> {
    Box::new(ThreadWorker { orders, replies })
}

impl Worker for ThreadWorker {
    fn send(&mut self, order: &Order) -> Result<(), AskError> {
        self.orders.send(order.clone()).map_err(|_| thread_ended())
    }

    fn receive(&mut self) -> Result<Reply, AskError> {
        loop {
            if interrupted() {
                return Err(AskError::Interrupted);
            }
            match self.replies.recv_timeout(LOOK) {
                Ok(Reply::Failed(failure)) => return Err(gave_up(failure, None)),
                Ok(reply) => return Ok(reply),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Err(thread_ended()),
            }
        }
    }
}

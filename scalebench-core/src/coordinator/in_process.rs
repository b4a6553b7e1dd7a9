//! Workers that are threads of this process.

use scalebench_model::data::Failure;

use super::ask::{AskError, Spawn, Worker, failed, greet};
use crate::channel::{Receiver, Sender, unbounded};
use crate::protocol::{Order, Reply};
use crate::sys::background;
use crate::worker::{self, Orders};

/// Starts workers as threads of this process, for debuggers and profilers. They cannot be timed out.
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
        match self.replies.recv().map_err(|_| thread_ended())? {
            Reply::Failed(failure) => Err(AskError::Failed(Failure {
                message: failure.message,
                place: failure.place,
                output: None,
            })),
            reply => Ok(reply),
        }
    }
}

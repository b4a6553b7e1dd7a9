//! How a task gets its orders: one place for one message, on any executor.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

/// One message at a time, from a thread to a task.
#[derive(Debug)]
pub(super) struct Mailbox<T>(Mutex<Slot<T>>);

#[derive(Debug)]
struct Slot<T> {
    message: Option<T>,
    closed: bool,
    waker: Option<Waker>,
}

impl<T> Default for Mailbox<T> {
    fn default() -> Self {
        Self(Mutex::new(Slot {
            message: None,
            closed: false,
            waker: None,
        }))
    }
}

impl<T> Mailbox<T> {
    /// Puts a message in; whoever sends waits for an answer before the next one.
    pub(super) fn put(&self, message: T) {
        let mut slot = self.slot();
        slot.message = Some(message);
        wake(slot);
    }

    /// No more messages.
    pub(super) fn close(&self) {
        let mut slot = self.slot();
        slot.closed = true;
        wake(slot);
    }

    /// The next message; `None` when there will be none.
    pub(super) fn poll_take(&self, context: &Context<'_>) -> Poll<Option<T>> {
        let mut slot = self.slot();
        match slot.message.take() {
            Some(message) => Poll::Ready(Some(message)),
            None if slot.closed => Poll::Ready(None),
            None => {
                slot.waker = Some(context.waker().clone());
                Poll::Pending
            }
        }
    }

    fn slot(&self) -> MutexGuard<'_, Slot<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Wakes the task after the lock is released: it would find it taken.
fn wake<T>(mut slot: MutexGuard<'_, Slot<T>>) {
    let waker = slot.waker.take();
    drop(slot);
    if let Some(waker) = waker {
        waker.wake();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_comes_once_and_then_the_end() {
        let context = Context::from_waker(Waker::noop());
        let mailbox = Mailbox::default();
        assert_eq!(mailbox.poll_take(&context), Poll::Pending);
        mailbox.put(7);
        assert_eq!(mailbox.poll_take(&context), Poll::Ready(Some(7)));
        assert_eq!(mailbox.poll_take(&context), Poll::Pending);
        mailbox.close();
        assert_eq!(mailbox.poll_take(&context), Poll::Ready(None));
    }
}

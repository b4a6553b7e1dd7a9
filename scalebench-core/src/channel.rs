//! Channels between threads, for a handful of messages between windows.
//!
//! A queue behind a lock is enough for that, and costs a user's build a tenth of what channels made for millions of
//! messages do: those are compiled anew for each type of message.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// A channel that holds any number of messages.
pub(crate) fn unbounded<T>() -> (Sender<T>, Receiver<T>) {
    let shared = Arc::new(Shared {
        state: Mutex::new(State {
            messages: VecDeque::new(),
            senders: 1,
            listening: true,
        }),
        changed: Condvar::new(),
    });
    (Sender(Arc::clone(&shared)), Receiver(shared))
}

struct Shared<T> {
    state: Mutex<State<T>>,
    changed: Condvar,
}

struct State<T> {
    messages: VecDeque<T>,
    senders: usize,
    listening: bool,
}

impl<T> Shared<T> {
    fn lock(&self) -> MutexGuard<'_, State<T>> {
        // Nothing panics while it is held.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The end that sends. The last one to go hangs up.
pub(crate) struct Sender<T>(Arc<Shared<T>>);

/// The end that receives.
pub(crate) struct Receiver<T>(Arc<Shared<T>>);

/// The other end has hung up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct HungUp;

/// Why nothing was received.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RecvTimeoutError {
    /// Nothing came in time.
    Timeout,
    /// All senders have hung up, and nothing is left.
    Disconnected,
}

impl<T> Sender<T> {
    /// Sends a message. It is lost, and that an error, when the receiver has gone.
    pub(crate) fn send(&self, message: T) -> Result<(), HungUp> {
        let mut state = self.0.lock();
        if !state.listening {
            return Err(HungUp);
        }
        state.messages.push_back(message);
        drop(state);
        self.0.changed.notify_one();
        Ok(())
    }
}

impl<T> Receiver<T> {
    /// Waits for a message.
    pub(crate) fn recv(&self) -> Result<T, HungUp> {
        let mut state = self.0.lock();
        loop {
            if let Some(message) = state.messages.pop_front() {
                return Ok(message);
            }
            if state.senders == 0 {
                return Err(HungUp);
            }
            let waited = self.0.changed.wait(state);
            state = waited.unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Waits for a message for at most that long.
    pub(crate) fn recv_timeout(&self, timeout: Duration) -> Result<T, RecvTimeoutError> {
        let deadline = Instant::now() + timeout;
        let mut state = self.0.lock();
        loop {
            if let Some(message) = state.messages.pop_front() {
                return Ok(message);
            }
            if state.senders == 0 {
                return Err(RecvTimeoutError::Disconnected);
            }
            let rest = deadline.saturating_duration_since(Instant::now());
            if rest.is_zero() {
                return Err(RecvTimeoutError::Timeout);
            }
            let waited = self.0.changed.wait_timeout(state, rest);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Every message until all senders have hung up.
    pub(crate) fn iter(&self) -> impl Iterator<Item = T> + '_ {
        std::iter::from_fn(|| self.recv().ok())
    }
}

impl<T> Clone for Sender<T> {
    fn clone(&self) -> Self {
        self.0.lock().senders += 1;
        Self(Arc::clone(&self.0))
    }
}

impl<T> Drop for Sender<T> {
    fn drop(&mut self) {
        self.0.lock().senders -= 1;
        self.0.changed.notify_one();
    }
}

impl<T> Drop for Receiver<T> {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.listening = false;
        let unread = std::mem::take(&mut state.messages);
        // What they do when dropped must not find the lock held.
        drop(state);
        drop(unread);
    }
}

impl<T> fmt::Debug for Sender<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sender")
    }
}

impl<T> fmt::Debug for Receiver<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Receiver")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_come_in_order_and_then_the_end() {
        let (sender, receiver) = unbounded();
        let other = sender.clone();
        let threads = std::thread::spawn(move || {
            for number in 0..1000 {
                sender.send(number).expect("somebody listens");
            }
        });
        let received: Vec<i32> = receiver.iter().take(1000).collect();
        assert_eq!(received, (0..1000).collect::<Vec<_>>());
        threads.join().expect("no panic");
        other.send(7).expect("somebody listens");
        drop(other);
        assert_eq!(receiver.recv(), Ok(7));
        assert_eq!(receiver.recv(), Err(HungUp));
    }

    #[test]
    fn a_wait_ends_by_time_and_by_hanging_up() {
        let (sender, receiver) = unbounded::<()>();
        let wait = |time| receiver.recv_timeout(Duration::from_millis(time));
        assert_eq!(wait(1), Err(RecvTimeoutError::Timeout));
        let thread = std::thread::spawn(move || drop(sender));
        assert_eq!(wait(60_000), Err(RecvTimeoutError::Disconnected));
        thread.join().expect("no panic");
    }

    #[test]
    fn nobody_receives_what_is_sent_after_the_end() {
        let (sender, receiver) = unbounded();
        let message = Arc::new(());
        sender.send(Arc::clone(&message)).expect("somebody listens");
        drop(receiver);
        assert_eq!(Arc::strong_count(&message), 1);
        assert_eq!(sender.send(message), Err(HungUp));
    }
}

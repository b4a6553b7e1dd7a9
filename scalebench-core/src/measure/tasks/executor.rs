//! What runs the tasks of async benchmarks.

use std::future::Future;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::sys::pin;

/// An async runtime that benchmarks can run on: `#[scale_bench(runtime = path::to::Type)]`.
///
/// With the feature `tokio`, tokio's multi-thread runtime is there without a `runtime` option. Dropping the executor
/// drops the tasks that are left and ends the threads.
pub trait Executor: Sized {
    /// Starts as many worker threads as `workers` counts, each of which calls [`Workers::enter`] first.
    ///
    /// # Errors
    /// When a thread or what it needs cannot be had.
    fn start(workers: Workers) -> io::Result<Self>;

    /// Runs a task to its end on the worker threads.
    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static);

    /// Runs a future to its end on the calling thread, which is no worker, with the runtime's timers and I/O at hand.
    fn block_on<T>(&self, future: impl Future<Output = T>) -> T;
}

/// The worker threads that an [`Executor`] is to start.
#[derive(Debug, Clone)]
pub struct Workers {
    count: usize,
    /// CPU numbers in the order of placing; empty: not pinned.
    placement: Arc<[u32]>,
    /// Whether each worker has a CPU of its own.
    pinned: bool,
    entered: Arc<AtomicUsize>,
}

impl Workers {
    pub(super) fn new(count: usize, placement: &[u32], cpus: usize) -> Self {
        Self {
            count,
            placement: placement.into(),
            pinned: count <= cpus,
            entered: Arc::default(),
        }
    }

    /// How many to start, at least 1.
    #[must_use]
    pub fn count(&self) -> usize {
        self.count
    }

    /// To be called by every thread of the executor when it begins, the workers first: places it on a CPU.
    ///
    /// Threads beyond the count, as those for blocking calls, may run on any of the CPUs.
    pub fn enter(&self) {
        // Only a number is handed out, so no ordering with anything else is needed.
        let index = self.entered.fetch_add(1, Ordering::Relaxed);
        if self.placement.is_empty() {
            return;
        }
        let own = index % self.placement.len();
        // As for a team of threads: unpinned is a worse place to measure, not a reason to stop.
        let _ = if self.pinned && index < self.count {
            pin(&self.placement[own..=own])
        } else {
            pin(&self.placement)
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn workers_without_a_placement_are_only_counted() {
        let workers = Workers::new(2, &[], 2);
        for _ in 0..3 {
            workers.enter();
        }
        assert_eq!(workers.count(), 2);
        assert_eq!(workers.entered.load(Ordering::Relaxed), 3);
    }
}

//! What runs the tasks of async benchmarks.

use std::future::Future;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::sys::{TaskMeter, pin, pin_each, thread_cpu_ns, thread_id};

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
    /// The kernel's numbers of those that have begun.
    entered: Arc<Mutex<Vec<i32>>>,
}

impl Workers {
    pub(super) fn new(count: usize, placement: &[u32]) -> Self {
        Self {
            count,
            placement: placement.into(),
            entered: Arc::default(),
        }
    }

    /// How many to start, at least 1.
    #[must_use]
    pub fn count(&self) -> usize {
        self.count
    }

    /// To be called by every thread of the executor when it begins, the workers first: so they can be given a CPU each.
    ///
    /// Threads beyond the count, as those for blocking calls, may run on any of the CPUs.
    pub fn enter(&self) {
        let mut entered = self.entered();
        if entered.len() < self.count {
            entered.push(thread_id());
        }
        if !self.placement.is_empty() {
            // The thread that started this one may have been pinned.
            let _ = pin(&self.placement);
        }
    }

    /// Gives each worker a CPU of its own, or lets it go where it likes.
    pub(super) fn place(&self, pinned: bool) {
        pin_each(&self.entered(), pinned, &self.placement);
    }

    /// CPU time of the workers so far, ns; `None` where no thread has entered.
    pub(super) fn cpu_ns(&self) -> Option<u64> {
        let entered = self.entered();
        let times = entered.iter().map(|&thread| thread_cpu_ns(thread));
        (!entered.is_empty()).then(|| times.flatten().sum())
    }

    /// How long the workers waited for a CPU so far, in all, ns; `None` where no thread has entered.
    pub(super) fn waiting_ns(&self) -> Option<u64> {
        let entered = self.entered();
        let waits = entered
            .iter()
            .map(|&thread| TaskMeter::new(thread).read().waiting_ns);
        (!entered.is_empty()).then(|| waits.sum())
    }

    fn entered(&self) -> MutexGuard<'_, Vec<i32>> {
        self.entered.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn workers_without_a_placement_are_only_counted() {
        let workers = Workers::new(2, &[]);
        assert_eq!(workers.cpu_ns(), None);
        for _ in 0..3 {
            workers.enter();
        }
        assert_eq!((workers.count(), workers.entered().len()), (2, 2));
        assert!(workers.cpu_ns().is_some());
    }
}

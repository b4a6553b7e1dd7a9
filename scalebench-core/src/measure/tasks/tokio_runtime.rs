//! tokio's multi-thread runtime as an executor.

use std::future::Future;
use std::io;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};

use super::executor::{Executor, Workers};

/// tokio's multi-thread runtime, with every driver that is compiled in.
#[derive(Debug)]
pub struct Tokio {
    /// Taken when it is dropped.
    runtime: Option<Runtime>,
    handle: tokio::runtime::Handle,
}

/// How long blocking calls that are still running may keep the runtime from ending.
const SHUTDOWN: Duration = Duration::from_millis(100);

impl Executor for Tokio {
    fn start(workers: Workers) -> io::Result<Self> {
        let count = workers.count();
        let runtime = Builder::new_multi_thread()
            .worker_threads(count)
            .thread_name("scalebench-worker")
            .on_thread_start(move || workers.enter())
            .enable_all()
            .build()?;
        Ok(Self {
            handle: runtime.handle().clone(),
            runtime: Some(runtime),
        })
    }

    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        // Whoever waits for the task is told by the task itself.
        drop(self.handle.spawn(task));
    }

    fn block_on<T>(&self, future: impl Future<Output = T>) -> T {
        self.handle.block_on(future)
    }
}

impl Drop for Tokio {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_timeout(SHUTDOWN);
        }
    }
}

//! Async benchmarks whose answer is known, and some that go wrong.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use scalebench::scale_bench;
use tokio::sync::Semaphore;
use tokio::time::{Instant, sleep, sleep_until};

/// How long a call is served.
const SERVICE: Duration = Duration::from_millis(2);

/// A call that begins so soon after the last one of its task follows it; one that begins later is the first of a window.
const AT_ONCE: Duration = Duration::from_micros(200);

/// When the last call of a task was to end, and when it did.
struct Last {
    due: Instant,
    returned: Instant,
}

impl Last {
    fn new() -> Self {
        let now = Instant::now();
        Self {
            due: now,
            returned: now,
        }
    }

    /// When the call that begins now was to begin. Timers are late, by up to a tick, and by more on a busy machine; that
    /// is taken off the next wait, so that it does not add up.
    fn begin(&self) -> Instant {
        let now = Instant::now();
        if now < self.returned + AT_ONCE {
            self.due
        } else {
            now
        }
    }

    async fn wait_until(&mut self, due: Instant) {
        sleep_until(due).await;
        self.due = due;
        self.returned = Instant::now();
    }
}

/// Serves two calls at a time.
struct Service {
    permits: Semaphore,
    /// When the last call of each free place was to end; the latest is last.
    ends: Mutex<Vec<Instant>>,
}

impl Service {
    fn new() -> Self {
        Self {
            permits: Semaphore::new(2),
            ends: Mutex::new(vec![Instant::now(); 2]),
        }
    }

    async fn serve(&self, last: &mut Last) {
        let begin = last.begin();
        let _permit = self.permits.acquire().await.expect("it is never closed");
        let ends = || self.ends.lock().unwrap_or_else(PoisonError::into_inner);
        let free = ends().pop().expect("as many as permits");
        let due = begin.max(free) + SERVICE;
        last.wait_until(due).await;
        ends().push(due);
    }
}

/// Two at a time: efficiency min(1, 2/M).
#[scale_bench(tasks = [1, 2, 4, 8, 16, 32, 64], workers = 2)]
async fn semaphore(
    #[with(Service::new())] service: &Service,
    #[with(Last::new())] last: &mut Last,
) {
    service.serve(last).await;
}

/// Waits share nothing: efficiency 1, with as many tasks as workers.
#[scale_bench(threads = [1, 2, 4])]
async fn free_wait(#[with({ sleep(SERVICE).await; Last::new() })] last: &mut Last) {
    last.wait_until(last.begin() + SERVICE).await;
}

/// One benchmark a value.
#[scale_bench(tasks = [1, 2], workers = 2)]
async fn with_values(#[values(1, 2)] size: usize) -> usize {
    size
}

#[scale_bench(ignore, tasks = [1, 2], workers = 2)]
async fn panics_in_a_task(#[with(AtomicU64::new(0))] calls: &AtomicU64) {
    sleep(SERVICE).await;
    let calls = calls.fetch_add(1, Ordering::Relaxed);
    assert!(calls < 10, "the planted panic in a task");
}

#[scale_bench(ignore, tasks = [1, 2], workers = 2)]
async fn panics_in_setup(
    #[with(sleep(SERVICE).await)] _ready: &(),
    #[with(broken())] _own: &mut u64,
) {
}

fn broken() -> u64 {
    panic!("the planted panic in setup")
}

#[scale_bench(ignore, threads = [1, 100_000])]
async fn too_many_workers() {}

/// A permit that nobody gives back.
#[scale_bench(ignore, tasks = [1, 2], workers = 2)]
async fn never_completes(#[with(Semaphore::new(0))] permits: &Semaphore) {
    let _permit = permits.acquire().await.expect("it is never closed");
}

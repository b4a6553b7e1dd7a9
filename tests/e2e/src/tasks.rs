//! Async benchmarks whose answer is known, and some that go wrong.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use scalebench::scale_bench;
use tokio::sync::Semaphore;
use tokio::time::{Instant, sleep, sleep_until};

/// How long a call is served.
const SERVICE: Duration = Duration::from_millis(2);

/// After so long a pause the schedule begins anew: between windows nobody calls.
const PAUSE: Duration = Duration::from_millis(30);

/// The end of a call that follows one that was to end at `before`. Timers are late, by up to a tick and by more on a busy
/// machine; on a schedule, that is taken off the next wait and does not add up.
fn end_after(before: Instant) -> Instant {
    let now = Instant::now();
    let begin = if now > before + PAUSE { now } else { before };
    begin + SERVICE
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

    async fn serve(&self) {
        let _permit = self.permits.acquire().await.expect("it is never closed");
        let ends = || self.ends.lock().unwrap_or_else(PoisonError::into_inner);
        let before = ends().pop().expect("as many as permits");
        let end = end_after(before);
        sleep_until(end).await;
        ends().push(end);
    }
}

/// Two at a time: efficiency min(1, 2/M).
#[scale_bench(tasks = [1, 2, 4, 8, 16, 32, 64], workers = 2)]
async fn semaphore(#[with(Service::new())] service: &Service) {
    service.serve().await;
}

/// Waits share nothing: efficiency 1, with as many tasks as workers.
#[scale_bench(threads = [1, 2, 4])]
async fn free_wait(#[with({ sleep(SERVICE).await; Instant::now() })] before: &mut Instant) {
    *before = end_after(*before);
    sleep_until(*before).await;
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

/// A permit that nobody gives back.
#[scale_bench(ignore, tasks = [1, 2], workers = 2)]
async fn never_completes(#[with(Semaphore::new(0))] permits: &Semaphore) {
    let _permit = permits.acquire().await.expect("it is never closed");
}

//! Async benchmarks whose answer is known, and some that go wrong.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use scalebench::scale_bench;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use tokio::time::sleep;

/// tokio's timers tick every millisecond. What begins at one tick ends at the second one after it, unless it begins half
/// a millisecond late.
const TWO_TICKS: Duration = Duration::from_micros(1500);

/// Two at a time: efficiency min(1, 2/M).
#[scale_bench(tasks = [1, 2, 4, 8, 16, 32, 64], workers = 2)]
async fn semaphore(#[with(Semaphore::new(2))] permits: &Semaphore) {
    let _permit = permits.acquire().await.expect("it is never closed");
    sleep(TWO_TICKS).await;
}

/// The same with waits that know no ticks.
#[scale_bench(tasks = [1, 2, 4, 8, 16, 32, 64], workers = 2)]
async fn semaphore_blocking(#[with(Semaphore::new(2))] permits: &Semaphore) {
    let _permit = permits.acquire().await.expect("it is never closed");
    let waited = spawn_blocking(|| std::thread::sleep(Duration::from_millis(2))).await;
    waited.expect("a sleep does not panic");
}

/// Waits share nothing: efficiency 1, with as many tasks as workers.
#[scale_bench(threads = [1, 2, 4])]
async fn free_wait(#[with(sleep(TWO_TICKS).await)] _ready: &()) {
    sleep(TWO_TICKS).await;
}

/// One benchmark a value.
#[scale_bench(tasks = [1, 2], workers = 2)]
async fn with_values(#[values(1, 2)] size: usize) -> usize {
    size
}

#[scale_bench(ignore, tasks = [1, 2], workers = 2)]
async fn panics_in_a_task(#[with(AtomicU64::new(0))] calls: &AtomicU64) {
    sleep(TWO_TICKS).await;
    let calls = calls.fetch_add(1, Ordering::Relaxed);
    assert!(calls < 10, "the planted panic in a task");
}

#[scale_bench(ignore, tasks = [1, 2], workers = 2)]
async fn panics_in_setup(
    #[with(sleep(TWO_TICKS).await)] _ready: &(),
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

//! Async functions that go wrong.

use scalebench::scale_bench;

use super::PanicsWhenDropped;

/// Each task has a state of its own, which it drops when the launch is over.
#[scale_bench(ignore, tasks = [1, 2], workers = 1)]
async fn panics_in_a_tasks_teardown(#[with(PanicsWhenDropped)] _state: &mut PanicsWhenDropped) {}

/// The only worker thread is never given back.
#[scale_bench(ignore, tasks = [1, 2], workers = 1)]
async fn blocks_its_worker() {
    loop {
        std::thread::sleep(std::time::Duration::from_secs(1));
    }
}

#[scale_bench(ignore, tasks = [1, 2], workers = 1)]
async fn aborts_in_a_task() {
    std::process::abort();
}

/// The runtime catches it, and hands it on to whoever waits.
#[scale_bench(ignore, tasks = [1, 2], workers = 1)]
async fn survives_a_tasks_panic() -> bool {
    let spawned = tokio::spawn(async { panic!("in a task that nobody measures") });
    spawned.await.is_err()
}

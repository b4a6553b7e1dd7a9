//! How many requests may be in flight? A service behind a semaphore of 2, called by 1 to 64 tasks on 2 worker threads.
//!
//! Run it with `cargo run --release --example async_semaphore --features tokio -- --bench --quick`. A call takes 2 ms;
//! with M tasks in flight, efficiency is min(1, 2/M): the tasks wait for a permit and not for a thread.

use std::time::Duration;

use scalebench::scale_bench;
use tokio::sync::Semaphore;
use tokio::time::sleep;

#[scale_bench(tasks = [1, 2, 4, 8, 16, 32, 64], workers = 2)]
async fn behind_a_semaphore(#[with(Semaphore::new(2))] permits: &Semaphore) {
    let _permit = permits.acquire().await.expect("it is never closed");
    // tokio's timers tick every millisecond: this ends at the second tick.
    sleep(Duration::from_micros(1500)).await;
}

scalebench::main!();

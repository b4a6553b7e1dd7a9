//! Calls of unlike size: every other one has three times the items, and takes three times as long.

use std::thread::sleep;
use std::time::Duration;

use scalebench::{scale_bench, scale_bench_group};

/// 100, 300, 100, ...
fn next(turn: &mut u64) -> u64 {
    *turn += 1;
    if turn.is_multiple_of(2) { 300 } else { 100 }
}

/// A hundred items take a millisecond.
fn time_of(items: u64) -> Duration {
    Duration::from_micros(10 * items)
}

#[scale_bench(threads = [1, 2], throughput = items(items))]
fn by_threads(#[with(0)] turn: &mut u64, #[with(next(turn))] items: u64) {
    let _ = turn;
    sleep(time_of(items));
}

#[scale_bench(parallel, threads = [1, 2], throughput = bytes(items.len() * size))]
fn in_a_pool(
    #[values(1000)] size: usize,
    #[with(0)] turn: &mut u64,
    #[with(vec![(); next(turn) as usize])] items: Vec<()>,
) -> Vec<()> {
    let _ = turn;
    sleep(time_of(items.len() as u64));
    items
}

#[scale_bench(tasks = [1, 4], workers = 2, throughput = items(items))]
async fn by_tasks(#[with(0)] turn: &mut u64, #[with(next(turn))] items: u64) {
    let _ = turn;
    tokio::time::sleep(time_of(items)).await;
}

#[scale_bench_group(threads = [2])]
mod roles {
    use super::*;

    #[role(throughput = items(items))]
    fn counted(#[with(0)] turn: &mut u64, #[with(next(turn))] items: u64) {
        let _ = turn;
        sleep(time_of(items));
    }

    #[role]
    fn uncounted() {
        sleep(time_of(100));
    }
}

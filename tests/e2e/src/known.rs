//! Benchmarks whose answer is known.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use rayon::prelude::*;
use scalebench::scale_bench;

/// Waits share nothing: efficiency 1.
#[scale_bench(threads = [1, 2, 4])]
fn free_wait() {
    std::thread::sleep(Duration::from_millis(1));
}

/// One at a time: efficiency 1/N, blocked.
#[scale_bench(threads = [1, 2, 4])]
fn one_at_a_time(#[with(Mutex::new(()))] gate: &Mutex<()>) {
    let _turn = gate.lock().expect("a sleep does not panic");
    std::thread::sleep(Duration::from_millis(1));
}

/// The first call of one thread begins 30 ms late; it must not enter the figures.
#[scale_bench(threads = [1, 2])]
fn late_thread(#[with(thread.index() == 1)] late: &mut bool) {
    if std::mem::take(late) {
        std::thread::sleep(Duration::from_millis(30));
    }
    std::thread::sleep(Duration::from_millis(1));
}

/// A counter that every call adds to.
#[scale_bench(threads = [1, 2])]
fn counter(#[with(AtomicU64::new(0))] counter: &AtomicU64) -> u64 {
    counter.fetch_add(1, Ordering::Relaxed)
}

/// One benchmark a value.
#[scale_bench(threads = [1, 2])]
fn with_values(#[values(1, 2)] size: usize) -> usize {
    std::hint::black_box(size)
}

/// A parallel algorithm.
#[scale_bench(parallel, threads = [1, 2])]
fn parallel_sum(#[with((0..10_000).collect())] numbers: Vec<u64>) -> u64 {
    numbers.par_iter().sum()
}

/// Runs only when asked for.
#[scale_bench(ignore)]
fn left_out() {}

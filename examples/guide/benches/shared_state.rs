//! What threads share, and what shares a cache line with it unasked.

use std::array;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use crossbeam::utils::CachePadded;
use scalebench::scale_bench;

/// More threads than this share a counter with another.
const COUNTERS: usize = 64;

/// One counter for all threads.
#[scale_bench]
fn one(counter: &AtomicU64) {
    counter.fetch_add(1, Relaxed);
}

/// A counter for each thread, eight of them in each cache line.
#[scale_bench]
fn neighbours(
    #[with(array::from_fn(|_| AtomicU64::new(0)))] counters: &[AtomicU64; COUNTERS],
    #[with(thread.index() % COUNTERS)] mine: &mut usize,
) {
    counters[*mine].fetch_add(1, Relaxed);
}

/// A counter for each thread, each on cache lines of its own.
#[scale_bench]
fn padded(
    #[with(array::from_fn(|_| CachePadded::default()))] counters: &[CachePadded<AtomicU64>;
         COUNTERS],
    #[with(thread.index() % COUNTERS)] mine: &mut usize,
) {
    counters[*mine].fetch_add(1, Relaxed);
}

/// A counter that only its thread can see.
#[scale_bench]
fn own(counter: &mut AtomicU64) {
    counter.fetch_add(1, Relaxed);
}

scalebench::main!();

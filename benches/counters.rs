//! Four ways for threads to count: what sharing one cache line costs, and what not sharing it saves.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use crossbeam::utils::CachePadded;
use scalebench::scale_bench;

/// All threads add to one atomic.
#[scale_bench]
fn one_atomic(#[with(AtomicU64::new(0))] counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}

/// Every thread adds to an atomic of its own, on a cache line of its own.
#[scale_bench]
fn padded_atomics(
    #[with(CachePadded::new(AtomicU64::new(0)))] counter: &mut CachePadded<AtomicU64>,
) {
    counter.fetch_add(1, Ordering::Relaxed);
}

/// The standard library's mutex around nothing much.
#[scale_bench]
fn std_mutex(#[with(Mutex::new(0))] counter: &Mutex<u64>) {
    // A poisoned counter would mean that an addition panicked.
    *counter.lock().expect("additions do not panic") += 1;
}

/// parking_lot's mutex around the same.
#[scale_bench]
fn parking_lot_mutex(#[with(parking_lot::Mutex::new(0))] counter: &parking_lot::Mutex<u64>) {
    *counter.lock() += 1;
}

scalebench::main!();

//! Benchmarks in each of which one change is planted.

use std::sync::Mutex;
use std::sync::atomic::AtomicU64;

use planted::{SPIN, SPIN_A_LITTLE, Slots};
use scalebench::scale_bench;

#[scale_bench(threads = [1, 2])]
fn spin_5_percent(#[with(1)] own: &mut u64) -> u64 {
    planted::spin(own, SPIN)
}

#[scale_bench(threads = [1, 2])]
fn spin_2_percent(#[with(1)] own: &mut u64) -> u64 {
    planted::spin(own, SPIN_A_LITTLE)
}

#[scale_bench(threads = [1, 2])]
fn lock_held_20_percent(lock: &Mutex<u64>, #[with(1)] own: &mut u64) -> u64 {
    planted::locked(lock, own)
}

#[scale_bench(threads = [1, 2])]
fn shared_counter(counter: &AtomicU64, #[with(1)] own: &mut u64) -> u64 {
    planted::counted(counter, own)
}

#[scale_bench(threads = [1, 2])]
fn false_sharing(slots: &Slots, #[with(thread.index())] index: &mut usize) {
    slots.add(*index)
}

scalebench::main!();

//! Ten benchmarks of many kinds, in which nothing changes.

use std::collections::HashMap;
use std::sync::atomic::AtomicU64;
use std::sync::{Mutex, RwLock};

use planted::varied::{self, Walk};
use scalebench::scale_bench;

#[scale_bench(threads = [1, 2])]
fn arithmetic(#[with(1)] own: &mut u64) -> u64 {
    varied::arithmetic(own)
}

#[scale_bench(threads = [1, 2])]
fn memory(#[with(Walk::new(thread.index()))] walk: &mut Walk) -> u32 {
    varied::memory(walk)
}

#[scale_bench(threads = [1, 2])]
fn atomic(counter: &AtomicU64) -> u64 {
    varied::atomic(counter)
}

#[scale_bench(threads = [1, 2])]
fn mutex(lock: &Mutex<u64>) -> u64 {
    varied::mutex(lock)
}

#[scale_bench(threads = [1, 2])]
fn read_lock(#[with(RwLock::new(1))] lock: &RwLock<u64>, #[with(1)] own: &mut u64) -> u64 {
    varied::read_lock(lock, own)
}

#[scale_bench(threads = [1, 2])]
fn allocation() -> u8 {
    varied::allocation()
}

#[scale_bench(threads = [1, 2])]
fn sleep() {
    varied::sleep();
}

#[scale_bench(parallel, threads = [1, 2])]
fn sort(#[with(varied::shuffled())] numbers: Vec<u64>) -> Vec<u64> {
    varied::sort(numbers)
}

#[scale_bench(threads = [1, 2])]
fn hashing(#[with(varied::map())] map: &HashMap<u64, u64>, #[with(1)] own: &mut u64) -> u64 {
    varied::hashing(map, own)
}

#[scale_bench(threads = [1, 2])]
fn formatting(#[with(1)] own: &mut u64) -> String {
    varied::formatting(own)
}

scalebench::main!();

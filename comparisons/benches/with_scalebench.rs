//! The cases under ScaleBench.

use std::sync::Mutex;
use std::sync::atomic::AtomicU64;

use comparisons::{SPINS, Walk};
use scalebench::scale_bench;

#[scale_bench(threads = [1, 2])]
fn empty() {}

#[scale_bench(threads = [1, 2])]
fn spin_1ns(#[with(1)] state: &mut u64) -> u64 {
    comparisons::spin(state, SPINS[0].1)
}

#[scale_bench(threads = [1, 2])]
fn spin_5ns(#[with(1)] state: &mut u64) -> u64 {
    comparisons::spin(state, SPINS[1].1)
}

#[scale_bench(threads = [1, 2])]
fn spin_100ns(#[with(1)] state: &mut u64) -> u64 {
    comparisons::spin(state, SPINS[2].1)
}

#[scale_bench(threads = [1, 2])]
fn spin_10us(#[with(1)] state: &mut u64) -> u64 {
    comparisons::spin(state, SPINS[3].1)
}

#[scale_bench(threads = [1, 2])]
fn spin_1ms(#[with(1)] state: &mut u64) -> u64 {
    comparisons::spin(state, SPINS[4].1)
}

#[scale_bench(threads = [1, 2])]
fn shared_atomic(#[with(AtomicU64::new(0))] counter: &AtomicU64) -> u64 {
    comparisons::shared_atomic(counter)
}

#[scale_bench(threads = [1, 2])]
fn mutex_empty(#[with(Mutex::new(0))] counter: &Mutex<u64>) {
    comparisons::mutex_empty(counter);
}

#[scale_bench(threads = [1, 2])]
fn mutex_1us(#[with(Mutex::new(1))] state: &Mutex<u64>) -> u64 {
    comparisons::mutex_1us(state)
}

#[scale_bench(threads = [1, 2])]
fn walk_32mib(#[with(Walk::new(thread.index()))] walk: &mut Walk) -> u32 {
    walk.steps()
}

#[scale_bench(threads = [1, 2])]
fn allocation() -> u8 {
    comparisons::allocation()
}

scalebench::main!();

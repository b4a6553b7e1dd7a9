//! The cases under divan, written as its documentation writes them.

use std::sync::atomic::AtomicU64;
use std::sync::{LazyLock, Mutex};

use comparisons::{SPINS, Walk};
use divan::Bencher;

fn main() {
    divan::main();
}

#[divan::bench(threads = [1, 2])]
fn empty() {}

/// A state that one call hands to the next. divan has no state of a thread's own, so this runs on one thread only.
fn spin(bencher: Bencher<'_, '_>, steps: u32) {
    let mut state = 1_u64;
    bencher.bench_local(|| comparisons::spin(&mut state, steps));
}

#[divan::bench]
fn spin_1ns(bencher: Bencher<'_, '_>) {
    spin(bencher, SPINS[0].1);
}

#[divan::bench]
fn spin_5ns(bencher: Bencher<'_, '_>) {
    spin(bencher, SPINS[1].1);
}

#[divan::bench]
fn spin_100ns(bencher: Bencher<'_, '_>) {
    spin(bencher, SPINS[2].1);
}

#[divan::bench]
fn spin_10us(bencher: Bencher<'_, '_>) {
    spin(bencher, SPINS[3].1);
}

#[divan::bench]
fn spin_1ms(bencher: Bencher<'_, '_>) {
    spin(bencher, SPINS[4].1);
}

#[divan::bench(threads = [1, 2])]
fn shared_atomic() -> u64 {
    static COUNTER: AtomicU64 = AtomicU64::new(0);
    comparisons::shared_atomic(&COUNTER)
}

#[divan::bench(threads = [1, 2])]
fn mutex_empty() {
    static COUNTER: Mutex<u64> = Mutex::new(0);
    comparisons::mutex_empty(&COUNTER);
}

#[divan::bench(threads = [1, 2])]
fn mutex_1us() -> u64 {
    static STATE: Mutex<u64> = Mutex::new(1);
    comparisons::mutex_1us(&STATE)
}

#[divan::bench(threads = [1, 2])]
fn walk_32mib(bencher: Bencher<'_, '_>) {
    static WALKS: LazyLock<[Mutex<Walk>; 2]> =
        LazyLock::new(|| [0, 1].map(|seed| Mutex::new(Walk::new(seed))));
    // One free walk is found by trying: divan does not say which thread calls.
    bencher.bench(|| {
        let mut walk = WALKS
            .iter()
            .find_map(|walk| walk.try_lock().ok())
            .expect("two threads, two walks");
        walk.steps()
    });
}

#[divan::bench(threads = [1, 2])]
fn allocation() -> u8 {
    comparisons::allocation()
}

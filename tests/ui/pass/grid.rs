//! Processes with several threads in each: lists, constants, and whatever else a function takes.
#![deny(warnings)]
#![forbid(unsafe_code)]

use scalebench::scale_bench;

#[scale_bench(processes = [1, 2, 4], threads = [2, 1])]
fn lists() {}

const PROCESSES: &[usize] = &[1, 2];
const THREADS: [usize; 2] = [1, 3];

#[scale_bench(
    processes = PROCESSES,
    threads = THREADS,
    name = "everything",
    launches = 1,
    rounds = 3,
    window = "1 ms",
    max_time = "1 s",
    throughput = items(size),
    types = [u8, u16]
)]
fn everything<T: Default + Sync>(
    #[values(1, 2)] size: usize,
    #[shared(format!("of {size}"))] text: &str,
    #[with(T::default())] shared: &T,
    #[with(thread.count() + text.len())] own: &mut usize,
) {
    let _ = (size, text, shared, own);
}

#[scale_bench(processes = [1, 2])]
fn alone(#[values(1, 2)] threads: usize) {
    let _ = threads;
}

fn main() {
    // One entry for each function and type; the threads are choices within.
    assert_eq!(scalebench::__private::ENTRIES.len(), 4);
}

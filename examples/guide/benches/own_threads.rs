//! Calls that let other threads do the work.

use rayon::prelude::*;
use scalebench::scale_bench;

fn numbers() -> Vec<u64> {
    (0..10_000).collect()
}

/// About 20 ns of work for each number, on the pool of the thread that calls, or else the program's.
fn sum(numbers: &[u64]) -> u64 {
    let mix = |number: u64| (number ^ (number >> 31)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let hash = |&number: &u64| (0..20).fold(number, |hash, _| mix(hash));
    numbers
        .par_iter()
        .map(hash)
        .fold(|| 0, u64::wrapping_add)
        .reduce(|| 0, u64::wrapping_add)
}

/// N callers at a time, all of which use the program's one pool.
#[scale_bench(threads = [1, 2, 4])]
fn requests(#[with(numbers())] numbers: &Vec<u64>) -> u64 {
    sum(numbers)
}

/// One call at a time, on a pool of N threads.
#[scale_bench(parallel, threads = [1, 2])]
fn algorithm(#[with(numbers())] numbers: &Vec<u64>) -> u64 {
    sum(numbers)
}

scalebench::main!();

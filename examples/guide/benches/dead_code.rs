//! What the optimiser takes away when nobody looks at the result, or when it knows the input.

use std::hint::black_box;

use scalebench::scale_bench;

/// Sixteen multiplications, each of which needs the one before.
fn mixed(mut number: u64) -> u64 {
    for _ in 0..16 {
        number = (number ^ (number >> 31)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
    number
}

/// Nobody looks at the result.
#[scale_bench(threads = [1])]
fn unused(#[with(7)] number: &u64) {
    let _ = mixed(*number);
}

/// The input is a constant.
#[scale_bench(threads = [1])]
fn constant() -> u64 {
    mixed(7)
}

/// The input comes from outside and the result goes there.
#[scale_bench(threads = [1])]
fn returned(#[with(7)] number: &u64) -> u64 {
    mixed(*number)
}

/// A hundred times the same: once is enough.
#[scale_bench(threads = [1], throughput = items(100))]
fn repeated(#[with(7)] number: &u64) -> u64 {
    (0..100).map(|_| mixed(*number)).max().unwrap_or(0)
}

/// A hundred times what the optimiser cannot know to be the same.
#[scale_bench(threads = [1], throughput = items(100))]
fn repeated_unseen(#[with(7)] number: &u64) -> u64 {
    (0..100)
        .map(|_| mixed(black_box(*number)))
        .max()
        .unwrap_or(0)
}

scalebench::main!();

//! Functions whose `#[values]` and `throughput` do not stand being evaluated, beside some that do.

use std::hint::black_box;
use std::process::{abort, exit};
use std::thread::sleep;
use std::time::Duration;

use scalebench::{scale_bench, scale_bench_group};

fn panics(place: &str) -> u64 {
    panic!("the planted panic in {place}")
}

fn leaves() -> u64 {
    exit(0)
}

fn aborts() -> u64 {
    abort()
}

fn hangs() -> u64 {
    loop {
        sleep(Duration::from_secs(1));
    }
}

#[scale_bench(threads = [1])]
fn plain() {}

#[scale_bench(threads = [1], throughput = items(size))]
fn with_values(#[values(1, 2)] size: u64) {
    black_box(size);
}

#[scale_bench(threads = [1])]
fn panics_in_values(#[values(1, panics("values"))] size: u64) {
    black_box(size);
}

#[scale_bench(threads = [1], throughput = items(panics("throughput") + size))]
fn panics_in_throughput(#[values(1, 2)] size: u64) {
    black_box(size);
}

#[scale_bench(threads = [1])]
fn exits_in_values(#[values(leaves())] size: u64) {
    black_box(size);
}

#[scale_bench(threads = [1])]
fn aborts_in_values(#[values(aborts())] size: u64) {
    black_box(size);
}

#[scale_bench(threads = [1])]
fn hangs_in_values(#[values(hangs())] size: u64) {
    black_box(size);
}

/// One function of it breaks it.
#[scale_bench_group(threads = [2])]
mod group {
    use super::panics;

    #[shared]
    fn state() -> u64 {
        7
    }

    #[role]
    fn reads(state: &u64) -> u64 {
        *state
    }

    #[role(throughput = items(panics("a group")))]
    fn writes(state: &u64) -> u64 {
        *state
    }
}

/// What would act on a terminal, or end a line.
#[scale_bench(threads = [1], ignore)]
fn odd_text(#[values("\u{1b}[2J", "two\nlines\0", "\u{202e}txt.exe")] text: &str) {
    black_box(text);
}

scalebench::main!();

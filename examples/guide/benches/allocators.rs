//! What of an allocation is measured: making it, freeing it, or freeing it on another thread.

use std::hint::black_box;

use crossbeam::queue::ArrayQueue;
use scalebench::scale_bench;

/// What is returned is dropped outside of the timing: only the allocation is measured.
#[scale_bench]
fn allocate(#[values(64, 4096)] bytes: usize) -> Vec<u8> {
    Vec::with_capacity(bytes)
}

/// What is dropped inside is measured as well.
#[scale_bench]
fn allocate_and_free(#[values(64, 4096)] bytes: usize) {
    black_box(Vec::<u8>::with_capacity(bytes));
}

/// What is passed in was allocated before the call: only the free is measured.
#[scale_bench]
fn free(#[values(64, 4096)] bytes: usize, #[with(Vec::with_capacity(bytes))] buffer: Vec<u8>) {
    drop(black_box(buffer));
}

/// Most buffers are freed by another thread than the one that allocated them.
#[scale_bench]
fn pass_on(
    #[values(64, 4096)] bytes: usize,
    #[with(ArrayQueue::new(64))] queue: &ArrayQueue<Vec<u8>>,
) {
    queue.force_push(Vec::with_capacity(bytes));
}

/// Allocated once by each thread.
#[scale_bench]
fn reuse(
    #[values(64, 4096)] bytes: usize,
    #[with(Vec::with_capacity(bytes))] buffer: &mut Vec<u8>,
) {
    buffer.clear();
    buffer.push(1);
}

scalebench::main!();

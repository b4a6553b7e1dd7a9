//! A call with shared state and a thread's own, by the harness and in a plain loop: for counting instructions, by
//! `tests/e2e/overhead.sh`.

use std::hint::black_box;
use std::sync::atomic::{AtomicU64, Ordering};

use scalebench::scale_bench;

/// What a thread owns; it says how often it was called.
struct Own {
    value: u64,
    calls: u64,
}

impl Drop for Own {
    fn drop(&mut self) {
        println!("harness {}", self.calls);
    }
}

#[scale_bench]
fn both(
    #[with(AtomicU64::new(7))] shared: &AtomicU64,
    #[with(Own { value: 1, calls: 0 })] own: &mut Own,
) -> u64 {
    call(shared, own)
}

/// No sharing of work between calls is possible: each needs the one before.
#[inline(always)]
fn call(shared: &AtomicU64, own: &mut Own) -> u64 {
    own.calls += 1;
    own.value = own.value.wrapping_mul(6_364_136_223_846_793_005) ^ shared.load(Ordering::Relaxed);
    own.value
}

/// What one would write by hand, with the same precautions against the optimiser.
#[inline(never)]
fn plain_loop(shared: &AtomicU64, own: &mut Own, calls: u64) {
    let (shared, own) = (black_box(shared), black_box(own));
    for _ in 0..calls {
        black_box(call(shared, own));
    }
}

fn main() {
    const CALLS: u64 = 1_000_000;
    let measured = scalebench::__private::trial("loops::both", 1, 50_000_000);
    measured.expect("it is measured");
    let (shared, mut own) = (AtomicU64::new(7), Own { value: 1, calls: 0 });
    plain_loop(&shared, &mut own, CALLS);
    std::mem::forget(own);
    println!("plain {CALLS}");
}

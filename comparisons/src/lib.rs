//! What the harnesses measure, the same code for all of them: where it is never inlined, no harness and no loop has the
//! luck of a body that melts into the loop around it.

pub mod everyday;
pub mod inputs;
pub mod uneven;

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

/// `steps` steps of dependent arithmetic, each about a nanosecond, on a value of the caller's own.
#[inline]
pub fn spin(state: &mut u64, steps: u32) -> u64 {
    for _ in 0..steps {
        *state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .rotate_left(17)
            ^ 1;
    }
    *state
}

/// Steps for calls of about 1 ns, 5 ns, 100 ns, 10 µs and 1 ms.
pub const SPINS: [(&str, u32); 5] = [
    ("spin_1ns", 1),
    ("spin_5ns", 5),
    ("spin_100ns", 100),
    ("spin_10us", 10_000),
    ("spin_1ms", 1_000_000),
];

/// All threads add to one atomic.
#[inline(never)]
pub fn shared_atomic(counter: &AtomicU64) -> u64 {
    counter.fetch_add(1, Ordering::Relaxed)
}

/// A mutex around nothing much.
#[inline(never)]
pub fn mutex_empty(counter: &Mutex<u64>) {
    *counter.lock().expect("additions do not panic") += 1;
}

/// A mutex around about 1 µs of arithmetic.
#[inline(never)]
pub fn mutex_1us(state: &Mutex<u64>) -> u64 {
    spin(&mut state.lock().expect("arithmetic does not panic"), 1000)
}

/// A walk through memory in an order that no prefetcher guesses: one cycle through all cache lines.
pub struct Walk {
    next: Vec<u32>,
    at: u32,
}

/// One word of each cache line is used.
const WORDS_A_LINE: usize = 16;

impl Walk {
    /// A walk through 32 MiB, one of its own for each thread.
    pub fn new(seed: usize) -> Self {
        Self::through(32 << 20, seed)
    }

    /// A walk through so many bytes.
    pub fn through(bytes: usize, seed: usize) -> Self {
        let lines = bytes / 64;
        let mut order: Vec<u32> = (0..lines as u32).collect();
        let mut state = seed as u64 + 1;
        for last in (1..lines).rev() {
            let other = (spin(&mut state, 1) >> 11) as usize % last;
            // Sattolo's variant of the shuffle makes one cycle of all.
            order.swap(last, other);
        }
        let mut next = vec![0; lines * WORDS_A_LINE];
        for (line, following) in order.iter().enumerate() {
            next[line * WORDS_A_LINE] = following * WORDS_A_LINE as u32;
        }
        Self { next, at: 0 }
    }

    /// 32 steps.
    #[inline]
    pub fn steps(&mut self) -> u32 {
        for _ in 0..32 {
            self.at = self.next[self.at as usize];
        }
        self.at
    }
}

/// Allocates, touches and frees 256 bytes.
#[inline(never)]
pub fn allocation() -> u8 {
    let mut bytes = std::hint::black_box(Vec::<u8>::with_capacity(256));
    bytes.push(1);
    bytes[0]
}

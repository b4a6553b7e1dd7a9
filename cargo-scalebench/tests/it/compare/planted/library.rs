//! What the revisions differ in.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

pub mod varied;

/// Steps of a call that is 5 % longer when planted.
pub const SPIN: u32 = 1_000;
/// Steps of a call that is 2 % longer when planted.
pub const SPIN_A_LITTLE: u32 = 1_000;
/// Steps inside a lock and outside of it. When planted it is held 20 % longer, for the same work in all. Both are long
/// beside the time that a thread takes to wake up: else the one that unlocks has locked again before the other is awake,
/// and how long the lock is held makes no difference to anybody.
pub const HELD: u32 = 500_000;
pub const NOT_HELD: u32 = 250_000;
/// Whether a call adds to a counter that all threads share.
pub const COUNTED: bool = false;
/// From one thread's slot to the next, in words of 8 bytes. When planted, all slots share a cache line.
pub const SLOT_WORDS: usize = 16;

/// Dependent arithmetic, about a nanosecond a step.
#[inline]
pub fn spin(state: &mut u64, steps: u32) -> u64 {
    for _ in 0..steps {
        *state = state.wrapping_mul(6_364_136_223_846_793_005).rotate_left(17) ^ 1;
    }
    *state
}

pub fn locked(lock: &Mutex<u64>, own: &mut u64) -> u64 {
    spin(&mut lock.lock().unwrap_or_else(PoisonError::into_inner), HELD);
    spin(own, NOT_HELD)
}

pub fn counted(counter: &AtomicU64, own: &mut u64) -> u64 {
    if COUNTED {
        counter.fetch_add(1, Ordering::Relaxed);
    }
    spin(own, 40)
}

/// One slot for each thread.
#[derive(Default)]
pub struct Slots([Words; 4]);

/// 256 bytes that begin on a cache line.
#[repr(align(128))]
#[derive(Default)]
struct Words([AtomicU64; 32]);

impl Slots {
    pub fn add(&self, thread: usize) {
        let word = thread * SLOT_WORDS;
        let slot = &self.0[word / 32].0[word % 32];
        for _ in 0..20 {
            slot.fetch_add(1, Ordering::Relaxed);
        }
    }
}

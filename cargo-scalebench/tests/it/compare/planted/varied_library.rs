//! Calls of ten kinds.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError, RwLock};
use std::time::Duration;

use rayon::prelude::*;

use crate::spin;

pub fn arithmetic(own: &mut u64) -> u64 {
    spin(own, 100)
}

/// A walk through 32 MiB in an order that no prefetcher guesses.
pub struct Walk {
    next: Vec<u32>,
    at: u32,
}

const WORDS_A_LINE: usize = 16;

impl Walk {
    pub fn new(seed: usize) -> Self {
        let lines = (32 << 20) / 64;
        let mut order: Vec<u32> = (0..lines as u32).collect();
        let mut state = seed as u64 + 1;
        for last in (1..lines).rev() {
            // Sattolo's shuffle makes one cycle of all.
            order.swap(last, (spin(&mut state, 1) >> 11) as usize % last);
        }
        let mut next = vec![0; lines * WORDS_A_LINE];
        for (line, following) in order.iter().enumerate() {
            next[line * WORDS_A_LINE] = following * WORDS_A_LINE as u32;
        }
        Self { next, at: 0 }
    }
}

pub fn memory(walk: &mut Walk) -> u32 {
    for _ in 0..32 {
        walk.at = walk.next[walk.at as usize];
    }
    walk.at
}

pub fn atomic(counter: &AtomicU64) -> u64 {
    counter.fetch_add(1, Ordering::Relaxed)
}

pub fn mutex(lock: &Mutex<u64>) -> u64 {
    spin(&mut lock.lock().unwrap_or_else(PoisonError::into_inner), 1_000)
}

pub fn read_lock(lock: &RwLock<u64>, own: &mut u64) -> u64 {
    *own ^= *lock.read().unwrap_or_else(PoisonError::into_inner);
    spin(own, 200)
}

pub fn allocation() -> u8 {
    let mut bytes = std::hint::black_box(Vec::<u8>::with_capacity(256));
    bytes.push(1);
    bytes[0]
}

pub fn sleep() {
    std::thread::sleep(Duration::from_micros(500));
}

pub fn shuffled() -> Vec<u64> {
    let mut state = 1;
    (0..20_000).map(|_| spin(&mut state, 1)).collect()
}

pub fn sort(mut numbers: Vec<u64>) -> Vec<u64> {
    numbers.par_sort_unstable();
    numbers
}

pub fn map() -> HashMap<u64, u64> {
    (0..1_000).map(|key| (key, key)).collect()
}

pub fn hashing(map: &HashMap<u64, u64>, own: &mut u64) -> u64 {
    let value = |_| map.get(&(spin(own, 1) % 1_500)).copied().unwrap_or(0);
    (0..10).map(value).sum()
}

pub fn formatting(own: &mut u64) -> String {
    format!("{} of {:?}", spin(own, 1), std::hint::black_box([1.5, 2.5]))
}

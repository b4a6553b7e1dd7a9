//! Calls whose owned inputs cost about 1 ms to make, far more than some of the calls.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::spin;

const ENTRIES: u64 = 20_000;

pub type Map = HashMap<u64, u64>;

/// A map of 20,000 entries, grown one by one.
pub fn map() -> Map {
    let mut map = Map::new();
    for key in 0..ENTRIES {
        map.insert(key, key);
    }
    map
}

/// A hundred nanoseconds or so: nothing of the map is in a near cache any more. The map is given back, since freeing it
/// is no part of the call.
pub fn remove(mut map: Map) -> (Map, Option<u64>) {
    let found = map.remove(&(ENTRIES / 2));
    (map, found)
}

/// So many numbers without an order, each drawn at such a cost that all take about 1 ms; others in every call, lest the CPU
/// learns how they compare.
pub fn numbers<const COUNT: u32>() -> Vec<u64> {
    static CALLS: AtomicU64 = AtomicU64::new(1);
    let mut state = CALLS.fetch_add(1, Ordering::Relaxed);
    (0..COUNT)
        .map(|_| spin(&mut state, 800_000 / COUNT))
        .collect()
}

/// For calls of about 10 µs.
pub const FEW: u32 = 800;
/// For calls of about 1 ms.
pub const MANY: u32 = 40_000;

pub fn sort(mut numbers: Vec<u64>) -> Vec<u64> {
    numbers.sort_unstable();
    numbers
}

//! What do reads cost while others write, and writes among so many reads? Three of four threads read a map, one writes.
//!
//! Run it with `cargo run --release --example cache_roles -- --bench --quick`. At 1 thread each role is alone: what it
//! costs by itself. Beside company the roles part: behind a `RwLock` the readers slow each other down and the writer
//! waits for all of them, behind a `Mutex` all wait alike. The last group draws instead: each thread reads nine times out
//! of ten.

use std::collections::HashMap;
use std::sync::{Mutex, RwLock};

use scalebench::scale_bench_group;

const KEYS: u64 = 1024;

fn filled() -> HashMap<u64, u64> {
    (0..KEYS).map(|key| (key, key)).collect()
}

/// Keys in an order without a pattern, another one for each thread.
struct Keys(u64);

impl Keys {
    fn of(thread: scalebench::Thread) -> Self {
        Self(thread.index() as u64 + 1)
    }

    fn next(&mut self) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.0 >> 33) % KEYS
    }
}

#[scale_bench_group(threads = [2, 4, 8])]
mod rw_lock {
    use super::*;

    #[shared]
    fn map() -> RwLock<HashMap<u64, u64>> {
        RwLock::new(filled())
    }

    #[role(share = 3)]
    fn read(
        map: &RwLock<HashMap<u64, u64>>,
        #[with(Keys::of(thread))] keys: &mut Keys,
    ) -> Option<u64> {
        map.read().unwrap().get(&keys.next()).copied()
    }

    #[role(share = 1)]
    fn write(map: &RwLock<HashMap<u64, u64>>, #[with(Keys::of(thread))] keys: &mut Keys) {
        map.write().unwrap().insert(keys.next(), 1);
    }
}

#[scale_bench_group(threads = [2, 4, 8])]
mod mutex {
    use super::*;

    #[shared]
    fn map() -> Mutex<HashMap<u64, u64>> {
        Mutex::new(filled())
    }

    #[role(share = 3)]
    fn read(
        map: &Mutex<HashMap<u64, u64>>,
        #[with(Keys::of(thread))] keys: &mut Keys,
    ) -> Option<u64> {
        map.lock().unwrap().get(&keys.next()).copied()
    }

    #[role(share = 1)]
    fn write(map: &Mutex<HashMap<u64, u64>>, #[with(Keys::of(thread))] keys: &mut Keys) {
        map.lock().unwrap().insert(keys.next(), 1);
    }
}

#[scale_bench_group(threads = [1, 2, 4, 8], mix(read = 90, write = 10))]
mod drawn {
    use super::*;

    #[shared]
    fn map() -> RwLock<HashMap<u64, u64>> {
        RwLock::new(filled())
    }

    fn read(
        map: &RwLock<HashMap<u64, u64>>,
        #[with(Keys::of(thread))] keys: &mut Keys,
    ) -> Option<u64> {
        map.read().unwrap().get(&keys.next()).copied()
    }

    fn write(map: &RwLock<HashMap<u64, u64>>, #[with(Keys::of(thread))] keys: &mut Keys) {
        map.write().unwrap().insert(keys.next(), 1);
    }
}

scalebench::main!();

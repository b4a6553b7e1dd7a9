//! Groups, wherever they stand and whatever they take.
#![deny(warnings)]
#![forbid(unsafe_code)]

use scalebench::{Thread, scale_bench, scale_bench_group};

/// Roles with everything.
#[scale_bench_group(threads = [3, 4], launches = 1, rounds = 3, window = "1 ms", max_time = "1 s")]
pub mod cache {
    use std::collections::HashMap;
    use std::num::ParseIntError;
    use std::sync::{Mutex, MutexGuard, RwLock};

    use super::{Thread, scale_bench};

    /// Stays as it is.
    pub type Map = RwLock<HashMap<u64, u64>>;

    #[shared]
    fn map(#[values(16, 1024)] size: u64) -> Map {
        RwLock::new((0..size).map(|key| (key, key)).collect())
    }

    #[shared]
    fn last(map: &Map, size: u64) -> Result<u64, ParseIntError> {
        assert_eq!(map.read().unwrap().len() as u64, size);
        "7".parse()
    }

    #[shared]
    fn log() -> Mutex<Vec<u64>> {
        Mutex::default()
    }

    #[role(share = 3)]
    fn read(
        map: &Map,
        #[with((thread, 0))] at: &mut (Thread, u64),
        #[with({ at.1 += 1; at.1 })] key: u64,
        last: &u64,
    ) -> Option<u64> {
        map.read().unwrap().get(&(key % last)).copied()
    }

    #[role(name = "update", throughput = items(size))]
    pub fn write(size: u64, map: &Map, _unused: u64) {
        for key in 0..size {
            map.write().unwrap().insert(key, key);
        }
    }

    #[role]
    fn hold<'a>(log: &'a Mutex<Vec<u64>>) -> MutexGuard<'a, Vec<u64>> {
        log.lock().unwrap()
    }

    /// A benchmark of its own.
    #[scale_bench]
    fn alone(#[with(1)] number: &u64) -> u64 {
        *number
    }
}

#[scale_bench_group(mix(read = 90, write = 10), ignore)]
mod drawn {
    #[shared]
    fn text() -> String {
        "text".to_owned()
    }

    fn read(text: &str) -> usize {
        text.len()
    }

    fn write(#[with(vec![1])] mut own: Vec<u8>) -> Vec<u8> {
        own.push(1);
        own
    }
}

mod nested {
    mod inner {
        #[scalebench::scale_bench_group(crate = ::scalebench)]
        mod bare {
            #[role]
            fn left() {}

            #[role]
            fn right() {}
        }
    }
}

fn main() {
    // The functions can be called like any other.
    cache::write(1, &cache::Map::default(), 0);
    for (id, threads) in [
        ("groups::cache::read/size=16", 3),
        ("groups::cache::update/size=1024", 4),
        ("groups::cache::alone", 1),
        ("groups::drawn::write", 2),
        ("groups::nested::inner::bare::left", 2),
    ] {
        let id = id.replacen("groups", module_path!(), 1);
        scalebench::__private::trial(&id, threads, 500_000).expect("it runs");
    }
}

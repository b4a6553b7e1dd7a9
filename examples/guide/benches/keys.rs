//! One map, four ways to draw its keys.

mod support;

use std::fmt;

use dashmap::DashMap;
use scalebench::{Thread, scale_bench};
use support::Random;

/// Entries of the map.
const ENTRIES: u32 = 100_000;

/// Keys that a thread draws ahead. Far fewer, and the map would be as small as the table.
const DRAWN: usize = 1 << 17;

/// How keys are drawn.
#[derive(Clone, Copy)]
enum Draw {
    /// All the same.
    One,
    /// The second most frequent half as often as the first, the third a third as often, and so on.
    Zipf,
    /// All equally often.
    Uniform,
    /// All equally often, and no two threads the same.
    Apart,
}

/// The name in the benchmark's id.
impl fmt::Display for Draw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::One => "one",
            Self::Zipf => "zipf",
            Self::Uniform => "uniform",
            Self::Apart => "apart",
        })
    }
}

/// The keys of one thread, drawn ahead: drawing them in the call would be measured too.
struct Keys {
    drawn: Vec<u32>,
    next: usize,
}

impl Keys {
    fn new(draw: Draw, thread: Thread) -> Self {
        let mut random = Random::new(thread);
        let part = ENTRIES / thread.count() as u32;
        let mut key = || match draw {
            Draw::One => 0,
            // The k-th key has a frequency of about 1/k, so the logarithm of k is uniform.
            Draw::Zipf => f64::from(ENTRIES).powf(random.share()) as u32 - 1,
            Draw::Uniform => (f64::from(ENTRIES) * random.share()) as u32,
            Draw::Apart => part * thread.index() as u32 + (f64::from(part) * random.share()) as u32,
        };
        Self {
            drawn: (0..DRAWN).map(|_| key()).collect(),
            next: 0,
        }
    }

    fn next(&mut self) -> u32 {
        self.next = (self.next + 1) % DRAWN;
        self.drawn[self.next]
    }
}

/// A map with a lock for about a hundred entries each.
fn filled() -> DashMap<u32, u64> {
    let map = DashMap::with_capacity_and_shard_amount(ENTRIES as usize, 1024);
    for key in 0..ENTRIES {
        map.insert(key, 0);
    }
    map
}

/// Counts a key.
#[scale_bench]
fn count(
    #[values(Draw::One, Draw::Zipf, Draw::Uniform, Draw::Apart)] draw: Draw,
    #[with(filled())] map: &DashMap<u32, u64>,
    #[with(Keys::new(draw, thread))] keys: &mut Keys,
) {
    if let Some(mut count) = map.get_mut(&keys.next()) {
        *count += 1;
    }
}

scalebench::main!();

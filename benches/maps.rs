//! Four concurrent maps under the words of a text: every thread reads its own part of it.

mod support;

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError, RwLock};

use ::dashmap::DashMap;
use scalebench::scale_bench;
use support::text::{Reader, words};

/// A map from words to numbers that threads share.
trait WordMap: Sync {
    /// An empty map.
    fn empty() -> Self;
    /// Sets the number of a word.
    fn insert(&self, word: &'static str, number: u64);
    /// Looks a word up.
    fn get(&self, word: &str) -> Option<u64>;

    /// A map that holds every word of the text.
    fn filled() -> Self
    where
        Self: Sized,
    {
        let map = Self::empty();
        words().iter().for_each(|word| map.insert(word, 1));
        map
    }

    /// Nine lookups for one insertion.
    fn mixed(&self, reader: &mut Reader) -> Option<u64> {
        let word = reader.word();
        if reader.position().is_multiple_of(10) {
            self.insert(word, 2);
            return None;
        }
        self.get(word)
    }
}

type Locked = Mutex<HashMap<&'static str, u64>>;
type ReadLocked = RwLock<HashMap<&'static str, u64>>;
type Dash = DashMap<&'static str, u64>;
type Papaya = ::papaya::HashMap<&'static str, u64>;

impl WordMap for Locked {
    fn empty() -> Self {
        Self::default()
    }

    fn insert(&self, word: &'static str, number: u64) {
        self.lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(word, number);
    }

    fn get(&self, word: &str) -> Option<u64> {
        self.lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(word)
            .copied()
    }
}

impl WordMap for ReadLocked {
    fn empty() -> Self {
        Self::default()
    }

    fn insert(&self, word: &'static str, number: u64) {
        self.write()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(word, number);
    }

    fn get(&self, word: &str) -> Option<u64> {
        self.read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(word)
            .copied()
    }
}

impl WordMap for Dash {
    fn empty() -> Self {
        Self::default()
    }

    fn insert(&self, word: &'static str, number: u64) {
        self.insert(word, number);
    }

    fn get(&self, word: &str) -> Option<u64> {
        self.get(word).map(|number| *number)
    }
}

impl WordMap for Papaya {
    fn empty() -> Self {
        Self::new()
    }

    fn insert(&self, word: &'static str, number: u64) {
        self.pin().insert(word, number);
    }

    fn get(&self, word: &str) -> Option<u64> {
        self.pin().get(word).copied()
    }
}

/// The three benchmarks of one map.
macro_rules! benchmarks {
    ($name:ident, $map:ty) => {
        mod $name {
            use super::*;

            #[scale_bench]
            fn insert(
                #[with(<$map>::filled())] map: &$map,
                #[with(Reader::new(thread))] reader: &mut Reader,
            ) {
                WordMap::insert(map, reader.word(), 2);
            }

            #[scale_bench]
            fn get(
                #[with(<$map>::filled())] map: &$map,
                #[with(Reader::new(thread))] reader: &mut Reader,
            ) -> Option<u64> {
                WordMap::get(map, reader.word())
            }

            #[scale_bench]
            fn mixed(
                #[with(<$map>::filled())] map: &$map,
                #[with(Reader::new(thread))] reader: &mut Reader,
            ) -> Option<u64> {
                map.mixed(reader)
            }
        }
    };
}

benchmarks!(mutex, Locked);
benchmarks!(rwlock, ReadLocked);
benchmarks!(dashmap, Dash);
benchmarks!(papaya, Papaya);

scalebench::main!();

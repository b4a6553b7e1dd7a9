//! How many calls make a chunk, by how many call.

/// Calls in a chunk by number of threads or processes. They are few, so a list is enough.
#[derive(Debug, Clone, Default)]
pub(crate) struct ChunkCalls(Vec<(u32, u64)>);

impl ChunkCalls {
    /// Remembers what a window at `count` has shown, in place of what was known.
    pub(crate) fn set(&mut self, count: u32, calls: u64) {
        match self.0.iter_mut().find(|(known, _)| *known == count) {
            Some(entry) => entry.1 = calls,
            None => self.0.push((count, calls)),
        }
    }

    /// What is known of `count`.
    pub(crate) fn at(&self, count: u32) -> Option<u64> {
        let entry = self.0.iter().find(|(known, _)| *known == count);
        entry.map(|(_, calls)| *calls)
    }

    /// The same; where nothing is, what is known of the least count, and 1 before anything is known.
    pub(crate) fn at_or_least(&self, count: u32) -> u64 {
        let least = self.0.iter().min_by_key(|(known, _)| *known);
        let least = least.map_or(1, |(_, calls)| *calls);
        self.at(count).unwrap_or(least)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_count_stands_in_for_what_is_not_known() {
        let mut calls = ChunkCalls::default();
        assert_eq!((calls.at(2), calls.at_or_least(2)), (None, 1));
        calls.set(4, 40);
        calls.set(1, 100);
        calls.set(4, 44);
        assert_eq!((calls.at(4), calls.at_or_least(4)), (Some(44), 44));
        assert_eq!((calls.at(2), calls.at_or_least(2)), (None, 100));
    }
}

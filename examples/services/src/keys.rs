//! Which key is asked for next.

/// Keys in an order without a pattern, another one for each thread.
#[derive(Debug)]
pub struct Keys {
    state: u64,
    count: u64,
}

impl Keys {
    /// The keys from 0 to `count` - 1, as the thread of this index takes them.
    ///
    /// # Panics
    /// If `count` is 0.
    #[must_use]
    pub fn of(thread: usize, count: u64) -> Self {
        assert!(count > 0, "no keys to draw from");
        Self {
            state: thread as u64 + 1,
            count,
        }
    }

    /// The next key. By the generator of Knuth's MMIX, whose upper bits are the better ones.
    pub fn draw(&mut self) -> u64 {
        self.state = self
            .state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.state >> 33) % self.count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_comes_and_threads_take_them_in_orders_of_their_own() {
        let drawn = |thread| {
            let mut keys = Keys::of(thread, 100);
            (0..2_000).map(|_| keys.draw()).collect::<Vec<_>>()
        };
        let mut seen = drawn(0);
        assert_ne!(seen, drawn(1));
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen, (0..100).collect::<Vec<_>>());
    }
}

//! The random order of thread counts, reproducible from the seed.

/// Shuffles the thread counts of one benchmark, round after round.
#[derive(Debug, Clone)]
pub(crate) struct Order {
    state: u64,
}

impl Order {
    /// The order that belongs to a seed and a benchmark, whatever else is measured beside it.
    pub(crate) fn new(seed: u64, id: &str) -> Self {
        // FNV-1a keeps the order of one benchmark apart from that of the next.
        let mixed = id.bytes().fold(0xcbf2_9ce4_8422_2325 ^ seed, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Self { state: mixed }
    }

    /// SplitMix64. Source: Steele, Lea, Flood, OOPSLA 2014.
    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// `counts` in a fresh random order (Fisher and Yates).
    pub(crate) fn shuffle(&mut self, counts: &[u32]) -> Vec<u32> {
        let mut shuffled = counts.to_vec();
        for last in (1..shuffled.len()).rev() {
            // The bias of the remainder is below 2^-57 for any count of thread counts.
            let other = (self.next() % (last as u64 + 1)) as usize;
            shuffled.swap(last, other);
        }
        shuffled
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_reproduces_the_order_and_another_changes_it() {
        let counts: Vec<u32> = (1..=16).collect();
        let shuffle = |seed, id| Order::new(seed, id).shuffle(&counts);
        assert_eq!(shuffle(1, "a"), shuffle(1, "a"));
        assert_ne!(shuffle(1, "a"), shuffle(2, "a"));
        assert_ne!(shuffle(1, "a"), shuffle(1, "b"));
        let mut sorted = shuffle(3, "c");
        sorted.sort_unstable();
        assert_eq!(sorted, counts);
    }

    #[test]
    fn every_count_comes_first_now_and_then() {
        let mut order = Order::new(7, "x");
        let mut firsts = [0; 3];
        for _ in 0..300 {
            firsts[order.shuffle(&[0, 1, 2])[0] as usize] += 1;
        }
        assert!(firsts.iter().all(|&count| count > 60), "{firsts:?}");
    }
}

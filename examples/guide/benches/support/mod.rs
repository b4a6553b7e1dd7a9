//! What several benchmarks of the guide use.
#![allow(dead_code, unreachable_pub)] // Each bench target uses a part of it.

/// SplitMix64 (Steele, Lea, Flood, OOPSLA 2014): the same numbers on every machine.
pub struct Random(u64);

impl Random {
    /// Another sequence for each thread.
    pub fn new(thread: scalebench::Thread) -> Self {
        Self(thread.index() as u64 + 1)
    }

    /// The next number.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Uniform in 0 to 1, without 1.
    pub fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }
}

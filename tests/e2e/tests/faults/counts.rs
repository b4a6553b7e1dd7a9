//! What a part of the suite did, and how far it goes.

use std::fmt;
use std::ops::AddAssign;

/// What was tried, and what was lost by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Counts {
    /// Something was broken on purpose: code, a process, a disk.
    pub(crate) faults: u64,
    /// Something that makes no sense was read: a file, a flag, a message.
    pub(crate) inputs: u64,
    /// Records that were stored and are gone or no longer whole.
    pub(crate) lost: u64,
}

impl Counts {
    /// `count` faults.
    pub(crate) fn faults(count: usize) -> Self {
        Self {
            faults: count as u64,
            ..Self::default()
        }
    }

    /// `count` bad inputs.
    pub(crate) fn inputs(count: usize) -> Self {
        Self {
            inputs: count as u64,
            ..Self::default()
        }
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.faults += other.faults;
        self.inputs += other.inputs;
        self.lost += other.lost;
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "faults injected: {}, bad inputs tried: {}, data lost: {}",
            self.faults, self.inputs, self.lost
        )
    }
}

/// Numbers that look random and are the same in every run of the suite.
#[derive(Debug, Clone)]
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// Below `end`, which must not be 0.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        // xorshift64*, Vigna 2016.
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let number = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 16;
        number as usize % end
    }

    pub(crate) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

//! A `const` in `#[values]` is one value, or a slice or an array of them.
#![deny(warnings)]

use scalebench::scale_bench;

const SIZES: [usize; 2] = [16, 1024];
const NAMES: &[&str] = &["a", "b"];
const KEYS: &[u32; 2] = &[1, 2];
const CALL: fn(u32) -> u32 = |key| key;

mod elsewhere {
    pub static LIMIT: u64 = 7;
}

#[scale_bench]
fn insert(
    #[values(SIZES, 7)] size: usize,
    #[values(NAMES)] name: &str,
    #[values(KEYS)] keys: &[u32],
    #[values(CALL)] call: fn(u32) -> u32,
    #[values(elsewhere::LIMIT)] limit: u64,
) -> u64 {
    limit + u64::from(call(keys[0])) + (size + name.len()) as u64
}

fn main() {}

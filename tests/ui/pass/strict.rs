//! The attribute leaves nothing for lints to find, and needs no `#[allow]` that a crate could forbid.
#![forbid(
    unsafe_code,
    unused,
    missing_docs,
    nonstandard_style,
    deprecated,
    unreachable_pub
)]
#![deny(warnings)]

use std::sync::atomic::{AtomicU64, Ordering};

use scalebench::scale_bench;

/// Documented, as `missing_docs` asks.
#[scale_bench(
    name = "everything",
    threads = COUNTS,
    launches = 2,
    rounds = 3,
    window = "1 ms",
    max_time = "1 s",
    throughput = bytes(size * size_of::<T>() * N),
    types = [u32, u64],
    consts = [1, 2],
    ignore
)]
#[must_use]
pub fn bench<T: Copy + From<u8>, const N: usize>(
    #[with(AtomicU64::new(size as u64))] total: &AtomicU64,
    #[with(vec![0; thread.index() + N])] own: &mut [u64],
    #[with(T::from(1_u8))] one: T,
    _: u8,
    _unused: u16,
    #[with((one, total.load(Ordering::Relaxed), own.len()))] mut all: (T, u64, usize),
    #[values(16, 1..=2)] size: usize,
) -> Option<String> {
    all.1 += 1;
    own[0] += size as u64;
    total.fetch_add(u64::from(size > all.2), Ordering::Relaxed);
    let _ = (one, all.0);
    None
}

/// Parameters that only expressions use are used.
#[scale_bench(name = "everything", threads = COUNTS, launches = 2, window = "1 ms", max_time = "1 s", throughput = items(rows), ignore)]
pub fn for_others(
    #[with(vec![7; size])] shared: &Vec<usize>,
    #[with(shared.len())] own: &mut usize,
    #[with(format!("{own}"))] _text: String,
    #[values(2)] size: usize,
    #[values(3)] rows: usize,
) {
}

/// A block keeps its own attributes.
#[scale_bench(name = "everything", threads = COUNTS, window = "1 ms", max_time = "1 s", throughput = items(size), ignore)]
pub fn with_attributes(#[values(2)] size: usize) -> usize {
    #![deny(unused)]
    size
}

const COUNTS: [usize; 2] = [1, 2];

fn main() {
    assert_eq!(scalebench::__private::ENTRIES.len(), 6);
    for entry in scalebench::__private::ENTRIES {
        assert_eq!((entry.name, entry.ignore), ("everything", true));
        assert_eq!(entry.options.threads, Some(&[1, 2][..]));
        assert_eq!(entry.options.window_ns, Some(1_000_000));
        assert_eq!(entry.options.max_time_ns, Some(1_000_000_000));
        assert!(entry.options.work.is_some());
    }
}

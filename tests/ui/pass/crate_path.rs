//! `crate = path` finds a harness that was renamed or re-exported.

mod testing {
    pub mod harness {
        pub use ::scalebench::*;
    }
}

/// Hides the usual path, so that only the option leads to it.
mod scalebench {}

use testing::harness::scale_bench;

#[scale_bench(crate = crate::testing::harness, threads = COUNTS)]
fn bench(#[values(1, 2)] _size: usize, _shared: &u8) {}

const COUNTS: &[usize] = &[1];

macro_rules! annotated {
    ($name:ident) => {
        #[$crate::testing::harness::scale_bench(crate = $crate::testing::harness)]
        fn $name(_shared: &u8) {}
    };
}

annotated!(by_macro);

fn main() {
    let _ = stringify!(scalebench);
    assert_eq!(testing::harness::__private::ENTRIES.len(), 2);
}

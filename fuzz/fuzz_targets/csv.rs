//! A CSV file for `cargo scalebench analyze`, all the way to the page.
#![no_main]
#![allow(dead_code)]

mod shared;

include!(concat!(env!("OUT_DIR"), "/analyze.rs"));

use libfuzzer_sys::fuzz_target;
use scalebench_model::build;

/// Reading is what is fuzzed here. A report, with its thousands of resamples, takes a hundred times as long, so that only
/// some of the files come so far.
fn is_drawn(bytes: &[u8]) -> bool {
    let sum = bytes.iter().fold(0_u8, |sum, byte| sum.wrapping_add(*byte));
    sum.is_multiple_of(16)
}

fuzz_target!(|bytes: &[u8]| {
    if let Ok(table) = reader::read(bytes, "fuzz", None) {
        let run = assemble::run(table, "fuzz");
        if is_drawn(bytes) && shared::is_small(&run) {
            shared::draw(&build::report(&[run], None));
        }
    }
});

//! A CSV file for `cargo scalebench analyze`, all the way to the page.
#![no_main]
#![allow(dead_code)]

mod shared;

include!(concat!(env!("OUT_DIR"), "/analyze.rs"));

use libfuzzer_sys::fuzz_target;
use scalebench_model::build;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(table) = reader::read(bytes, "fuzz", None) {
        let run = assemble::run(table, "fuzz");
        if shared::is_small(&run) {
            shared::draw(&build::report(&[run], None));
        }
    }
});

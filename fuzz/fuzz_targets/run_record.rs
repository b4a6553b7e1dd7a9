//! A stored run record, all the way to the page.
#![no_main]

mod shared;

use libfuzzer_sys::fuzz_target;
use scalebench_model::build;
use scalebench_model::data::{Run, Schema};
use scalebench_store::parse_document;

fuzz_target!(|bytes: &[u8]| {
    match parse_document::<Run>(bytes, &Schema::run()) {
        Err(problem) => assert!(!problem.is_empty()),
        Ok(run) if shared::is_small(&run) => {
            let runs = [run];
            shared::draw(&build::session_with_history(&runs, &runs));
        }
        Ok(_) => {}
    }
});

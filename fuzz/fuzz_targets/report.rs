//! A stored report, as `cargo scalebench gate` and other programs read it.
#![no_main]

mod shared;

use libfuzzer_sys::fuzz_target;
use scalebench_model::gate::{Limits, violations};
use scalebench_model::report::Report;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(report) = serde_json::from_slice::<Report>(bytes) {
        shared::draw(&report);
        if let Ok(limits) = Limits::parse("performance=5%,scalability=5%") {
            let _ = violations(&report, &limits);
        }
    }
});

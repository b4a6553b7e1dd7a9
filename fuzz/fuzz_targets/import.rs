//! What other tools measured, for `cargo scalebench import`, all the way to the page. A file may be any of theirs; of criterion
//! the first line is `benchmark.json` and the rest `sample.json`.
#![no_main]
#![allow(dead_code)]

mod shared;

include!(concat!(env!("OUT_DIR"), "/import.rs"));

use libfuzzer_sys::fuzz_target;
use options::{Iterations, Options, RealTime};
use record::Found;
use scalebench_model::build;
use scalebench_model::data::Mode;

fn draw(found: Found, mode: Mode) {
    let run = found.into_run(mode);
    if shared::is_small(&run) {
        shared::draw(&build::report(&[run], None));
    }
}

fn criterion_folder(bytes: &[u8]) {
    let line = bytes.iter().position(|byte| *byte == b'\n');
    let (benchmark, sample) = bytes.split_at(line.unwrap_or(bytes.len()));
    for iterations in [Iterations::Each, Iterations::Shared] {
        let content = |name: &str| {
            Ok(match name {
                "benchmark.json" => benchmark.to_vec(),
                _ => sample.to_vec(),
            })
        };
        let options = Options { iterations, ..Options::default() };
        match criterion::read_result(content, &options) {
            Ok(criterion::Read::Sweep(observations)) => {
                let found = Found { observations, ..Found::default() };
                draw(found, Mode::Concurrent);
            }
            Ok(criterion::Read::Other(_)) => {}
            Err(problem) => assert!(!problem.is_empty()),
        }
    }
}

fuzz_target!(|bytes: &[u8]| {
    criterion_folder(bytes);
    if let Ok(found) = jmh::parse(bytes, "fuzz") {
        draw(found, Mode::Concurrent);
    }
    for told in [None, Some(RealTime::Divided)] {
        if let Ok(found) = google::parse(bytes, "fuzz", told) {
            draw(found, Mode::Parallel);
        }
    }
});

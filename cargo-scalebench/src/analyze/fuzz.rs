//! Whatever the file holds, the answer is a report or a message, never a panic.
//!
//! For longer: `PROPTEST_CASES=1000000 cargo test --release -p cargo-scalebench -- analyze::fuzz`. What it finds becomes a
//! case of the reader's own tests.

use proptest::prelude::*;
use scalebench_model::data::Mode;
use scalebench_model::{build, render};

use super::input::InputError;
use super::{assemble, reader};

/// Reads, and goes all the way to the page where there is something to draw.
fn survives(bytes: &[u8], mode: Option<Mode>) {
    match reader::read(bytes, "fuzz", mode) {
        Err(InputError::Read(error)) => panic!("memory cannot fail: {error}"),
        Err(InputError::Bad(bad)) => assert!(!bad.message.is_empty()),
        Ok(table) => {
            let rows: usize = table
                .benchmarks
                .values()
                .flat_map(|b| b.launches.values())
                .map(Vec::len)
                .sum();
            assert!(rows > 0);
            let report = build::report(&[assemble::run(table, "fuzz")], None);
            let json = render::json(&report);
            let back: scalebench_model::report::Report =
                serde_json::from_str(&json).expect("numbers, not null");
            assert!(render::json(&back) == json, "a number changed on the way");
        }
    }
}

/// A file that is nearly right: known and unknown columns, numbers and what people write in their place.
fn nearly_right() -> impl Strategy<Value = Vec<u8>> {
    let name = prop_oneof![
        4 => prop::sample::select(vec![
            "threads", "throughput", "latency_ns", "time_ns", "benchmark", "launch", "round", " Threads",
        ]).prop_map(str::to_owned),
        1 => "[a-z\"]{0,4}",
    ];
    let field = prop_oneof![
        8 => (1_u32..40).prop_map(|n| n.to_string()),
        4 => any::<f64>().prop_map(|x| x.to_string()),
        2 => (1e-3..1e9_f64).prop_map(|x| x.to_string()),
        1 => prop::sample::select(vec![
            "", "0", "-1", "NaN", "inf", "1e400", "8.0", "1,5", "\"1\"", "\"", "1 000", "\u{feff}", "ä", "4294967296", "\0",
        ]).prop_map(str::to_owned),
        1 => any::<String>(),
    ];
    let end = prop::sample::select(vec!["\n", "\r\n", "\r", "\n\n"]);
    let part = prop::sample::select(vec![",", ";", "\t"]);
    let line = prop::collection::vec(field, 0..5);
    (
        prop::collection::vec(name, 1..5),
        prop::collection::vec(line, 0..12),
        end,
        part,
    )
        .prop_map(|(names, lines, end, part)| {
            let mut text = names.join(part);
            for line in lines {
                text.push_str(end);
                text.push_str(&line.join(part));
            }
            text.into_bytes()
        })
}

/// A right file in which single bytes were changed, taken out or put in.
fn damaged() -> impl Strategy<Value = Vec<u8>> {
    let right = b"benchmark,threads,launch,round,latency_ns\nmap,1,0,0,52.1\nmap,2,0,0,60\nmap,4,0,0,80\n\
        map,8,0,0,120\nmap,1,1,0,51\nmap,2,1,0,61\nmap,4,1,0,79\nmap,8,1,0,125\nmap,1,2,0,53\nmap,2,2,0,62\n\
        map,4,2,0,81\nmap,8,2,0,118\n";
    prop::collection::vec(
        (
            any::<prop::sample::Index>(),
            any::<Option<u8>>(),
            any::<bool>(),
        ),
        0..6,
    )
    .prop_map(move |damages| {
        let mut bytes = right.to_vec();
        for (place, byte, keep) in damages {
            let place = place.index(bytes.len());
            match (byte, keep) {
                (Some(byte), true) => bytes.insert(place, byte),
                (Some(byte), false) => bytes[place] = byte,
                (None, _) => drop(bytes.remove(place)),
            }
        }
        bytes
    })
}

fn mode() -> impl Strategy<Value = Option<Mode>> {
    prop::sample::select(vec![None, Some(Mode::Concurrent), Some(Mode::Parallel)])
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..300), mode in mode()) {
        survives(&bytes, mode);
    }

    #[test]
    fn nearly_right_files(bytes in nearly_right(), mode in mode()) {
        survives(&bytes, mode);
    }

    #[test]
    fn damaged_files(bytes in damaged(), mode in mode()) {
        survives(&bytes, mode);
    }
}

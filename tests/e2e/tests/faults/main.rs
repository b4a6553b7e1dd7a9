//! Faults, hostile input and kills: nothing lost, nothing hangs. `docs/reliability.md` is the table.
//!
//! Ordinary runs take a part of each kind. All of it, with the counts at the end, in under 15 minutes on 2 cores:
//!
//! ```text
//! cargo test -p scalebench-e2e --test faults whole_table -- --ignored --nocapture
//! ```
//!
//! `SCALEBENCH_FAULTS=disk` in front takes the parts whose name contains that.
#![cfg(unix)]

mod benchmark;
mod counts;
mod damage;
mod disk;
mod doc;
mod expressions;
mod flags;
mod licences;
mod memory;
mod moments;
mod outside;
mod panic_abort;
mod patience;
mod printed;
mod processes;
mod protocol;
#[path = "../it/run.rs"]
mod run;
mod security;
mod size;
mod terminal;

use std::time::Instant;

use counts::Counts;

/// A kind of fault: its name, and what injects it.
type Part = (&'static str, fn() -> Counts);

/// Every fault and every bad input, one kind after the other.
#[test]
#[ignore = "minutes: cargo test -p scalebench-e2e --test faults whole_table -- --ignored --nocapture"]
fn whole_table() {
    let parts: [Part; 18] = [
        ("in the benchmark", benchmark::whole),
        ("in its expressions", expressions::whole),
        ("built with panic = \"abort\"", panic_abort::whole),
        ("closed streams", outside::closed_streams),
        ("what is printed", printed::whole),
        ("interrupts", outside::interrupts),
        ("program gone", outside::files_gone),
        ("fewer CPUs", outside::fewer_cpus),
        ("out of memory", memory::whole),
        ("a terminal", terminal::whole),
        ("two runs at once", outside::two_at_once),
        ("random moments", moments::whole),
        ("on disk", disk::whole),
        ("damaged files", damage::whole),
        ("flags and variables", flags::whole),
        ("worker protocol", protocol::whole),
        ("security", security::whole),
        ("size", size::whole),
    ];
    let only = std::env::var("SCALEBENCH_FAULTS").unwrap_or_default();
    let mut all = Counts::default();
    let begin = Instant::now();
    for (name, part) in parts.into_iter().filter(|(name, _)| name.contains(&only)) {
        let part_begin = Instant::now();
        let counts = part();
        println!(
            "{name}: {counts} ({:.0} s)",
            part_begin.elapsed().as_secs_f64()
        );
        all += counts;
    }
    println!("in all: {all} ({:.0} s)", begin.elapsed().as_secs_f64());
    assert_eq!(all.lost, 0);
}

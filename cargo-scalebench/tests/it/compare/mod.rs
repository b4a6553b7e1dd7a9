//! `cargo scalebench compare`, `gate` and `report` on a project under git, with real builds and processes.
#![cfg(target_os = "linux")]

mod calibrate;
mod gate;
mod hostile;
mod interrupt;
mod planted;
mod project;
mod revisions;
mod saved;

/// Sleeps end late on a busy machine, so factors of 2 come out only about right.
#[track_caller]
fn about(expected: f64, factor: f64) {
    let ratio = factor / expected;
    assert!((0.7..1.4).contains(&ratio), "{factor}, not {expected}");
}

//! `--list`: the ids, as libtest prints them.

use std::io::Write;

use super::Exit;
use crate::options::Options;
use crate::protocol::BenchmarkInfo;

/// Prints the ids; tools read this, so nothing else goes to standard output.
pub(super) fn print(options: &Options, selected: &[BenchmarkInfo]) -> Exit {
    let mut text: String = selected
        .iter()
        .map(|info| format!("{}: benchmark\n", info.id))
        .collect();
    if !options.terse {
        text.push_str(&format!("\n0 tests, {} benchmarks\n", selected.len()));
    }
    // Whoever closes the pipe early has read enough.
    let _ = std::io::stdout().write_all(text.as_bytes());
    Exit::Fine
}

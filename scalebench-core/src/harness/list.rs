//! `--list`: the ids, as libtest prints them.

use scalebench_model::data::BenchmarkRecord;

use super::{Exit, failure};
use crate::options::Options;
use crate::protocol::BenchmarkInfo;
use crate::say::say;

/// Prints the ids; tools read this, so nothing else goes to standard output. `broken` have none.
pub(super) fn print(
    options: &Options,
    selected: &[BenchmarkInfo],
    broken: &[BenchmarkRecord],
) -> Exit {
    let mut text: String = selected
        .iter()
        .map(|info| format!("{}: benchmark\n", info.id))
        .collect();
    if !options.terse {
        text.push_str(&format!("\n0 tests, {} benchmarks\n", selected.len()));
    }
    say(&text);
    failure::tell_of(broken);
    if broken.is_empty() {
        Exit::Fine
    } else {
        Exit::BenchmarkFailed
    }
}

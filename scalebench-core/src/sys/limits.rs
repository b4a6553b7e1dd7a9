//! How many threads the system lets one process start, and all of them.

use std::fs;

/// Memory maps that a thread takes: its stack and its signal stack, each with a guard page.
const MAPS_A_THREAD: u64 = 4;

/// Maps that the rest of the process may need.
const SPARE_MAPS: u64 = 2_000;

/// A limit on threads, and the name of the setting it comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ThreadLimit {
    pub(crate) threads: u64,
    pub(crate) setting: &'static str,
}

/// How many threads the system lets all processes together have.
pub(crate) fn system_threads() -> Option<ThreadLimit> {
    read("/proc/sys/kernel/threads-max").map(|threads| ThreadLimit {
        threads,
        setting: "kernel.threads-max",
    })
}

/// The tightest limit of one process that can be known beforehand. Beyond the second of these a starting thread aborts the process,
/// so it must not be found out by trying.
pub(crate) fn thread_limit() -> Option<ThreadLimit> {
    let maps = read("/proc/sys/vm/max_map_count").map(|maps| ThreadLimit {
        threads: maps.saturating_sub(SPARE_MAPS) / MAPS_A_THREAD,
        setting: "vm.max_map_count",
    });
    [system_threads(), maps]
        .into_iter()
        .flatten()
        .min_by_key(|limit| limit.threads)
}

fn read(path: &str) -> Option<u64> {
    fs::read_to_string(path).ok()?.trim().parse().ok()
}

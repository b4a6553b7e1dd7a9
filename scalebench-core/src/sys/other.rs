//! Platforms without per-thread run-queue figures: everything reads 0 and threads are not pinned. Untested.

use std::io;

use super::Reading;

#[derive(Debug)]
pub(crate) struct ThreadMeter;

impl ThreadMeter {
    pub(crate) fn new() -> Self {
        Self
    }

    pub(crate) fn works(&self) -> bool {
        false
    }

    pub(crate) fn on_cpu_ns(&self) -> Option<u64> {
        None
    }

    pub(crate) fn read(&self) -> Option<Reading> {
        None
    }
}

#[derive(Debug)]
pub(crate) struct TaskMeter;

impl TaskMeter {
    pub(crate) fn new(_thread: i32) -> Self {
        Self
    }

    pub(crate) fn read(&self) -> Reading {
        Reading::default()
    }
}

pub(crate) fn thread_id() -> i32 {
    0
}

pub(crate) fn process_cpu_ns() -> Option<u64> {
    None
}

pub(crate) fn thread_times() -> Vec<(i32, u64)> {
    Vec::new()
}

pub(crate) fn raise_priority() -> bool {
    false
}

pub(crate) fn pin_all(_cpus: &[u32]) {}

pub(crate) fn thread_cpu_ns(_thread: i32) -> Option<u64> {
    None
}

pub(crate) fn pin_each(_threads: &[i32], _pinned: bool, _cpus: &[u32]) {}

pub(crate) fn pin(_cpus: &[u32]) -> io::Result<()> {
    Ok(())
}

pub(crate) fn sleep_precisely(time: std::time::Duration) {
    std::thread::sleep(time);
}

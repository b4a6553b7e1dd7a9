//! What all loops by hand are made of.

use std::fs::File;
use std::hint::black_box;
use std::os::unix::fs::FileExt;
use std::time::{Duration, Instant};

use crate::table::middle;

/// Lets this thread run on one CPU only.
pub fn pin(place: usize) {
    let cpus = core_affinity::get_core_ids().expect("this process has CPUs");
    core_affinity::set_for_current(cpus[place % cpus.len()]);
}

/// How long a thread waited for a CPU that others had, as Linux counts it; nothing where nothing counts it.
pub struct Waits(Option<File>);

impl Waits {
    /// Of the thread that calls.
    pub fn of_this_thread() -> Self {
        Self(File::open("/proc/thread-self/schedstat").ok())
    }

    /// So far.
    pub fn read(&self) -> Duration {
        let mut text = [0; 96];
        let length = self
            .0
            .as_ref()
            .and_then(|file| file.read_at(&mut text, 0).ok());
        let text = std::str::from_utf8(&text[..length.unwrap_or(0)]).unwrap_or_default();
        let waited = text.split_whitespace().nth(1);
        Duration::from_nanos(waited.and_then(|ns| ns.parse().ok()).unwrap_or(0))
    }
}

/// Between looks at what others did.
const BLOCK: Duration = Duration::from_millis(10);

/// ns a call, from chunks of about this length between two reads of the clock: the median over blocks of 10 ms or of one
/// chunk, less what they waited for a CPU that others had. `time` makes so many calls and says how long they took.
pub fn chunked(length: Duration, total: Duration, mut time: impl FnMut(u64) -> Duration) -> f64 {
    let calls = fitting(length, &mut time);
    let waits = Waits::of_this_thread();
    let mut blocks = Vec::new();
    let begin = Instant::now();
    while begin.elapsed() < total {
        let (waited, mut took, mut chunks) = (waits.read(), Duration::ZERO, 0);
        while took < BLOCK {
            took += time(calls);
            chunks += 1;
        }
        let took = took.saturating_sub(waits.read() - waited);
        blocks.push(took.as_nanos() as f64 / (calls * chunks) as f64);
    }
    middle(blocks).expect("a block")
}

/// How many calls last so long.
fn fitting(length: Duration, time: &mut impl FnMut(u64) -> Duration) -> u64 {
    let mut calls = 1_u64;
    let mut took = time(calls);
    while took < length {
        calls *= 2;
        took = time(calls);
    }
    let fitting = calls as f64 * length.as_secs_f64() / took.as_secs_f64();
    (fitting.round() as u64).max(1)
}

/// How long `calls` calls take on a state that is hidden from the optimiser as ScaleBench hides it: once a chunk, and each
/// result by itself.
pub fn time<S, O>(state: &mut S, call: impl Fn(&mut S) -> O, calls: u64) -> Duration {
    let state = black_box(state);
    let begin = Instant::now();
    for _ in 0..calls {
        black_box(call(state));
    }
    begin.elapsed()
}

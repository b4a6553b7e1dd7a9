//! Benchmarks that say what they must reach, and do or do not. They run only when asked for.

use std::sync::Mutex;
use std::thread::sleep;
use std::time::Duration;

use scalebench::scale_bench;

/// Waits share nothing.
#[scale_bench(ignore, threads = [2], expect(efficiency(2) >= 70%, latency < 1s))]
fn met() {
    sleep(Duration::from_millis(1));
}

/// One at a time: an efficiency of 50 %.
#[scale_bench(ignore, threads = [1, 2], expect(efficiency(2) >= 90%, latency < 1s))]
fn missed(#[with(Mutex::new(()))] gate: &Mutex<()>) {
    let _turn = gate.lock().expect("a sleep does not panic");
    sleep(Duration::from_millis(1));
}

/// No machine has so many CPUs, so that the usual thread counts do not hold this one.
#[scale_bench(ignore, expect(efficiency(100_000) >= 90%))]
fn elsewhere() {
    sleep(Duration::from_millis(1));
}

const COUNTS: [usize; 2] = [1, 2];

/// What the compiler cannot see.
#[scale_bench(ignore, threads = COUNTS, expect(efficiency(3) >= 90%))]
fn unmeasured() {
    sleep(Duration::from_millis(1));
}

//! Benchmarks that several processes call with several threads each.

use std::fs::File;
use std::mem;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Condvar, Mutex};
use std::thread::sleep;
use std::time::Duration;

use scalebench::scale_bench;

use crate::processes::LockFile;

/// Waits share nothing: efficiency 1, whatever the callers are.
#[scale_bench(processes = [1, 2], threads = [1, 2])]
fn free_wait() {
    sleep(Duration::from_millis(2));
}

/// Lets one thread through at a time, in the order in which they came.
#[derive(Default)]
struct Gate {
    next: AtomicU64,
    served: Mutex<u64>,
    moved: Condvar,
}

impl Gate {
    fn pass(&self, wait: Duration) {
        let ticket = self.next.fetch_add(1, Ordering::Relaxed);
        let served = self.served.lock().expect("no panic");
        let waited = self.moved.wait_while(served, |served| *served != ticket);
        drop(waited.expect("no panic"));
        sleep(wait);
        *self.served.lock().expect("no panic") += 1;
        self.moved.notify_all();
    }
}

/// A lock in each process: a second thread gains nothing, a second process doubles.
#[scale_bench(processes = [1, 2], threads = [1, 2])]
fn gate_in_each_process(gate: &Gate) {
    gate.pass(Duration::from_millis(2));
}

/// Whether this process is the first to open the file.
fn is_first(path: &str) -> std::io::Result<bool> {
    let file = File::open(path)?;
    let first = file.try_lock().is_ok();
    // Held until the process ends.
    mem::forget(file);
    Ok(first)
}

/// Does not stand a second process.
#[scale_bench(processes = [1, 2], threads = [2], ignore)]
fn panics_in_a_second_process(
    #[shared(LockFile::new())] path: &str,
    #[with(is_first(path)?)] first: &bool,
) {
    assert!(*first, "the planted panic of a second process");
    sleep(Duration::from_millis(1));
}

//! Four locks: what waiting costs on average, and whom it hits.

use std::sync::{Mutex, PoisonError, RwLock};
use std::thread::sleep;
use std::time::Duration;

use scalebench::scale_bench;

/// How long a lock is held. Sleeping needs no CPU, so that only the lock limits.
const HOLD: Duration = Duration::from_micros(500);

/// The standard library's lock: whoever releases it may take it again at once.
#[scale_bench(threads = [1, 2, 4, 8])]
fn std_mutex(lock: &Mutex<()>) {
    let _guard = lock.lock().unwrap_or_else(PoisonError::into_inner);
    sleep(HOLD);
}

/// parking_lot's, which is fair now and then.
#[scale_bench(threads = [1, 2, 4, 8])]
fn parking_lot(lock: &parking_lot::Mutex<()>) {
    let _guard = lock.lock();
    sleep(HOLD);
}

/// The same, handed to whoever has waited longest.
#[scale_bench(threads = [1, 2, 4, 8])]
fn parking_lot_fair(lock: &parking_lot::Mutex<()>) {
    let guard = lock.lock();
    sleep(HOLD);
    parking_lot::MutexGuard::unlock_fair(guard);
}

/// Readers do not wait for each other, but each writes down that it is there.
#[scale_bench]
fn read_lock(#[with(RwLock::new(7))] lock: &RwLock<u64>) -> u64 {
    *lock.read().unwrap_or_else(PoisonError::into_inner)
}

scalebench::main!();

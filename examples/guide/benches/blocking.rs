//! Calls that wait, calls that compute, and more threads than CPUs.

use std::sync::{Condvar, Mutex, PoisonError};
use std::thread::sleep;
use std::time::Duration;

use scalebench::scale_bench;

/// How long a call waits.
const WAIT: Duration = Duration::from_millis(1);

/// So many connections, each for one caller at a time.
struct Pool {
    free: Mutex<usize>,
    returned: Condvar,
}

impl Pool {
    fn of(connections: usize) -> Self {
        Self {
            free: Mutex::new(connections),
            returned: Condvar::new(),
        }
    }

    /// Runs the query on a connection, once there is one.
    fn run<T>(&self, query: impl FnOnce() -> T) -> T {
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        let none = |free: &mut usize| *free == 0;
        let waited = self.returned.wait_while(free, none);
        *waited.unwrap_or_else(PoisonError::into_inner) -= 1;
        let answer = query();
        *self.free.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        self.returned.notify_one();
        answer
    }
}

/// Waits, as for a disk or another machine: needs no CPU.
#[scale_bench(threads = [1, 2, 4, 16, 64])]
fn waits() {
    sleep(WAIT);
}

/// Waits for one of four connections, then for the answer.
#[scale_bench(threads = [1, 2, 4, 16, 64])]
fn pool_of_4(#[with(Pool::of(4))] pool: &Pool) {
    pool.run(|| sleep(WAIT));
}

/// Computes: more threads than CPUs have to wait for one.
#[scale_bench(threads = [1, 2, 4, 8])]
fn computes(#[with(1)] number: &mut u64) {
    for _ in 0..1000 {
        *number = (*number ^ (*number >> 31)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

scalebench::main!();

//! Workloads of known answer, up to 64 threads: waits and locks scale the same way on any machine.
//!
//! All are ignored, since they take minutes: `cargo bench --bench ground_truth -- --ignored`. What each must show is in
//! its comment; waits end on their deadline, and a lock's hand-over costs a wake-up.

mod support;

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use scalebench::scale_bench;
use support::service::{Service, wait};

/// Shares nothing: efficiency at least 0.95 up to 16 threads, and what is lost beyond is "waiting".
#[scale_bench(ignore, threads = [1, 2, 4, 8, 16, 32, 64], rounds = 5)]
fn free_wait() {
    wait(Duration::from_millis(2));
}

/// The standard library's mutex, which is unfair: efficiency 1/N, cause "blocked".
#[scale_bench(ignore, threads = [1, 2, 4, 8, 16, 32, 64], rounds = 5, max_time = "60 s")]
fn mutex(#[with(Mutex::new(()))] gate: &Mutex<()>) {
    let _turn = gate.lock().expect("waiting does not panic");
    wait(Duration::from_millis(2));
}

/// Two at a time: efficiency min(1, 2/N).
#[scale_bench(ignore, threads = [1, 2, 4, 8, 16, 32, 64], rounds = 5, max_time = "60 s")]
fn semaphore_of_two(#[with(Service::new(Duration::from_millis(2), 2))] service: &Service) {
    service.call();
}

/// 0.4 ms guarded, 1.6 ms free: the closed queue of one server with think time, which saturates at 5 callers.
#[scale_bench(ignore, threads = [1, 2, 4, 8, 16, 32, 64], rounds = 5, max_time = "60 s")]
fn guarded_then_free(#[with(Service::new(Duration::from_micros(400), 1))] service: &Service) {
    service.call();
    wait(Duration::from_micros(1600));
}

/// More threads than CPUs that all compute: hollow points, cause "waiting".
#[scale_bench(ignore, threads = [1, 2, 4, 8])]
fn spin(#[with(1)] state: &mut u64) {
    for _ in 0..500 {
        *state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .rotate_left(17)
            ^ 1;
    }
}

/// One cache line for all: cause "on CPU".
#[scale_bench(ignore, threads = [1, 2])]
fn one_atomic(#[with(AtomicU64::new(0))] counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}

/// The harness at 1,024 threads: it works, and its memory and time grow linearly.
#[scale_bench(ignore, threads = [1, 256, 512, 1024], rounds = 3, launches = 1)]
fn many_sleepers() {
    std::thread::sleep(Duration::from_millis(50));
}

scalebench::main!();

//! Benchmarks whose answer is known.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use rayon::prelude::*;
use scalebench::{Bencher, Measured, Ran, scale_bench};

/// Waits share nothing: efficiency 1.
#[scale_bench(threads = [1, 2, 4])]
fn free_wait() {
    std::thread::sleep(Duration::from_millis(1));
}

/// One at a time: efficiency 1/N, blocked.
#[scale_bench(threads = [1, 2, 4])]
fn one_at_a_time(#[with(Mutex::new(()))] gate: &Mutex<()>) {
    let _turn = gate.lock().expect("a sleep does not panic");
    std::thread::sleep(Duration::from_millis(1));
}

/// The first call of one thread begins 30 ms late; it must not enter the figures.
#[scale_bench(threads = [1, 2])]
fn late_thread(#[with(thread.index() == 1)] late: &mut bool) {
    if std::mem::take(late) {
        std::thread::sleep(Duration::from_millis(30));
    }
    std::thread::sleep(Duration::from_millis(1));
}

/// Computes about a microsecond and shares nothing: efficiency 1.
#[scale_bench(threads = [1, 2])]
fn free_spin(#[with(1)] state: &mut u64) {
    for _ in 0..300 {
        *state = std::hint::black_box(state.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(1));
    }
}

/// A counter that every call adds to.
#[scale_bench(threads = [1, 2])]
fn counter(#[with(AtomicU64::new(0))] counter: &AtomicU64) -> u64 {
    counter.fetch_add(1, Ordering::Relaxed)
}

/// One benchmark a value.
#[scale_bench(threads = [1, 2])]
fn with_values(#[values(1, 2)] size: usize) -> usize {
    std::hint::black_box(size)
}

/// A parallel algorithm.
#[scale_bench(parallel, threads = [1, 2])]
fn parallel_sum(#[with((0..10_000).collect())] numbers: Vec<u64>) -> u64 {
    numbers.par_iter().sum()
}

/// Runs only when asked for.
#[scale_bench(ignore)]
fn left_out() {}

/// The input takes three times as long to make as the call takes, and is not timed.
#[scale_bench(threads = [1, 2])]
fn dear_input(
    #[with(std::thread::sleep(Duration::from_millis(6)))] _input: (),
    #[with(Vec::new())] _own: &mut Vec<u8>,
) {
    std::thread::sleep(Duration::from_millis(2));
}

/// A list that every call makes longer, and that would be too long in the second window.
#[scale_bench(threads = [1, 2])]
fn grows(#[fresh(Mutex::new(vec![0]))] list: &Mutex<Vec<u8>>) {
    std::thread::sleep(Duration::from_millis(1));
    let mut list = list.lock().expect("a sleep does not panic");
    list.push(0);
    assert!(list.len() < 200, "the list of another window");
}

/// A quarter of the time is no call's, and a call takes 1 ms by the user's own clock.
#[scale_bench(threads = [1, 2])]
fn times_itself(b: Bencher) -> Measured {
    b.iter_custom(|calls| {
        std::thread::sleep(Duration::from_millis(1));
        let start = Instant::now();
        for _ in 0..calls {
            std::thread::sleep(Duration::from_millis(3));
        }
        start.elapsed()
    })
}

/// By the user's clock every call takes a second.
#[scale_bench(threads = [1, 2])]
fn long_seconds(b: Bencher) -> Measured {
    b.iter_custom(|calls| {
        std::thread::sleep(Duration::from_micros(100 * calls));
        Duration::from_secs(calls)
    })
}

/// One call at a time, by a server of its own.
#[scale_bench(threads = [1, 2])]
fn own_windows(b: Bencher) -> Measured {
    b.windows(|window| {
        let calls = (window.length().as_micros() as u64 / 100).max(1);
        Ran {
            calls,
            time: Duration::from_micros(100 * calls),
        }
    })
}

/// Stands it only with 77.
#[scale_bench(ignore, threads = [1])]
fn checks_size(#[values(1)] size: u8, #[values("long")] text: &str) {
    assert_eq!((size, text.is_empty()), (77, false));
}

/// A type that no text stands for.
#[derive(Clone)]
struct Kind;

#[scale_bench(ignore, types = [u8], threads = [1])]
fn closed<T: Default>(#[values(Kind)] kind: Kind) -> T {
    let _ = kind;
    T::default()
}

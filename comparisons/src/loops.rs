//! Hand-written loops: many of them for code of a thread's own, windows behind a spin barrier for shared code.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use comparisons::{SPINS, Walk};

use crate::hand::{chunked, pin};
use crate::peers::{Figures, Key};

/// Every case that a simple loop can tell the truth about.
pub fn all() -> Figures {
    let mut figures = BTreeMap::new();
    figures.insert(key("empty", 1), alone(|| ()));
    for (name, steps) in SPINS {
        let mut state = 1;
        figures.insert(key(name, 1), alone(|| comparisons::spin(&mut state, steps)));
    }
    figures.insert(key("allocation", 1), alone(comparisons::allocation));
    let mut walk = Walk::new(0);
    figures.insert(key("walk_32mib", 1), alone(|| walk.steps()));
    let counter = AtomicU64::new(0);
    figures.insert(
        key("shared_atomic", 1),
        alone(|| comparisons::shared_atomic(&counter)),
    );
    figures.insert(
        key("shared_atomic", 2),
        shared(|| comparisons::shared_atomic(&counter)),
    );
    let (empty, state) = (Mutex::new(0), Mutex::new(1));
    figures.insert(
        key("mutex_empty", 1),
        alone(|| comparisons::mutex_empty(&empty)),
    );
    figures.insert(
        key("mutex_empty", 2),
        shared(|| comparisons::mutex_empty(&empty)),
    );
    figures.insert(
        key("mutex_1us", 1),
        alone(|| comparisons::mutex_1us(&state)),
    );
    figures.insert(
        key("mutex_1us", 2),
        shared(|| comparisons::mutex_1us(&state)),
    );
    figures
}

fn key(name: &str, threads: u32) -> Key {
    (name.to_owned(), threads)
}

/// ns a call, from loops of about 1 ms for 300 ms, on a pinned thread of its own. The C library allocates and locks more
/// cheaply as long as there is only one thread, which no caller of concurrent code ever sees.
fn alone<O>(call: impl FnMut() -> O + Send) -> f64 {
    std::thread::scope(|scope| {
        let loops = scope.spawn(|| {
            pin(0);
            alone_here(call)
        });
        loops.join().expect("no panic")
    })
}

fn alone_here<O>(mut call: impl FnMut() -> O) -> f64 {
    chunked(
        Duration::from_millis(1),
        Duration::from_millis(300),
        |calls| {
            let begin = Instant::now();
            for _ in 0..calls {
                black_box(call());
            }
            begin.elapsed()
        },
    )
}

/// ns a call while 2 threads, pinned apart, call: the median of 100 windows of 10 ms behind a spin barrier.
fn shared<O>(call: impl Fn() -> O + Sync) -> f64 {
    let mut latencies: Vec<f64> = (0..100).map(|_| window(&call)).collect();
    latencies.sort_by(f64::total_cmp);
    latencies[latencies.len() / 2]
}

fn window<O>(call: &(impl Fn() -> O + Sync)) -> f64 {
    let (arrived, stop, calls) = (
        AtomicUsize::new(0),
        AtomicBool::new(false),
        AtomicU64::new(0),
    );
    let caller = |place: usize| {
        pin(place);
        arrived.fetch_add(1, Ordering::AcqRel);
        while arrived.load(Ordering::Acquire) < 2 {
            std::hint::spin_loop();
        }
        let begin = Instant::now();
        let mut mine = 0;
        while !stop.load(Ordering::Relaxed) {
            for _ in 0..100 {
                black_box(call());
            }
            mine += 100;
        }
        calls.fetch_add(mine, Ordering::Relaxed);
        begin.elapsed()
    };
    let elapsed = std::thread::scope(|scope| {
        let threads = [scope.spawn(|| caller(0)), scope.spawn(|| caller(1))];
        std::thread::sleep(Duration::from_millis(10));
        stop.store(true, Ordering::Relaxed);
        threads
            .map(|thread| thread.join().expect("no panic"))
            .into_iter()
            .max()
            .expect("two threads")
    });
    2.0 * elapsed.as_nanos() as f64 / calls.into_inner() as f64
}

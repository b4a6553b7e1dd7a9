//! The cases under criterion. At 2 threads it measures what people write by hand: `iter_custom` around spawned threads.

use std::hint::black_box;
use std::sync::atomic::AtomicU64;
use std::sync::{Barrier, Mutex};
use std::time::{Duration, Instant};

use comparisons::{SPINS, Walk};
use criterion::{Criterion, criterion_group, criterion_main};

/// `iterations` calls on each of `threads` threads that a barrier releases; the time of the slowest.
fn on_threads<S, O>(
    threads: usize,
    iterations: u64,
    own: impl Fn(usize) -> S + Sync,
    call: impl Fn(&mut S) -> O + Sync,
) -> Duration {
    let barrier = Barrier::new(threads);
    std::thread::scope(|scope| {
        let handles: Vec<_> = (0..threads)
            .map(|index| {
                let (barrier, own, call) = (&barrier, &own, &call);
                scope.spawn(move || {
                    let mut state = own(index);
                    barrier.wait();
                    let begin = Instant::now();
                    for _ in 0..iterations {
                        black_box(call(&mut state));
                    }
                    begin.elapsed()
                })
            })
            .collect();
        handles
            .into_iter()
            .map(|handle| handle.join().expect("no panic"))
            .max()
            .expect("a thread")
    })
}

fn case<S, O>(
    criterion: &mut Criterion,
    name: &str,
    own: impl Fn(usize) -> S + Sync,
    call: impl Fn(&mut S) -> O + Sync,
) {
    let mut group = criterion.benchmark_group(name);
    for threads in [1, 2] {
        group.bench_function(format!("threads/{threads}"), |bencher| {
            bencher.iter_custom(|iterations| on_threads(threads, iterations, &own, &call));
        });
    }
}

fn cases(criterion: &mut Criterion) {
    case(criterion, "empty", |_| (), |()| ());
    for (name, steps) in SPINS {
        case(
            criterion,
            name,
            |_| 1,
            |state| comparisons::spin(state, steps),
        );
    }
    let counter = AtomicU64::new(0);
    case(
        criterion,
        "shared_atomic",
        |_| (),
        |()| comparisons::shared_atomic(&counter),
    );
    let (empty, state) = (Mutex::new(0), Mutex::new(1));
    case(
        criterion,
        "mutex_empty",
        |_| (),
        |()| comparisons::mutex_empty(&empty),
    );
    case(
        criterion,
        "mutex_1us",
        |_| (),
        |()| comparisons::mutex_1us(&state),
    );
    case(criterion, "walk_32mib", Walk::new, Walk::steps);
    case(
        criterion,
        "allocation",
        |_| (),
        |()| comparisons::allocation(),
    );
}

criterion_group!(benches, cases);
criterion_main!(benches);

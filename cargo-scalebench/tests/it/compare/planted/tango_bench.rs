//! The ten calls under tango.

use std::sync::atomic::AtomicU64;
use std::sync::{Mutex, RwLock};

use planted::varied::{self, Walk};
use tango_bench::{IntoBenchmarks, benchmark_fn, tango_benchmarks, tango_main};

fn calls() -> impl IntoBenchmarks {
    [
        benchmark_fn("arithmetic", |b| {
            let mut own = 1;
            b.iter(move || varied::arithmetic(&mut own))
        }),
        benchmark_fn("memory", |b| {
            let mut walk = Walk::new(0);
            b.iter(move || varied::memory(&mut walk))
        }),
        benchmark_fn("atomic", |b| {
            let counter = AtomicU64::new(0);
            b.iter(move || varied::atomic(&counter))
        }),
        benchmark_fn("mutex", |b| {
            let lock = Mutex::new(0);
            b.iter(move || varied::mutex(&lock))
        }),
        benchmark_fn("read_lock", |b| {
            let (lock, mut own) = (RwLock::new(1), 1);
            b.iter(move || varied::read_lock(&lock, &mut own))
        }),
        benchmark_fn("allocation", |b| b.iter(varied::allocation)),
        benchmark_fn("sleep", |b| b.iter(varied::sleep)),
        benchmark_fn("sort", |b| {
            let numbers = varied::shuffled();
            b.iter(move || varied::sort(numbers.clone()))
        }),
        benchmark_fn("hashing", |b| {
            let (map, mut own) = (varied::map(), 1);
            b.iter(move || varied::hashing(&map, &mut own))
        }),
        benchmark_fn("formatting", |b| {
            let mut own = 1;
            b.iter(move || varied::formatting(&mut own))
        }),
    ]
}

tango_benchmarks!(calls());
tango_main!();

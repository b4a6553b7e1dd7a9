//! The ten calls under criterion.

use std::sync::atomic::AtomicU64;
use std::sync::{Mutex, RwLock};

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use planted::varied::{self, Walk};

fn calls(c: &mut Criterion) {
    let (mut own, mut walk) = (1, Walk::new(0));
    let (counter, lock, read) = (AtomicU64::new(0), Mutex::new(0), RwLock::new(1));
    let map = varied::map();
    c.bench_function("arithmetic", |b| b.iter(|| varied::arithmetic(&mut own)));
    c.bench_function("memory", |b| b.iter(|| varied::memory(&mut walk)));
    c.bench_function("atomic", |b| b.iter(|| varied::atomic(&counter)));
    c.bench_function("mutex", |b| b.iter(|| varied::mutex(&lock)));
    c.bench_function("read_lock", |b| b.iter(|| varied::read_lock(&read, &mut own)));
    c.bench_function("allocation", |b| b.iter(varied::allocation));
    c.bench_function("sleep", |b| b.iter(varied::sleep));
    c.bench_function("sort", |b| {
        b.iter_batched(varied::shuffled, varied::sort, BatchSize::LargeInput)
    });
    c.bench_function("hashing", |b| b.iter(|| varied::hashing(&map, &mut own)));
    c.bench_function("formatting", |b| b.iter(|| varied::formatting(&mut own)));
}

criterion_group!(benches, calls);
criterion_main!(benches);

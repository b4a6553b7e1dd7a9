use scalebench::scale_bench;
use std::sync::{Mutex, MutexGuard};

static LOCK: Mutex<u8> = Mutex::new(1);

#[scale_bench]
fn bench(#[fresh(LOCK.lock().unwrap())] _guard: &MutexGuard<'_, u8>) {}

fn main() {}

//! Benchmarks that go wrong. All are ignored, so that a test asks for exactly the one it wants.
#![allow(unsafe_code)] // A segfault on purpose cannot be had without.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use scalebench::scale_bench;

#[scale_bench(ignore)]
fn panics_in_the_call(#[with(0)] calls: &mut u64) {
    *calls += 1;
    assert!(*calls < 1000, "the planted panic in the call");
}

#[scale_bench(ignore)]
fn panics_in_setup(#[with(broken())] _state: &u64) {}

fn broken() -> u64 {
    panic!("the planted panic in setup")
}

#[scale_bench(ignore, threads = [1, 2])]
fn panics_in_one_thread(
    #[with(thread.index())] index: &mut usize,
    #[with(AtomicU64::new(0))] calls: &AtomicU64,
) {
    std::thread::sleep(Duration::from_micros(50));
    let calls = calls.fetch_add(1, Ordering::Relaxed);
    assert!(
        *index == 0 || calls < 100,
        "the planted panic in one thread"
    );
}

struct PanicsWhenDropped;

impl Drop for PanicsWhenDropped {
    fn drop(&mut self) {
        assert!(std::thread::panicking(), "the planted panic in teardown");
    }
}

#[scale_bench(ignore)]
fn panics_in_teardown(#[with(PanicsWhenDropped)] _state: &PanicsWhenDropped) {}

#[scale_bench(ignore)]
fn aborts() {
    std::process::abort();
}

#[scale_bench(ignore)]
fn exits() {
    std::process::exit(7);
}

#[scale_bench(ignore)]
fn segfaults() {
    // SAFETY: none; the kernel ends the process, which is what is being tested.
    unsafe { libc::raise(libc::SIGSEGV) };
}

#[scale_bench(ignore, threads = [1, 2])]
fn deadlocks(
    #[with((Mutex::new(()), Mutex::new(())))] locks: &(Mutex<()>, Mutex<()>),
    #[with(thread.index())] index: &mut usize,
) {
    let (first, second) = if *index == 0 {
        (&locks.0, &locks.1)
    } else {
        (&locks.1, &locks.0)
    };
    let _first = first.lock().expect("not poisoned");
    std::thread::sleep(Duration::from_millis(2));
    let _second = second.lock().expect("not poisoned");
}

#[scale_bench(ignore)]
fn never_returns() {
    loop {
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[scale_bench(ignore)]
fn prints() {
    println!("a line on standard output");
    eprintln!("a line on standard error");
}

#[scale_bench(ignore)]
fn leaves_a_child_behind(#[with(start_child())] _child: &u32) {}

/// A process that would outlive the run by far.
fn start_child() -> u32 {
    std::process::Command::new("sleep")
        .arg("1000")
        .spawn()
        .expect("sleep starts")
        .id()
}

#[scale_bench(ignore, threads = [1, 100_000])]
fn too_many_threads() {}

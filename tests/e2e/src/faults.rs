//! Benchmarks that go wrong. All are ignored, so that a test asks for exactly the one it wants.
//!
//! `docs/reliability.md` has a row for each; a test compares the two.
#![allow(unsafe_code)] // A segfault on purpose cannot be had without.

mod hang;
mod meddle;
mod tasks;

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

/// Each thread has a state of its own, which it drops when the launch is over.
#[scale_bench(ignore)]
fn panics_in_a_threads_teardown(#[with(PanicsWhenDropped)] _state: &mut PanicsWhenDropped) {}

/// Only the third worker process of this run meets it.
#[scale_bench(ignore)]
fn panics_in_the_third_launch(#[with(launch())] launch: &u64) {
    assert!(*launch < 2, "the planted panic of the third launch");
}

/// Which worker process this is, from 0: each leaves a byte in a file of the run's own folder.
fn launch() -> u64 {
    use std::io::Write as _;
    let home = std::env::var_os("SCALEBENCH_HOME").expect("the tests name a folder");
    let path = std::path::Path::new(&home).join("launches-of-a-fault");
    let mut file = std::fs::File::options()
        .append(true)
        .create(true)
        .open(path)
        .expect("it can be written");
    let before = file.metadata().expect("it is there").len();
    file.write_all(b".").expect("it can be written");
    before
}

#[scale_bench(ignore)]
fn panics_with_a_number() {
    std::panic::panic_any(42);
}

struct PanicsAgain;

impl Drop for PanicsAgain {
    fn drop(&mut self) {
        panic!("the planted panic while panicking");
    }
}

/// What is thrown panics itself when it is caught and dropped, and so does what that one throws.
#[scale_bench(ignore)]
fn panics_with_a_value_that_panics() {
    std::panic::panic_any(Bomb);
}

struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        std::panic::panic_any(Self);
    }
}

#[scale_bench(ignore)]
fn panics_at_great_length() {
    panic!("it begins{}and ends", "-".repeat(50 << 20));
}

/// A line without end on every pipe that this process has made for itself: on the one to the coordinator.
#[scale_bench(ignore)]
fn writes_on_every_pipe() {
    let much = [b'x'; 64 * 1024];
    loop {
        for descriptor in 3..256 {
            if is_own_pipe(descriptor) {
                // SAFETY: the pointer is to as many bytes as are said; whoever owns the descriptor is being tested.
                unsafe { libc::write(descriptor, much.as_ptr().cast(), much.len()) };
            }
        }
    }
}

/// Whether it is a pipe that no child inherits, and so none that this process has inherited.
fn is_own_pipe(descriptor: i32) -> bool {
    // SAFETY: it takes numbers alone.
    let flags = unsafe { libc::fcntl(descriptor, libc::F_GETFD) };
    let link = std::fs::read_link(format!("/proc/self/fd/{descriptor}"));
    let is_pipe = link.is_ok_and(|name| name.to_string_lossy().starts_with("pipe:"));
    flags >= 0 && flags & libc::FD_CLOEXEC != 0 && is_pipe
}

/// A child that has left the process group holds all pipes for a while.
#[scale_bench(ignore)]
fn aborts_beside_a_daemon() {
    // SAFETY: the child calls nothing but `setsid`, `sleep` and `_exit`, which are async-signal-safe.
    unsafe {
        if libc::fork() == 0 {
            libc::setsid();
            libc::sleep(7);
            libc::_exit(0);
        }
    }
    std::process::abort();
}

#[scale_bench(ignore)]
fn panics_while_panicking() {
    let _second = PanicsAgain;
    panic!("the first panic");
}

#[scale_bench(ignore)]
fn exits_as_if_all_were_well() {
    std::process::exit(0);
}

#[scale_bench(ignore)]
fn overflows_the_stack() -> u64 {
    deeper(std::hint::black_box(1))
}

#[allow(unconditional_recursion)]
fn deeper(depth: u64) -> u64 {
    let frame = std::hint::black_box([depth; 64]);
    deeper(std::hint::black_box(depth + 1)) + frame[0]
}

/// Memory ends at 4 GiB of addresses, and 1 GiB is taken at a time.
#[scale_bench(ignore)]
fn runs_out_of_memory(#[with(limit(libc::RLIMIT_AS, 4 << 30))] _limited: &bool) {
    let mut hoard: Vec<Vec<u8>> = Vec::new();
    loop {
        hoard.push(std::hint::black_box(vec![1; 1 << 30]));
    }
}

/// Lowers a limit of this process, and says whether that went well.
fn limit(resource: libc::__rlimit_resource_t, most: u64) -> bool {
    let limit = libc::rlimit {
        rlim_cur: most,
        rlim_max: most,
    };
    // SAFETY: the pointer is to a whole `rlimit` that lives as long as the call.
    unsafe { libc::setrlimit(resource, &raw const limit) == 0 }
}

#[scale_bench(ignore)]
fn closes_every_descriptor() {
    for descriptor in 0..256 {
        // SAFETY: whatever was open is closed under its owner, which is what is being tested.
        unsafe { libc::close(descriptor) };
    }
}

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

#[scale_bench(ignore, threads = [1, 100_000])]
fn too_many_threads() {}

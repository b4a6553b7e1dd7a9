//! Code that meddles with its process and should be measured all the same.

use std::io::Write as _;
use std::time::Duration;

use scalebench::scale_bench;

use super::limit;

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

/// Megabytes on both streams, without an end of line.
#[scale_bench(ignore)]
fn floods_its_output(#[with([b'x'; 64 * 1024])] much: &[u8; 64 * 1024]) {
    std::io::stdout().write_all(much).expect("it is a pipe");
    std::io::stderr().write_all(much).expect("it is a pipe");
}

#[scale_bench(ignore)]
fn closes_its_streams(#[with(close_streams())] _closed: &()) {
    println!("nobody hears this");
    eprintln!("nor this");
}

fn close_streams() {
    for descriptor in 0..3 {
        // SAFETY: the standard streams have no owner; the standard library copes with closed ones.
        unsafe { libc::close(descriptor) };
    }
}

#[scale_bench(ignore)]
fn forks(#[with(fork())] _child: &i32) {}

/// A child that sleeps, and is a copy of this process: it holds the same pipes.
fn fork() -> i32 {
    // SAFETY: the child calls nothing but `sleep` and `_exit`, which are async-signal-safe.
    let child = unsafe { libc::fork() };
    if child == 0 {
        // SAFETY: as above.
        unsafe {
            libc::sleep(1000);
            libc::_exit(0);
        }
    }
    child
}

#[scale_bench(ignore)]
fn changes_the_directory(#[with(std::env::set_current_dir("/proc"))] _gone: &std::io::Result<()>) {}

#[scale_bench(ignore)]
fn changes_its_affinity() -> i32 {
    // SAFETY: an empty set is valid memory; the first CPU is put into it.
    unsafe {
        let mut set: libc::cpu_set_t = std::mem::zeroed();
        libc::CPU_SET(0, &mut set);
        libc::sched_setaffinity(0, size_of::<libc::cpu_set_t>(), &raw const set)
    }
}

#[scale_bench(ignore)]
fn blocks_all_signals(#[with(block_signals())] _blocked: &mut i32) {}

fn block_signals() -> i32 {
    // SAFETY: the set is filled before it is read.
    unsafe {
        let mut set: libc::sigset_t = std::mem::zeroed();
        libc::sigfillset(&raw mut set);
        libc::pthread_sigmask(libc::SIG_SETMASK, &raw const set, std::ptr::null_mut())
    }
}

#[scale_bench(ignore)]
fn lowers_its_limits(
    #[with(limit(libc::RLIMIT_NOFILE, 3))] _files: &bool,
    #[with(limit(libc::RLIMIT_FSIZE, 0))] _size: &bool,
    #[with(limit(libc::RLIMIT_CORE, 0))] _core: &bool,
) {
}

/// A thread is left behind by every thousandth call.
#[scale_bench(ignore)]
fn leaks_threads(#[with(0)] calls: &mut u32) {
    *calls += 1;
    // Not more than the system allows in a window: the leak is tested, not the limit.
    if *calls % 1000 == 1 && *calls < 100_000 {
        std::thread::spawn(|| std::thread::sleep(Duration::from_secs(1000)));
    }
}

/// The global pool has one thread, which is stuck for ever.
#[scale_bench(ignore, parallel, threads = [1, 2])]
fn blocks_the_global_pool(#[with(block_global_pool())] _blocked: &()) -> u64 {
    rayon::join(|| 1, || 2).0
}

fn block_global_pool() {
    // Whether it was built before matters not; what counts is that a task of it never ends.
    let _ = rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .build_global();
    rayon::spawn(|| {
        loop {
            std::thread::sleep(Duration::from_secs(1));
        }
    });
}

/// A panic in a task that nobody waits for.
#[scale_bench(ignore, parallel, threads = [1, 2])]
fn survives_a_pool_panic() -> u64 {
    let caught = std::panic::catch_unwind(|| rayon::join(|| 1, || panic!("inside the pool")));
    u64::from(caught.is_err())
}

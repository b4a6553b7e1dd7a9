//! What never ends.

use std::sync::Mutex;
use std::time::Duration;

use scalebench::scale_bench;

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
fn spins_for_ever() {
    loop {
        std::hint::spin_loop();
    }
}

/// All is well at 1 and 2 threads.
#[scale_bench(ignore, threads = [1, 2, 4])]
fn never_returns_at_four(#[with(thread.index())] index: &mut usize) {
    if *index == 3 {
        never();
    }
}

#[scale_bench(ignore)]
fn hangs_in_setup(#[with(never())] _state: &()) {}

fn never() {
    loop {
        std::thread::sleep(Duration::from_secs(1));
    }
}

struct NeverDropped;

impl Drop for NeverDropped {
    fn drop(&mut self) {
        never();
    }
}

#[scale_bench(ignore)]
fn hangs_in_teardown(#[with(NeverDropped)] _state: &NeverDropped) {}

/// Stopped as by Ctrl-Z: it can neither answer nor see that its coordinator has gone.
#[scale_bench(ignore)]
fn stops_itself() {
    // SAFETY: the signal has no handler; the process stops, which is what is being tested.
    unsafe { libc::raise(libc::SIGSTOP) };
}

//! What annotated functions do, with real threads: who makes what, how often, and when it is dropped.

mod bencher;
mod failures;
mod fresh;
mod groups;
mod load;
mod owners;
mod parallel;
#[cfg(feature = "tokio")]
mod tasks;
mod values;

use std::sync::atomic::{AtomicUsize, Ordering};

/// Window of a trial, ns: enough for many calls, short for a test.
const WINDOW_NS: u64 = 2_000_000;

/// Lets up to `threads` threads call the benchmark with this id below `attribute`.
fn trial(id: &str, threads: u32) -> Result<(), String> {
    scalebench::__private::trial(&format!("{}::{id}", module_path!()), threads, WINDOW_NS)
}

/// How many of something were made and dropped.
struct Tally {
    made: AtomicUsize,
    dropped: AtomicUsize,
}

impl Tally {
    const fn new() -> Self {
        Self {
            made: AtomicUsize::new(0),
            dropped: AtomicUsize::new(0),
        }
    }

    /// One more of them.
    fn make(&'static self) -> Token {
        self.made.fetch_add(1, Ordering::Relaxed);
        Token(self)
    }

    fn made(&self) -> usize {
        self.made.load(Ordering::Relaxed)
    }

    /// How many there are now.
    fn alive(&self) -> usize {
        self.made() - self.dropped.load(Ordering::Relaxed)
    }

    /// Checks that each was dropped exactly once, and returns how many there were.
    #[track_caller]
    fn settled(&self) -> usize {
        assert_eq!(
            self.made(),
            self.dropped.load(Ordering::Relaxed),
            "made and dropped"
        );
        self.made()
    }
}

/// Something that is counted.
struct Token(&'static Tally);

impl Drop for Token {
    fn drop(&mut self) {
        self.0.dropped.fetch_add(1, Ordering::Relaxed);
    }
}

/// Everything that a benchmark makes, by who owns it.
struct Tallies {
    shared: Tally,
    own: Tally,
    inputs: Tally,
    outputs: Tally,
    calls: AtomicUsize,
}

impl Tallies {
    const fn new() -> Self {
        Self {
            shared: Tally::new(),
            own: Tally::new(),
            inputs: Tally::new(),
            outputs: Tally::new(),
            calls: AtomicUsize::new(0),
        }
    }

    /// One more call; returns how many there were before it.
    fn call(&self) -> usize {
        self.calls.fetch_add(1, Ordering::Relaxed)
    }

    /// Checks that each was made as often as its owner asks, and dropped once.
    #[track_caller]
    fn settled_for(&self, threads: usize) {
        let calls = self.calls.load(Ordering::Relaxed);
        assert!(calls > 100, "{calls} calls");
        assert_eq!((self.shared.settled(), self.own.settled()), (1, threads));
        assert_eq!(
            (self.inputs.settled(), self.outputs.settled()),
            (calls, calls)
        );
    }
}

//! Benchmarks that tell performance from scalability.
//!
//! Put [`scale_bench`](macro@scale_bench) on a function, end the bench target with [`main!`], and `cargo bench` measures
//! the function at increasing thread counts. Two figures come out and are never mixed: **single-call latency** (what a
//! call costs alone) and **scaling efficiency** (how much of N threads' worth of work N threads get done).
//!
//! ```no_run
//! use std::sync::atomic::{AtomicU64, Ordering};
//!
//! #[scalebench::scale_bench]
//! fn count(#[with(AtomicU64::new(0))] counter: &AtomicU64) {
//!     counter.fetch_add(1, Ordering::Relaxed);
//! }
//!
//! scalebench::main!();
//! ```
#![forbid(unsafe_code)]

mod criterion;

pub use scalebench_core::launch::Thread;
pub use scalebench_macros::scale_bench;
pub use std::hint::black_box;

/// Defines `main` for a bench target (`harness = false` in its `[[bench]]` entry).
///
/// It runs every function of the target, and of the crates linked into it, that carries
/// [`scale_bench`](macro@scale_bench).
#[macro_export]
macro_rules! main {
    () => {
        fn main() -> ::std::process::ExitCode {
            $crate::__private::main(
                ::core::option_env!("CARGO_PKG_NAME"),
                ::core::env!("CARGO_CRATE_NAME"),
            )
        }
    };
}

/// What the attribute's code refers to. Not a stable interface.
#[doc(hidden)]
pub mod __private {
    pub use scalebench_core::annotate::*;
    pub use scalebench_core::launch::{Launch, Thread};
    pub use scalebench_core::registry::{ENTRIES, Entry, EntryMode, EntryOptions, ValuesParameter};
    pub use scalebench_core::{Shareable, Shared, criterion, linkme, main, trial};
}

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
//!
//! [`scale_bench_group`](macro@scale_bench_group) on a module calls several functions at the same time, and reports each by
//! itself.
//!
//! # Features
//! All that are on by default can be left out (`default-features = false`), for a build that costs less. What is left
//! measures, prints the table and stores the run.
//!
//! | feature | default | what it adds |
//! | --- | --- | --- |
//! | `compare` | on | every run is compared with the runs before it; `--baseline`, `--save-baseline`, `--load-baseline`, `--against`, `--gate` |
//! | `criterion` | on | `criterion_bench!` and `criterion_sweep!` |
//! | `rayon` | on | `#[scale_bench(parallel)]` |
//! | `report` | on | every run leaves its page and adds to the summary of a GitHub job; without, `cargo scalebench report` draws the page |
//! | `counters` | | instructions and cycles a call from hardware counters, where Linux opens them |
//! | `tokio` | | `async fn` on tokio's multi-thread runtime |
#![forbid(unsafe_code)]

mod criterion;

/// # Example
/// A pool of the crate `futures`, with its feature `thread-pool`:
///
/// ```
/// use std::future::Future;
/// use std::io;
///
/// use futures::executor::ThreadPool;
/// use scalebench::{Executor, Workers, scale_bench};
///
/// struct Pool(ThreadPool);
///
/// impl Executor for Pool {
///     fn start(workers: Workers) -> io::Result<Self> {
///         let mut pool = ThreadPool::builder();
///         pool.pool_size(workers.count());
///         pool.after_start(move |_| workers.enter());
///         pool.create().map(Self)
///     }
///
///     fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
///         self.0.spawn_ok(task);
///     }
///
///     fn block_on<T>(&self, future: impl Future<Output = T>) -> T {
///         futures::executor::block_on(future)
///     }
/// }
///
/// #[scale_bench(runtime = Pool, tasks = [1, 2, 4], workers = 2)]
/// async fn ready() {}
/// ```
pub use scalebench_core::Executor;
pub use scalebench_core::Workers;
/// # Example
/// The map borrows its keys from the same function, which no parameter could say:
///
/// ```
/// use std::collections::HashMap;
///
/// use scalebench::{Bencher, Measured, scale_bench};
///
/// #[scale_bench(threads = [1, 2, 4])]
/// fn get(b: Bencher, #[values(16, 1024)] size: usize) -> Measured {
///     let keys: Vec<String> = (0..size).map(|key| key.to_string()).collect();
///     let map: HashMap<&str, usize> = keys.iter().map(|key| (key.as_str(), key.len())).collect();
///     b.own(|thread| thread.index()).iter(|next| {
///         *next = (*next + 1) % keys.len();
///         map.get(keys[*next].as_str()).copied()
///     })
/// }
/// ```
pub use scalebench_core::bencher::Bencher;
pub use scalebench_core::bencher::{
    FreshBencher, FreshOwnBencher, Measured, OwnBencher, Ran, Window,
};
pub use scalebench_core::launch::Thread;
pub use scalebench_macros::{scale_bench, scale_bench_group};
pub use std::hint::black_box;

/// Defines `main` for a bench target (`harness = false` in its `[[bench]]` entry).
///
/// It runs every function of the target, and of the crates linked into it, that carries
/// [`scale_bench`](macro@scale_bench). Without `harness = false` the target's `main` would be that of the test harness, which
/// knows none of them: that is a compile error.
#[macro_export]
macro_rules! main {
    () => {
        fn main() {
            $crate::__private::main(
                ::core::option_env!("CARGO_PKG_NAME"),
                ::core::env!("CARGO_CRATE_NAME"),
            )
        }

        // Not compiled without the test harness. No test that fails: `cargo bench` would pass it over.
        #[::core::prelude::v1::test]
        fn __scalebench_needs_harness_false() {
            ::core::compile_error!(
                "the test harness takes the place of `scalebench::main!()`, so no benchmark would run: add the line \
                 `harness = false` to this target's `[[bench]]` in Cargo.toml (a `[[bin]]` takes `test = false` and `bench = false`)"
            );
        }
    };
}

/// What the attribute's code refers to. Not a stable interface.
#[doc(hidden)]
pub mod __private {
    #[cfg(feature = "tokio")]
    pub use scalebench_core::Tokio;
    pub use scalebench_core::annotate::*;
    pub use scalebench_core::bencher::{Bencher, finish};
    #[cfg(feature = "criterion")]
    pub use scalebench_core::criterion;
    pub use scalebench_core::given::{
        FromText, Read, ReadFromStr, ReadNothing, ReadText, Typed, given,
    };
    pub use scalebench_core::launch::{GroupFresh, GroupMember, Launch, Thread};
    pub use scalebench_core::registry::{
        ENTRIES, Entry, EntryGroup, EntryMember, EntryMode, EntryOptions, GroupKind,
        ValuesParameter,
    };
    pub use scalebench_core::{
        Batch, Renewable, Shareable, Shared, SharedAnew, Sweep, Task, TaskShareable, TaskShared,
        linkme, main, trial, trial_load,
    };
}

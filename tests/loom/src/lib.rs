//! The protocol of a window (`scalebench-core/src/measure/control.rs`, this very file) with loom's atomics in place of
//! the real ones: loom tries every order of events that the memory model allows.
//!
//! ```text
//! cargo test --manifest-path tests/loom/Cargo.toml
//! ```
//!
//! Time is a counter that moves on with every chunk of any caller, so that reading it gives each order of events its
//! times.
#![allow(dead_code)]

/// The atomics, as loom sees them.
mod sync {
    pub(crate) use loom::hint::spin_loop;
    pub(crate) use loom::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
    pub(crate) use loom::thread::yield_now;

    /// Padding makes no difference here.
    #[derive(Debug)]
    pub(crate) struct CachePadded<T>(T);

    impl<T> CachePadded<T> {
        pub(crate) fn new(value: T) -> Self {
            Self(value)
        }
    }

    impl<T> std::ops::Deref for CachePadded<T> {
        type Target = T;

        fn deref(&self) -> &T {
            &self.0
        }
    }
}

/// Of a caller's log only what the protocol writes.
mod log {
    #[derive(Debug, Default)]
    pub(crate) struct Log {
        pub(crate) open: u64,
        pub(crate) close: u64,
        pub(crate) regime_end: u64,
    }
}

#[path = "../../../scalebench-core/src/measure/control.rs"]
mod control;

#[cfg(test)]
mod tests;

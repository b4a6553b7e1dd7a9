//! What the attribute's code talks to: it makes the state and hands three closures over.

use std::fmt::Display;
use std::future::Future;

pub use crate::measure::group::{GroupFresh, GroupMember};

#[cfg(feature = "rayon")]
use crate::annotate::never_fails;
use crate::measure::chunk::Inputs;
#[cfg(feature = "rayon")]
use crate::measure::parallel;
use crate::measure::subject::{Lasting, Renewed};
use crate::measure::tasks::{self, Executor, Sweep, Task};
use crate::measure::{concurrent, group};
use crate::worker::Orders;

/// Which of the calling threads an expression is evaluated for.
///
/// In `#[with(…)]` expressions it is called `thread`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Thread {
    pub(crate) index: usize,
    pub(crate) count: usize,
}

impl Thread {
    /// Number of this thread, from 0.
    #[must_use]
    #[inline]
    pub fn index(self) -> usize {
        self.index
    }

    /// How many threads there are: for the state of a thread (`#[with]` on `&mut T`), which is made once a launch, the
    /// most that the launch will use; for what is made for a window (`#[fresh]`) or a call (`T`), the thread count of
    /// the window.
    #[must_use]
    #[inline]
    pub fn count(self) -> usize {
        self.count
    }
}

/// One launch of one benchmark: serves the coordinator's orders until it has had enough.
#[derive(Debug)]
pub struct Launch<'a> {
    pub(crate) orders: &'a mut Orders,
}

impl Launch<'_> {
    /// What all processes of the launch share: `make` runs in one of them, which keeps what it made until the launch is
    /// over, and all others get its text. `None` in that one: it calls nothing.
    pub fn keep<T: Display + 'static>(&mut self, make: impl FnOnce() -> T) -> Option<String> {
        self.orders.keep(make)
    }

    /// Concurrent mode. `own` makes a thread's state (once a launch, on that thread), `input` the inputs of one call,
    /// untimed, and `call` is the call; what it returns is dropped outside the timing. `error` tells whether that is an
    /// error, which counts in load mode.
    pub fn concurrent<L, I: Inputs, O>(
        self,
        own: impl Fn(Thread) -> L + Sync,
        input: impl Fn(Thread, &mut L) -> I + Sync,
        call: impl Fn(&mut L, I) -> O + Sync,
        error: impl Fn(&O) -> Option<String> + Sync,
    ) {
        concurrent::serve(self.orders, Lasting::new(own, input, call, error));
    }

    /// Parallel mode: as [`Launch::concurrent`], with one caller inside a rayon pool.
    #[cfg(feature = "rayon")]
    pub fn parallel<L: Send, I: Inputs + Send, O: Send>(
        self,
        own: impl Fn(Thread) -> L + Sync,
        input: impl Fn(Thread, &mut L) -> I + Sync,
        call: impl Fn(&mut L, I) -> O + Sync,
    ) {
        parallel::serve(self.orders, Lasting::new(own, input, call, never_fails));
    }

    /// As [`Launch::concurrent`], with state that is made anew for every window and dropped after it, both untimed:
    /// `common` makes what the threads share, and then `fresh` what each has of its own, on that thread.
    pub fn concurrent_fresh<L, D: Send + Sync, F, I: Inputs, O>(
        self,
        own: impl Fn(Thread) -> L + Sync,
        common: impl Fn() -> D + Sync,
        fresh: impl Fn(Thread, &D, &mut L) -> F + Sync,
        input: impl Fn(Thread, &D, &mut L, &mut F) -> I + Sync,
        call: impl Fn(&D, &mut L, &mut F, I) -> O + Sync,
        error: impl Fn(&O) -> Option<String> + Sync,
    ) {
        let subject = Renewed::new(own, common, fresh, input, call, error);
        concurrent::serve(self.orders, subject);
    }

    /// Only with the feature `rayon`, as [`Launch::parallel`].
    #[cfg(not(feature = "rayon"))]
    pub fn parallel_fresh<L: WithFeatureRayon, D, F, I, O>(
        self,
        _own: impl Fn(Thread) -> L + Sync,
        _common: impl Fn() -> D + Sync,
        _fresh: impl Fn(Thread, &D, &mut L) -> F + Sync,
        _input: impl Fn(Thread, &D, &mut L, &mut F) -> I + Sync,
        _call: impl Fn(&D, &mut L, &mut F, I) -> O + Sync,
    ) {
    }

    /// Parallel mode: as [`Launch::concurrent_fresh`], with one caller inside a rayon pool, where all is made, too.
    #[cfg(feature = "rayon")]
    pub fn parallel_fresh<L: Send, D: Send + Sync, F: Send, I: Inputs + Send, O: Send>(
        self,
        own: impl Fn(Thread) -> L + Sync,
        common: impl Fn() -> D + Sync,
        fresh: impl Fn(Thread, &D, &mut L) -> F + Sync,
        input: impl Fn(Thread, &D, &mut L, &mut F) -> I + Sync,
        call: impl Fn(&D, &mut L, &mut F, I) -> O + Sync,
    ) {
        let subject = Renewed::new(own, common, fresh, input, call, never_fails);
        parallel::serve(self.orders, subject);
    }

    /// Only with the feature `rayon`: nothing meets the bound, and its message says so.
    #[cfg(not(feature = "rayon"))]
    pub fn parallel<L: WithFeatureRayon, I, O>(
        self,
        _own: impl Fn(Thread) -> L + Sync,
        _input: impl Fn(Thread, &mut L) -> I + Sync,
        _call: impl Fn(&mut L, I) -> O + Sync,
    ) {
    }

    /// Async benchmarks: tasks on the executor `E` are the callers. `setup` makes the state that they share, once on
    /// each executor of the launch, and gives what makes the future of each task.
    pub fn tasks<E, S, SF, M, F>(self, sweep: Sweep, setup: S)
    where
        E: Executor,
        S: Fn() -> SF,
        SF: Future<Output = M>,
        M: Fn(Task) -> F,
        F: Future<Output = ()> + Send + 'static,
    {
        tasks::serve::<E, S, SF, M, F>(self.orders, sweep, &setup);
    }

    /// A group with roles: each thread calls one of `members`, as many threads as its part of `shares`.
    pub fn roles(self, shares: &[u32], members: &[GroupMember<'_>]) {
        group::serve_roles(self.orders, shares, members);
    }

    /// A mix: each thread draws one of `members` for every call, as often as its part of `shares`.
    pub fn mix(self, shares: &[u32], members: &[GroupMember<'_>]) {
        group::serve_mix(self.orders, shares, members);
    }
}

/// Implemented for nothing: it exists for its message.
#[cfg(not(feature = "rayon"))]
#[diagnostic::on_unimplemented(
    message = "`#[scale_bench(parallel)]` needs the feature `rayon` of scalebench",
    label = "this benchmark asks for a rayon pool",
    note = "add it to the `features` of the dependency in Cargo.toml: `features = [\"rayon\"]`"
)]
pub trait WithFeatureRayon {}

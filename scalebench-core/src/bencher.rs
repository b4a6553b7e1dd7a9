//! `fn f(b: Bencher) -> Measured`: the form for benchmarks that parameters cannot say.

use std::fmt::{Debug, Formatter};
use std::time::Duration;

use crate::annotate::{SetupError, never_fails};
use crate::launch::{Launch, Thread};
use crate::measure::chunk::Inputs;
use crate::measure::{own_windows, timed};

pub use crate::measure::own_windows::{Ran, Window};

/// Measures what a function of your own sets up.
///
/// A function with a `Bencher` parameter runs once a launch, untimed. What it makes before it measures is shared by all
/// threads, and dropped when it returns. It may also take `#[values]` parameters.
///
/// Every way of measuring gives a [`Measured`], which the function returns: so none can forget to measure.
///
/// ```ignore
/// use scalebench::{Bencher, Measured, scale_bench};
///
/// #[scale_bench(threads = [1, 2, 4])]
/// fn get(b: Bencher, #[values(16, 1024)] size: u64) -> Measured {
///     let keys: Vec<u64> = (0..size).collect();
///     let map: HashMap<&u64, u64> = keys.iter().map(|key| (key, *key)).collect();
///     b.own(|thread| thread.index() as u64)
///         .iter(|next| {
///             *next = (*next + 1) % size;
///             map.get(next)
///         })
/// }
/// ```
pub struct Bencher<'a> {
    launch: Launch<'a>,
}

/// The proof that a function with a [`Bencher`] has measured.
#[must_use = "return it: a function that takes a `Bencher` returns what measuring gave"]
#[derive(Debug)]
pub struct Measured(());

/// A [`Bencher`] whose threads have state of their own: see [`Bencher::own`].
pub struct OwnBencher<'a, N> {
    launch: Launch<'a>,
    own: N,
}

/// A [`Bencher`] with state that is made anew for every window: see [`Bencher::fresh`].
pub struct FreshBencher<'a, S> {
    launch: Launch<'a>,
    common: S,
}

/// A [`FreshBencher`] whose threads have state of their own: see [`FreshBencher::own`].
pub struct FreshOwnBencher<'a, S, N> {
    launch: Launch<'a>,
    common: S,
    own: N,
}

/// The one input of a call.
struct Input<I>(I);

impl<I> Inputs for Input<I> {
    const ANY: bool = true;
}

impl<'a> Bencher<'a> {
    /// For the attribute's code.
    #[doc(hidden)]
    #[must_use]
    pub fn new(launch: Launch<'a>) -> Self {
        Self { launch }
    }

    /// The largest thread count of this launch.
    #[must_use]
    pub fn max_threads(&self) -> usize {
        self.launch.orders.prepared().max_threads as usize
    }

    /// N threads call `call` over and over. What it returns is dropped untimed.
    ///
    /// ```ignore
    /// b.iter(|| counter.fetch_add(1, Ordering::Relaxed))
    /// ```
    pub fn iter<O>(self, call: impl Fn() -> O + Sync) -> Measured {
        self.launch
            .concurrent(|_| (), |_, ()| (), move |(), ()| call(), never_fails);
        Measured(())
    }

    /// As [`Bencher::iter`], with an input for every call that `input` makes ahead of it, untimed.
    ///
    /// ```ignore
    /// b.iter_batched(|| vec![3, 1, 2], |mut numbers| numbers.sort())
    /// ```
    pub fn iter_batched<I, O>(
        self,
        input: impl Fn() -> I + Sync,
        call: impl Fn(I) -> O + Sync,
    ) -> Measured {
        self.own(|_| ())
            .iter_batched(move |()| input(), move |(), input| call(input))
    }

    /// For calls that you time yourself, by whatever clock: `time` makes so many calls, one after the other, and returns
    /// how long they took. What it does besides them is not measured.
    ///
    /// N threads do so at the same time, as with [`Bencher::iter`]. That the calls of one thread met those of the others
    /// is only known where the calls took most of the time: the report says otherwise (overlap).
    ///
    /// # Panics
    /// When very many calls took no time at all.
    ///
    /// ```ignore
    /// b.iter_custom(|calls| {
    ///     let queue = Queue::filled(calls);
    ///     let start = Instant::now();
    ///     for _ in 0..calls {
    ///         black_box(queue.pop());
    ///     }
    ///     start.elapsed()
    /// })
    /// ```
    pub fn iter_custom(self, time: impl Fn(u64) -> Duration + Sync) -> Measured {
        self.own(|_| ()).iter_custom(move |(), calls| time(calls))
    }

    /// Each thread has state of its own, which `make` makes once a launch on that thread.
    ///
    /// ```ignore
    /// b.own(|thread| Rng::seed(thread.index())).iter(|rng| map.get(&rng.next()))
    /// ```
    pub fn own<L, N: Fn(Thread) -> L + Sync>(self, make: N) -> OwnBencher<'a, N> {
        OwnBencher {
            launch: self.launch,
            own: make,
        }
    }

    /// The threads share state that `make` makes anew for every window, and that is dropped after it, both untimed: for
    /// what calls change for good, as a map that grows.
    ///
    /// ```ignore
    /// b.fresh(Map::new).own(|thread| Keys::of(thread.index())).iter(|map, keys| map.insert(keys.next()))
    /// ```
    pub fn fresh<D: Send + Sync, S: Fn() -> D + Sync>(self, make: S) -> FreshBencher<'a, S> {
        FreshBencher {
            launch: self.launch,
            common: make,
        }
    }

    /// For calls from threads, processes or machines of your own: `run` fills one window. It lets
    /// [`Window::threads`] of them call for about [`Window::length`], and returns how many calls ended in what time.
    ///
    /// Count only while all of them call, and begin counting when they are warm: that is yours to see to here. Where the
    /// time of a call goes, and whether other processes disturbed it, is not known of them, so the report leaves both out.
    ///
    /// # Panics
    /// When a window had no calls, or took no time.
    ///
    /// ```ignore
    /// b.windows(|window| {
    ///     let start = Instant::now();
    ///     let calls = server.drive(window.threads(), window.length());
    ///     Ran { calls, time: start.elapsed() }
    /// })
    /// ```
    pub fn windows(self, mut run: impl FnMut(Window) -> Ran) -> Measured {
        own_windows::serve(self.launch.orders, &mut run);
        Measured(())
    }
}

impl<N> OwnBencher<'_, N> {
    /// N threads call `call` over and over, each with its own state. What it returns is dropped untimed.
    pub fn iter<L, O>(self, call: impl Fn(&mut L) -> O + Sync) -> Measured
    where
        N: Fn(Thread) -> L + Sync,
    {
        self.launch
            .concurrent(self.own, |_, _| (), move |own, ()| call(own), never_fails);
        Measured(())
    }

    /// As [`OwnBencher::iter`], with an input for every call that `input` makes ahead of it, untimed.
    pub fn iter_batched<L, I, O>(
        self,
        input: impl Fn(&mut L) -> I + Sync,
        call: impl Fn(&mut L, I) -> O + Sync,
    ) -> Measured
    where
        N: Fn(Thread) -> L + Sync,
    {
        self.launch.concurrent(
            self.own,
            move |_, own| Input(input(own)),
            move |own, Input(input)| call(own, input),
            never_fails,
        );
        Measured(())
    }

    /// As [`Bencher::iter_custom`], with the thread's own state.
    ///
    /// # Panics
    /// When very many calls took no time at all.
    pub fn iter_custom<L>(self, time: impl Fn(&mut L, u64) -> Duration + Sync) -> Measured
    where
        N: Fn(Thread) -> L + Sync,
    {
        timed::serve(self.launch.orders, &self.own, &time);
        Measured(())
    }
}

impl<'a, S> FreshBencher<'a, S> {
    /// N threads call `call` over and over. What it returns is dropped untimed.
    pub fn iter<D: Send + Sync, O>(self, call: impl Fn(&D) -> O + Sync) -> Measured
    where
        S: Fn() -> D + Sync,
    {
        self.own(|_| ()).iter(move |common, ()| call(common))
    }

    /// Each thread has state of its own, which `make` makes once a launch on that thread.
    pub fn own<L, N: Fn(Thread) -> L + Sync>(self, make: N) -> FreshOwnBencher<'a, S, N> {
        FreshOwnBencher {
            launch: self.launch,
            common: self.common,
            own: make,
        }
    }
}

impl<S, N> FreshOwnBencher<'_, S, N> {
    /// N threads call `call` over and over, with the state of the window and their own. What it returns is dropped
    /// untimed.
    pub fn iter<D: Send + Sync, L, O>(self, call: impl Fn(&D, &mut L) -> O + Sync) -> Measured
    where
        S: Fn() -> D + Sync,
        N: Fn(Thread) -> L + Sync,
    {
        self.launch.concurrent_fresh(
            self.own,
            self.common,
            |_, _, _| (),
            |_, _, _, ()| (),
            move |common, own, (), ()| call(common, own),
            never_fails,
        );
        Measured(())
    }
}

macro_rules! debug_without_closures {
    ($($name:ident<$($closure:ident),*>)+) => {
        $(impl<'a, $($closure),*> Debug for $name<'a, $($closure),*> {
            fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        })+
    };
}

debug_without_closures!(Bencher<> OwnBencher<N> FreshBencher<S> FreshOwnBencher<S, N>);

/// What a function with a [`Bencher`] may return.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not what measuring gives",
    label = "return `Measured`, or `Result<Measured, E>` with any error"
)]
pub trait Outcome {
    /// Whether it has measured; else why not.
    ///
    /// # Errors
    /// What kept the function from measuring.
    fn outcome(self) -> Result<(), SetupError>;
}

impl Outcome for Measured {
    fn outcome(self) -> Result<(), SetupError> {
        Ok(())
    }
}

impl<E: Into<SetupError>> Outcome for Result<Measured, E> {
    fn outcome(self) -> Result<(), SetupError> {
        self.map(|Measured(())| ()).map_err(Into::into)
    }
}

/// Ends the launch of a function with a [`Bencher`]: an error is its failure.
pub fn finish(outcome: impl Outcome) {
    if let Err(error) = outcome.outcome() {
        crate::annotate::not_measured(&error.0);
    }
}

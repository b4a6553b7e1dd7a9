//! Benchmarks of known mean and heavy tail: most calls are cheap, and one in so many pauses.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::spin;

/// What the rare call does.
#[derive(Debug, Clone, Copy)]
pub enum Pause {
    /// Sleeps, by tokio's timer in an async call.
    Sleep(Duration),
    /// Computes for so many steps of [`spin`].
    Burn(u32),
}

impl Pause {
    /// Kept out of the loop around the calls, of which it is the rare part.
    #[inline(never)]
    fn take(self, factor: u32) {
        match self {
            Self::Sleep(time) => std::thread::sleep(time * factor),
            Self::Burn(steps) => burn(steps * factor),
        }
    }

    async fn wait(self, factor: u32) {
        match self {
            Self::Sleep(time) => tokio::time::sleep(time * factor).await,
            Self::Burn(steps) => burn(steps * factor),
        }
    }
}

fn burn(steps: u32) {
    let mut state = 1;
    std::hint::black_box(spin(&mut state, steps));
}

/// Who calls, and who counts the calls up to the next pause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// N threads, each with a count of its own: scales by itself.
    Own,
    /// N threads with one count.
    Shared,
    /// One call at a time in a pool of N threads, none of which helps.
    Parallel,
    /// N tasks on 2 worker threads, each with a count of its own.
    AsyncOwn,
    /// N tasks on N worker threads with one count.
    AsyncShared,
    /// A role with a count of its own, beside one that is even.
    Group,
}

impl Kind {
    /// The callers at thread count `threads`.
    pub fn callers(self, threads: u32) -> u32 {
        if self == Self::Parallel { 1 } else { threads }
    }

    pub fn is_async(self) -> bool {
        matches!(self, Self::AsyncOwn | Self::AsyncShared)
    }

    pub fn is_shared(self) -> bool {
        matches!(self, Self::Shared | Self::AsyncShared)
    }

    /// The efficiency at `threads`, where nothing but the kind decides it.
    pub fn efficiency(self, threads: u32) -> Option<f64> {
        match self {
            Self::Own | Self::AsyncOwn | Self::Group => Some(1.0),
            Self::Parallel => Some(1.0 / f64::from(threads)),
            Self::Shared | Self::AsyncShared => None,
        }
    }
}

/// One benchmark.
#[derive(Debug, Clone, Copy)]
pub struct Case {
    pub name: &'static str,
    pub kind: Kind,
    /// Steps of the cheap part, each about a nanosecond.
    pub steps: u32,
    /// One call in so many pauses.
    pub period: u64,
    pub pause: Pause,
}

/// How much longer pauses are than the case says: the environment's `SCALE_PAUSE`, or 1.
fn pause_factor() -> u32 {
    let text = std::env::var("SCALE_PAUSE").ok();
    text.and_then(|text| text.parse().ok()).unwrap_or(1)
}

/// What a caller has for itself.
#[derive(Debug)]
pub struct Caller {
    state: u64,
    /// Calls up to the next pause, where they are not counted for all.
    left: u64,
    factor: u32,
}

impl Caller {
    pub fn of(case: &Case) -> Self {
        Self::with_factor(case, pause_factor())
    }

    pub fn with_factor(case: &Case, factor: u32) -> Self {
        Self {
            state: 1,
            left: case.period,
            factor,
        }
    }
}

impl Case {
    /// A call that counts for itself.
    #[inline]
    pub fn call(&self, caller: &mut Caller) {
        if self.is_due(caller) {
            self.pause.take(caller.factor);
        }
    }

    /// A call that counts for all.
    #[inline]
    pub fn call_shared(&self, calls: &AtomicU64, caller: &mut Caller) {
        if self.is_due_for_all(calls, caller) {
            self.pause.take(caller.factor);
        }
    }

    #[inline]
    pub async fn call_async(&self, caller: &mut Caller) {
        if self.is_due(caller) {
            self.pause.wait(caller.factor).await;
        }
    }

    #[inline]
    pub async fn call_async_shared(&self, calls: &AtomicU64, caller: &mut Caller) {
        if self.is_due_for_all(calls, caller) {
            self.pause.wait(caller.factor).await;
        }
    }

    /// The cheap part; says whether a pause follows.
    #[inline]
    fn is_due(&self, caller: &mut Caller) -> bool {
        spin(&mut caller.state, self.steps);
        caller.left -= 1;
        if caller.left > 0 {
            return false;
        }
        caller.left = self.period;
        true
    }

    #[inline]
    fn is_due_for_all(&self, calls: &AtomicU64, caller: &mut Caller) -> bool {
        spin(&mut caller.state, self.steps);
        (calls.fetch_add(1, Ordering::Relaxed) + 1).is_multiple_of(self.period)
    }
}

const fn case(name: &'static str, kind: Kind, steps: u32, period: u64, pause: Pause) -> Case {
    Case {
        name,
        kind,
        steps,
        period,
        pause,
    }
}

const fn sleep(ms: u64) -> Pause {
    Pause::Sleep(Duration::from_millis(ms))
}

/// A burn of about so many ms.
const fn burns(ms: u32) -> Pause {
    Pause::Burn(ms * 800_000)
}

pub const OWN_20MS_IN_1000: Case = case("own_20ms_in_1000", Kind::Own, 0, 1_000, sleep(20));
pub const OWN_30MS_IN_10: Case = case("own_30ms_in_10", Kind::Own, 0, 10, sleep(30));
pub const OWN_15MS_IN_1000: Case = case("own_15ms_in_1000", Kind::Own, 800, 1_000, sleep(15));
pub const OWN_60MS_IN_100000: Case = case("own_60ms_in_100000", Kind::Own, 600, 100_000, sleep(60));
pub const OWN_10MS_IN_100000: Case = case("own_10ms_in_100000", Kind::Own, 80, 100_000, sleep(10));
pub const OWN_1S_IN_10000: Case = case("own_1s_in_10000", Kind::Own, 8_000, 10_000, sleep(1_000));
pub const SHARED_5MS_IN_100: Case = case("shared_5ms_in_100", Kind::Shared, 8_000, 100, sleep(5));
pub const PARALLEL_30MS_IN_50: Case =
    case("parallel_30ms_in_50", Kind::Parallel, 320, 50, sleep(30));
pub const PARALLEL_BURNS_2MS_IN_10: Case = case(
    "parallel_burns_2ms_in_10",
    Kind::Parallel,
    8_000,
    10,
    burns(2),
);
pub const ASYNC_5MS_IN_100: Case = case("async_5ms_in_100", Kind::AsyncOwn, 800, 100, sleep(5));
pub const ASYNC_BURNS_2MS_IN_1000: Case = case(
    "async_burns_2ms_in_1000",
    Kind::AsyncShared,
    800,
    1_000,
    burns(2),
);
pub const GROUP_BURNS_1MS_IN_1000: Case =
    case("group_burns_1ms_in_1000", Kind::Group, 800, 1_000, burns(1));

/// All of them.
pub const CASES: [Case; 12] = [
    OWN_20MS_IN_1000,
    OWN_30MS_IN_10,
    OWN_15MS_IN_1000,
    OWN_60MS_IN_100000,
    OWN_10MS_IN_100000,
    OWN_1S_IN_10000,
    SHARED_5MS_IN_100,
    PARALLEL_30MS_IN_50,
    PARALLEL_BURNS_2MS_IN_10,
    ASYNC_5MS_IN_100,
    ASYNC_BURNS_2MS_IN_1000,
    GROUP_BURNS_1MS_IN_1000,
];

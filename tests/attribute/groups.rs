//! Groups: what is made for all, what for each thread of a role, and who calls what.

use std::collections::HashSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{ThreadId, current};

use scalebench::scale_bench_group;

use super::{Tally, Token, trial};

static SHARED: Tally = Tally::new();
static OWN: Tally = Tally::new();
static INPUTS: Tally = Tally::new();
static OUTPUTS: Tally = Tally::new();

/// What one thread saw: itself, its number and count in its role, and where the shared state is.
type Sight = (ThreadId, usize, usize, usize);

static LEFT: Mutex<Option<HashSet<Sight>>> = Mutex::new(None);
static RIGHT: Mutex<Option<HashSet<Sight>>> = Mutex::new(None);
static CALLS: AtomicUsize = AtomicUsize::new(0);

fn see(seen: &Mutex<Option<HashSet<Sight>>>, own: &Own, shared: &Token) {
    let place = std::ptr::from_ref(shared) as usize;
    let sight = (current().id(), own.index, own.count, place);
    seen.lock().unwrap().get_or_insert_default().insert(sight);
}

/// A thread's state.
struct Own {
    index: usize,
    count: usize,
    _token: Token,
}

impl Own {
    fn new(thread: scalebench::Thread) -> Self {
        Self {
            index: thread.index(),
            count: thread.count(),
            _token: OWN.make(),
        }
    }
}

#[scale_bench_group]
mod sides {
    use super::*;

    #[shared]
    fn token() -> Token {
        SHARED.make()
    }

    #[role(share = 3)]
    fn left(token: &Token, #[with(Own::new(thread))] own: &mut Own) {
        see(&LEFT, own, token);
    }

    #[role(share = 1)]
    fn right(
        #[with(Own::new(thread))] own: &mut Own,
        #[with(INPUTS.make())] input: Token,
        token: &Token,
    ) -> Token {
        CALLS.fetch_add(1, Ordering::Relaxed);
        see(&RIGHT, own, token);
        drop(input);
        OUTPUTS.make()
    }
}

#[test]
fn roles_share_one_state_and_each_thread_has_one_role_for_good() {
    trial("groups::sides::right", 4).unwrap();
    let seen = |side: &Mutex<Option<HashSet<Sight>>>| side.lock().unwrap().take().unwrap();
    let (left, right) = (seen(&LEFT), seen(&RIGHT));
    let numbers = |side: &HashSet<Sight>| {
        let mut numbers: Vec<(usize, usize)> =
            side.iter().map(|sight| (sight.1, sight.2)).collect();
        numbers.sort_unstable();
        numbers
    };
    assert_eq!(numbers(&left), [(0, 3), (1, 3), (2, 3)]);
    assert_eq!(numbers(&right), [(0, 1)]);
    let all = left.iter().chain(&right);
    let threads: HashSet<ThreadId> = all.clone().map(|sight| sight.0).collect();
    let places: HashSet<usize> = all.map(|sight| sight.3).collect();
    assert_eq!((threads.len(), places.len()), (4, 1));
    assert_eq!((SHARED.settled(), OWN.settled()), (1, 4));
    let calls = CALLS.load(Ordering::Relaxed);
    assert!(calls > 100, "{calls} calls");
    assert_eq!((INPUTS.settled(), OUTPUTS.settled()), (calls, calls));
}

static OFTEN: Tally = Tally::new();
static SELDOM: AtomicUsize = AtomicUsize::new(0);
static OFTEN_CALLS: AtomicUsize = AtomicUsize::new(0);

#[scale_bench_group(mix(seldom = 1, often = 9))]
mod drawn {
    use super::*;

    fn often(#[with(OFTEN.make())] _input: Token) {
        OFTEN_CALLS.fetch_add(1, Ordering::Relaxed);
    }

    fn seldom(#[with(thread.count())] threads: &mut usize) {
        assert_eq!(*threads, 2);
        SELDOM.fetch_add(1, Ordering::Relaxed);
    }
}

#[test]
fn a_mix_makes_inputs_for_the_calls_that_it_draws() {
    trial("groups::drawn::often", 2).unwrap();
    let calls = OFTEN_CALLS.load(Ordering::Relaxed);
    assert!(SELDOM.load(Ordering::Relaxed) > 10 && calls > 100);
    assert_eq!(OFTEN.settled(), calls);
}

static SIZES: Mutex<Vec<u64>> = Mutex::new(Vec::new());

#[scale_bench_group]
mod valued {
    use super::*;

    #[shared]
    fn base(#[values(3, 5)] size: u64) -> u64 {
        size * 10
    }

    #[shared]
    fn sum(base: &u64, size: u64) -> Result<u64, &'static str> {
        if size == 5 {
            return Err("five is too much");
        }
        Ok(base + size)
    }

    #[role]
    fn one(size: u64, sum: &u64) {
        SIZES.lock().unwrap().extend([size, *sum]);
    }

    #[role]
    fn other() {}
}

#[test]
fn a_group_varies_by_values_and_state_may_fail() {
    trial("groups::valued::other/size=3", 2).unwrap();
    let sizes: HashSet<u64> = SIZES.lock().unwrap().drain(..).collect();
    assert_eq!(sizes, HashSet::from([3, 33]));
    let failure = trial("groups::valued::one/size=5", 2).unwrap_err();
    assert_eq!(failure, "`sum` could not be made: five is too much");
}

static COMMON: Tally = Tally::new();
static ONE_FRESH: Tally = Tally::new();
static SEEN_BY: Mutex<Option<HashSet<(usize, &'static str)>>> = Mutex::new(None);

fn see_common(common: &(Token, u64), who: &'static str) {
    assert_eq!(common.1, 31);
    let place = std::ptr::from_ref(common) as usize;
    let mut seen = SEEN_BY.lock().unwrap();
    seen.get_or_insert_default().insert((place, who));
    // One window's at a time, whoever calls.
    assert_eq!(COMMON.alive(), 1);
}

#[scale_bench_group]
mod renewed {
    use super::*;

    #[shared]
    fn base() -> u64 {
        30
    }

    #[fresh]
    fn common(base: &u64) -> (Token, u64) {
        (COMMON.make(), base + 1)
    }

    #[role(share = 2)]
    fn one(common: &(Token, u64), #[fresh(ONE_FRESH.make())] _own: &mut Token) {
        see_common(common, "one");
    }

    #[role]
    fn other(common: &(Token, u64), #[with(common.1)] from_common: u64) {
        assert_eq!(from_common, 31);
        see_common(common, "other");
    }
}

#[test]
fn a_group_shares_what_is_made_anew_for_each_of_its_windows() {
    trial("groups::renewed::one", 3).unwrap();
    // Each role is sized alone and has a window alone; then there is one for both at 2 and at 3 threads.
    assert_eq!(COMMON.settled(), 2 + 2 + 1 + 1);
    assert_eq!(ONE_FRESH.settled(), 1 + 1 + 1 + 2);
    let seen = SEEN_BY.lock().unwrap().take().unwrap();
    assert!(seen.iter().any(|(_, who)| *who == "one"));
    assert!(seen.iter().any(|(_, who)| *who == "other"));
}

static DRAWN_FRESH: Tally = Tally::new();

#[scale_bench_group(mix(first = 1, second = 1))]
mod drawn_anew {
    use super::*;

    #[fresh]
    fn token() -> Token {
        DRAWN_FRESH.make()
    }

    fn first(token: &Token) {
        assert!(std::ptr::eq(token.0, &DRAWN_FRESH));
        assert_eq!(DRAWN_FRESH.alive(), 1);
    }

    fn second(#[fresh(0)] own: &mut u64) {
        *own += 1;
    }
}

#[test]
fn a_mix_begins_each_window_with_its_own() {
    trial("groups::drawn_anew::first", 2).unwrap();
    // Sizing, and a window at 1 and at 2 threads.
    assert_eq!(DRAWN_FRESH.settled(), 3);
}

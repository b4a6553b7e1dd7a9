//! `fn bench(b: Bencher) -> Measured`: every way of measuring, with real threads.

use std::collections::{BTreeSet, HashSet};
use std::num::ParseIntError;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{ThreadId, current};
use std::time::{Duration, Instant};

use scalebench::{Bencher, Measured, Ran, scale_bench};

use super::{Tallies, Tally, trial};

static MADE: Tallies = Tallies::new();

#[scale_bench]
fn everything(b: Bencher) -> Measured {
    assert_eq!(b.max_threads(), 3);
    let shared = MADE.shared.make();
    let borrowed = &shared;
    b.own(|_| MADE.own.make()).iter_batched(
        |_| MADE.inputs.make(),
        |_, input| {
            assert!(std::ptr::eq(borrowed.0, &MADE.shared));
            MADE.call();
            drop(input);
            MADE.outputs.make()
        },
    )
}

#[test]
fn each_is_made_as_often_as_its_owner_asks_and_dropped_once() {
    trial("bencher::everything", 3).unwrap();
    MADE.settled_for(3);
}

static SEEN: Mutex<BTreeSet<(usize, u64)>> = Mutex::new(BTreeSet::new());

#[scale_bench(types = [u8, u16])]
fn values<T>(b: Bencher<'_>, #[values(3, 4)] value: u64) -> Measured {
    b.iter(|| SEEN.lock().unwrap().insert((size_of::<T>(), value)))
}

#[test]
fn values_and_types_are_known() {
    for (ty, size) in [("u8", 1), ("u16", 2)] {
        for value in [3, 4] {
            trial(&format!("bencher::values/T={ty}/value={value}"), 1).unwrap();
            assert_eq!(
                std::mem::take(&mut *SEEN.lock().unwrap()),
                BTreeSet::from([(size, value)])
            );
        }
    }
}

static FRESH: Tally = Tally::new();
static PLACES: Mutex<Option<HashSet<(usize, ThreadId, ThreadId)>>> = Mutex::new(None);

#[scale_bench]
fn fresh(b: Bencher) -> Measured {
    b.fresh(|| FRESH.make())
        .own(|thread| (thread.index(), current().id()))
        .iter(|_, own| {
            let place = (own.0, own.1, current().id());
            PLACES.lock().unwrap().get_or_insert_default().insert(place)
        })
}

#[test]
fn fresh_state_is_made_for_every_window() {
    trial("bencher::fresh", 2).unwrap();
    // Sizing, and a window at each of two thread counts.
    assert_eq!(FRESH.settled(), 3);
    let places = PLACES.lock().unwrap().take().unwrap();
    assert_eq!(places.len(), 2);
    assert!(places.iter().all(|(_, maker, caller)| maker == caller));
}

static CUSTOM: AtomicUsize = AtomicUsize::new(0);

#[scale_bench]
fn custom(b: Bencher) -> Measured {
    b.iter_custom(|calls| {
        let start = Instant::now();
        for _ in 0..calls {
            CUSTOM.fetch_add(1, Ordering::Relaxed);
        }
        start.elapsed()
    })
}

#[scale_bench]
fn no_time(b: Bencher) -> Measured {
    b.iter_custom(|_| Duration::ZERO)
}

/// A clock of its own, by which every call takes a second.
#[scale_bench]
fn long_seconds(b: Bencher) -> Measured {
    b.own(|_| 0_u64).iter_custom(|all, calls| {
        *all += calls;
        Duration::from_secs(calls)
    })
}

#[test]
fn calls_may_time_themselves_by_any_clock() {
    trial("bencher::custom", 2).unwrap();
    assert!(CUSTOM.load(Ordering::Relaxed) > 1000);
    trial("bencher::long_seconds", 2).unwrap();
    let failure = trial("bencher::no_time", 1).unwrap_err();
    assert!(failure.contains("a time of zero"), "{failure}");
}

static WINDOWS: Mutex<BTreeSet<usize>> = Mutex::new(BTreeSet::new());

#[scale_bench]
fn windows(b: Bencher) -> Measured {
    b.windows(|window| {
        WINDOWS.lock().unwrap().insert(window.threads());
        Ran {
            calls: 10 * window.threads() as u64,
            time: window.length(),
        }
    })
}

#[scale_bench]
fn empty_windows(b: Bencher) -> Measured {
    b.windows(|_| Ran {
        calls: 0,
        time: Duration::from_millis(1),
    })
}

#[test]
fn windows_may_be_filled_by_code_of_ones_own() {
    trial("bencher::windows", 3).unwrap();
    assert_eq!(*WINDOWS.lock().unwrap(), BTreeSet::from([1, 2, 3]));
    let failure = trial("bencher::empty_windows", 1).unwrap_err();
    assert!(failure.contains("had 0 calls"), "{failure}");
}

#[scale_bench]
fn fallible(b: Bencher) -> Result<Measured, ParseIntError> {
    let number: u64 = "seven".parse()?;
    Ok(b.iter(|| number))
}

#[scale_bench]
fn panics(b: Bencher) -> Measured {
    let state = SHARED_BEFORE.make();
    b.own(|_| OWN_BEFORE.make())
        .iter(|_| assert!(std::ptr::eq(state.0, &MADE.shared), "not the same"))
}

static SHARED_BEFORE: Tally = Tally::new();
static OWN_BEFORE: Tally = Tally::new();

#[test]
fn errors_and_panics_are_the_failure() {
    let failure = trial("bencher::fallible", 1).unwrap_err();
    assert_eq!(failure, "invalid digit found in string");
    let failure = trial("bencher::panics", 2).unwrap_err();
    assert!(failure.contains("not the same"), "{failure}");
    assert_eq!((SHARED_BEFORE.settled(), OWN_BEFORE.settled()), (1, 2));
}

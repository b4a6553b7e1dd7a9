//! `#[fresh]`: made anew for every window, and dropped after it.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{ThreadId, current};

use scalebench::scale_bench;

use super::{Tally, Token, trial};

/// Sizing a call, and then one window at each of 1, 2 and 3 threads.
const WINDOWS: usize = 4;

/// For each thread count: sizing and the first window on one thread, then two, then three.
const THREADS_OF_WINDOWS: usize = 1 + 1 + 2 + 3;

static SHARED: Tally = Tally::new();
static OWN: Tally = Tally::new();
static INPUTS: Tally = Tally::new();
static CALLS: AtomicUsize = AtomicUsize::new(0);
/// The most of each that were alive at the same time.
static MOST: Mutex<(usize, usize)> = Mutex::new((0, 0));

#[scale_bench]
fn counted(
    #[fresh(SHARED.make())] _shared: &Token,
    #[fresh(OWN.make())] _own: &mut Token,
    #[with(INPUTS.make())] input: Token,
) -> Token {
    if CALLS.fetch_add(1, Ordering::Relaxed).is_multiple_of(64) {
        let mut most = MOST.lock().unwrap();
        most.0 = most.0.max(SHARED.alive());
        most.1 = most.1.max(OWN.alive());
    }
    input
}

#[test]
fn every_window_has_its_own_and_only_one_is_alive() {
    trial("fresh::counted", 3).unwrap();
    assert_eq!(SHARED.settled(), WINDOWS);
    assert_eq!(OWN.settled(), THREADS_OF_WINDOWS);
    assert_eq!(INPUTS.settled(), CALLS.load(Ordering::Relaxed));
    assert_eq!(*MOST.lock().unwrap(), (1, 3));
}

/// The sizes at which a window found its set, and the least number of windows with a call of this thread.
static FIRST_SIZES: Mutex<BTreeSet<usize>> = Mutex::new(BTreeSet::new());
static GROWN: AtomicUsize = AtomicUsize::new(0);

struct Growing(Mutex<Vec<u64>>);

impl Drop for Growing {
    fn drop(&mut self) {
        GROWN.fetch_max(self.0.get_mut().unwrap().len(), Ordering::Relaxed);
    }
}

#[scale_bench]
fn grows(
    #[with(5)] start: &u64,
    #[fresh(Growing(Mutex::new((0..*start).collect())))] set: &Growing,
    #[fresh(true)] first: &mut bool,
) {
    let (mut set, _) = (set.0.lock().unwrap(), start);
    if std::mem::take(first) {
        FIRST_SIZES.lock().unwrap().insert(set.len());
    }
    set.push(0);
}

#[test]
fn a_growing_structure_starts_every_window_from_the_same_size() {
    trial("fresh::grows", 1).unwrap();
    assert_eq!(*FIRST_SIZES.lock().unwrap(), BTreeSet::from([5]));
    assert!(GROWN.load(Ordering::Relaxed) > 100);
}

static MAKERS: Mutex<BTreeSet<(usize, usize)>> = Mutex::new(BTreeSet::new());
static WRONG: AtomicUsize = AtomicUsize::new(0);

#[scale_bench]
#[allow(clippy::too_many_arguments)]
fn chain(
    #[values(3, 4)] value: u64,
    #[with(10)] base: &u64,
    #[with((*base, current().id()))] lasting: &mut (u64, ThreadId),
    #[fresh(vec![value, *base])] list: &[u64],
    #[fresh(list.len() as u64)] length: &u64,
    #[fresh({ lasting.0 += 1; (thread.index(), thread.count(), current().id()) })] place: &mut (
        usize,
        usize,
        ThreadId,
    ),
    #[fresh(*length + place.0 as u64)] sum: &mut u64,
    #[with(*sum + list[0])] input: u64,
) {
    MAKERS.lock().unwrap().insert((place.0, place.1));
    let right = list == [value, *base] && *length == 2 && *sum == 2 + place.0 as u64;
    let right = right && input == *sum + value && lasting.0 > *base;
    let right = right && place.2 == current().id() && lasting.1 == current().id();
    WRONG.fetch_add(usize::from(!right), Ordering::Relaxed);
}

#[test]
fn expressions_see_what_was_made_before_them_and_the_threads_of_the_window() {
    trial("fresh::chain/value=3", 2).unwrap();
    trial("fresh::chain/value=4", 2).unwrap();
    assert_eq!(WRONG.load(Ordering::Relaxed), 0);
    assert_eq!(
        *MAKERS.lock().unwrap(),
        BTreeSet::from([(0, 1), (0, 2), (1, 2)])
    );
}

static PARALLEL_SHARED: Tally = Tally::new();
static PARALLEL_OWN: Tally = Tally::new();
static POOLS: Mutex<BTreeSet<(usize, usize)>> = Mutex::new(BTreeSet::new());

#[scale_bench(parallel)]
fn pool(
    #[fresh(PARALLEL_SHARED.make())] _shared: &Token,
    #[fresh((PARALLEL_OWN.make(), rayon::current_num_threads()))] own: &mut (Token, usize),
) {
    POOLS
        .lock()
        .unwrap()
        .insert((own.1, rayon::current_num_threads()));
}

#[test]
fn in_parallel_mode_it_is_made_inside_of_the_windows_pool() {
    trial("fresh::pool", 3).unwrap();
    assert_eq!(PARALLEL_SHARED.settled(), WINDOWS);
    assert_eq!(PARALLEL_OWN.settled(), WINDOWS);
    assert_eq!(
        *POOLS.lock().unwrap(),
        BTreeSet::from([(1, 1), (2, 2), (3, 3)])
    );
}

static PANIC_SHARED: Tally = Tally::new();
static PANIC_OWN: Tally = Tally::new();
static PANIC_CALLS: AtomicUsize = AtomicUsize::new(0);

#[scale_bench]
fn panics(
    #[fresh(PANIC_SHARED.make())] _shared: &Token,
    #[fresh(PANIC_OWN.make())] _own: &mut Token,
) {
    let calls = PANIC_CALLS.fetch_add(1, Ordering::Relaxed);
    assert!(calls < 1_000_000, "call 1000000 is too much");
}

#[scale_bench]
fn panics_when_made(
    #[fresh(PANIC_SHARED.make())] _shared: &Token,
    #[fresh({ assert!(thread.index() == 0, "only one thread fits"); PANIC_OWN.make() })]
    _own: &mut Token,
) {
}

#[scale_bench]
fn fails(#[fresh("seven".parse()?)] _number: &u64) {}

#[test]
fn after_a_failure_each_is_dropped_once() {
    // Until the panic comes in one of the windows.
    let failure = (0..1000).find_map(|_| trial("fresh::panics", 2).err());
    let failure = failure.expect("a million calls");
    assert!(failure.contains("call 1000000 is too much"), "{failure}");
    PANIC_SHARED.settled();
    PANIC_OWN.settled();
    let failure = trial("fresh::panics_when_made", 2).unwrap_err();
    assert!(failure.contains("only one thread fits"), "{failure}");
    PANIC_SHARED.settled();
    PANIC_OWN.settled();
    let failure = trial("fresh::fails", 1).unwrap_err();
    assert_eq!(
        failure,
        "`_number` could not be made: invalid digit found in string"
    );
}

#[scale_bench]
fn defaults(#[fresh] shared: &AtomicUsize, #[fresh] own: &mut Vec<u8>) {
    assert_eq!(own.len(), own.capacity());
    shared.fetch_add(own.len(), Ordering::Relaxed);
}

#[test]
fn without_an_expression_it_is_the_default() {
    trial("fresh::defaults", 2).unwrap();
}

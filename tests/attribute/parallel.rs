//! Parallel mode: one call at a time, inside a pool of N threads.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use scalebench::scale_bench;

use super::{Tally, Token, trial};

static SHARED: Tally = Tally::new();
static OWN: Tally = Tally::new();
static INPUTS: Tally = Tally::new();
static CALLS: AtomicUsize = AtomicUsize::new(0);
static INSIDE: AtomicUsize = AtomicUsize::new(0);
static MOST_INSIDE: AtomicUsize = AtomicUsize::new(0);
static POOLS: Mutex<BTreeSet<usize>> = Mutex::new(BTreeSet::new());

#[scale_bench(parallel)]
fn pool(
    #[with(SHARED.make())] _shared: &Token,
    #[with(OWN.make())] _own: &mut Token,
    #[with(INPUTS.make())] input: Token,
) -> Token {
    let inside = INSIDE.fetch_add(1, Ordering::Relaxed) + 1;
    MOST_INSIDE.fetch_max(inside, Ordering::Relaxed);
    POOLS.lock().unwrap().insert(rayon::current_num_threads());
    CALLS.fetch_add(1, Ordering::Relaxed);
    INSIDE.fetch_sub(1, Ordering::Relaxed);
    input
}

#[test]
fn one_call_at_a_time_runs_in_a_pool_of_each_size() {
    trial("parallel::pool", 3).unwrap();
    assert_eq!(MOST_INSIDE.load(Ordering::Relaxed), 1);
    assert_eq!(*POOLS.lock().unwrap(), BTreeSet::from([1, 2, 3]));
    assert_eq!(SHARED.settled(), 1);
    assert_eq!(OWN.settled(), 1);
    assert_eq!(INPUTS.settled(), CALLS.load(Ordering::Relaxed));
}

/// Sums of what the calls saw, by value.
static SUMS: Mutex<BTreeSet<(u64, u64)>> = Mutex::new(BTreeSet::new());

#[scale_bench(parallel)]
fn everything(
    #[with(1)] shared: &u64,
    #[with(vec![*shared])] own: &mut [u64],
    #[with(own.len() as u64)] input: u64,
    #[values(10, 20)] value: u64,
) -> u64 {
    let sum = shared + own[0] + input + value;
    SUMS.lock().unwrap().insert((value, sum));
    sum
}

#[test]
fn state_inputs_and_values_reach_the_pool() {
    trial("parallel::everything/value=10", 2).unwrap();
    trial("parallel::everything/value=20", 2).unwrap();
    assert_eq!(*SUMS.lock().unwrap(), BTreeSet::from([(10, 13), (20, 23)]));
}

//! `&T`, `&mut T`, `T` and what a call returns.

use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard};
use std::thread::{ThreadId, current};

use scalebench::scale_bench;

use super::{Tallies, Token, trial};

static MADE: Tallies = Tallies::new();

#[scale_bench]
fn everything(
    #[with(MADE.shared.make())] shared: &Token,
    #[with(MADE.own.make())] own: &mut Token,
    #[with(MADE.inputs.make())] input: Token,
) -> Token {
    MADE.call();
    assert!(std::ptr::eq(shared.0, &MADE.shared) && std::ptr::eq(own.0, &MADE.own));
    drop(input);
    MADE.outputs.make()
}

#[test]
fn each_is_made_as_often_as_its_owner_asks_and_dropped_once() {
    trial("owners::everything", 3).unwrap();
    MADE.settled_for(3);
}

/// What one thread saw: itself, the address of the shared state, and its own state.
type Sight = (ThreadId, usize, (usize, usize, ThreadId));

static SEEN: Mutex<Option<HashSet<Sight>>> = Mutex::new(None);

#[scale_bench]
fn look(
    #[with(7)] shared: &u64,
    #[with((thread.index(), thread.count(), current().id()))] own: &mut (usize, usize, ThreadId),
) {
    let place = std::ptr::from_ref(shared) as usize;
    let sight = (current().id(), place, *own);
    SEEN.lock().unwrap().get_or_insert_default().insert(sight);
}

#[test]
fn threads_share_one_and_have_their_own_made_by_themselves() {
    trial("owners::look", 3).unwrap();
    let seen = SEEN.lock().unwrap().take().unwrap();
    let places: HashSet<usize> = seen.iter().map(|(_, place, _)| *place).collect();
    assert_eq!(places.len(), 1, "one shared instance");
    let mut indices: Vec<usize> = seen.iter().map(|(_, _, (index, ..))| *index).collect();
    indices.sort_unstable();
    assert_eq!(indices, [0, 1, 2], "one state for each of three threads");
    for (caller, _, (_, count, maker)) in &seen {
        assert_eq!((caller, *count), (maker, 3));
    }
}

/// How often an input was not made from what came before it.
static WRONG: AtomicUsize = AtomicUsize::new(0);
static CHECKED: AtomicUsize = AtomicUsize::new(0);

#[scale_bench]
fn chain(
    #[with(10)] base: &u64,
    #[with(base + 1)] step: &u64,
    #[with((step + 1, 0))] own: &mut (u64, u64),
    #[with({ own.0 += 1; own.0 })] second: &mut u64,
    #[with({ own.1 += 1; own.1 })] count: u64,
    #[with(vec![count, count + own.0])] mut list: Vec<u64>,
    #[with(list.len() + thread.count())] length: usize,
) {
    CHECKED.fetch_add(1, Ordering::Relaxed);
    list.push(*base);
    let state = *step == base + 1 && own.0 == step + 2 && *second == own.0;
    let right = state && list == [count, count + own.0, *base] && count <= own.1;
    let right = right && (3..=4).contains(&length);
    WRONG.fetch_add(usize::from(!right), Ordering::Relaxed);
}

#[test]
fn expressions_see_the_parameters_before_them() {
    trial("owners::chain", 2).unwrap();
    assert!(CHECKED.load(Ordering::Relaxed) > 100);
    assert_eq!(WRONG.load(Ordering::Relaxed), 0);
}

#[scale_bench]
fn guard(#[with(Mutex::new(0))] lock: &Mutex<u64>) -> MutexGuard<'_, u64> {
    let mut guard = lock.lock().unwrap();
    *guard += 1;
    guard
}

#[test]
fn a_guard_is_released_before_the_next_call() {
    trial("owners::guard", 2).unwrap();
}

#[scale_bench]
fn borrowed(#[with(vec![1, 2])] own: &mut [u8]) -> impl Iterator<Item = &mut u8> {
    own.iter_mut()
}

#[test]
fn what_borrows_from_a_threads_state_can_be_returned() {
    trial("owners::borrowed", 2).unwrap();
}

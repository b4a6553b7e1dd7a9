//! A list that grows while it is measured, and the same held at one length.

mod support;

use std::sync::{Mutex, PoisonError};

use scalebench::scale_bench;
use support::Random;

/// Length of the list where it is held.
const LENGTH: usize = 10_000;

/// Inserts a number where it belongs: the longer the list, the more has to move.
fn insert(list: &mut Vec<u64>, number: u64) {
    let place = list.partition_point(|other| *other < number);
    list.insert(place, number);
}

fn list_of(length: usize) -> Mutex<Vec<u64>> {
    let step = u64::MAX / length as u64;
    Mutex::new((0..length as u64).map(|place| place * step).collect())
}

/// The list is made once a launch, and every call makes it longer.
#[scale_bench]
fn grows(
    #[with(list_of(LENGTH))] list: &Mutex<Vec<u64>>,
    #[with(Random::new(thread))] random: &mut Random,
) {
    let mut list = list.lock().unwrap_or_else(PoisonError::into_inner);
    insert(&mut list, random.next());
}

/// The list is made anew for every window, so that each begins at the same length.
#[scale_bench]
fn fresh(
    #[fresh(list_of(LENGTH))] list: &Mutex<Vec<u64>>,
    #[with(Random::new(thread))] random: &mut Random,
) {
    let mut list = list.lock().unwrap_or_else(PoisonError::into_inner);
    insert(&mut list, random.next());
}

/// Every insertion is paid for by a removal: the list stays as long as it was.
#[scale_bench]
fn steady(
    #[with(list_of(LENGTH))] list: &Mutex<Vec<u64>>,
    #[with(Random::new(thread))] random: &mut Random,
) {
    let mut list = list.lock().unwrap_or_else(PoisonError::into_inner);
    insert(&mut list, random.next());
    let place = random.next() as usize % list.len();
    list.remove(place);
}

scalebench::main!();

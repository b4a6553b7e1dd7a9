//! Sorting, compiled once.
//!
//! The sorts of the standard library are compiled anew for every type and every closure, thousands of lines each, and
//! that is time of every user's build. Here numbers are sorted in one place, and everything else through places.

use std::cmp::Ordering;

/// Sorts numbers, the least first, as [`f64::total_cmp`] has it.
///
/// ```
/// let mut numbers = [2.0, -1.0, f64::INFINITY, 0.5];
/// scalebench_model::sort::numbers(&mut numbers);
/// assert_eq!(numbers, [-1.0, 0.5, 2.0, f64::INFINITY]);
/// ```
pub fn numbers(values: &mut [f64]) {
    values.sort_unstable_by(f64::total_cmp);
}

/// Sorts times, the least first.
///
/// ```
/// let mut times = [20, 3, 100];
/// scalebench_model::sort::times(&mut times);
/// assert_eq!(times, [3, 20, 100]);
/// ```
pub fn times(values: &mut [u64]) {
    values.sort_unstable();
}

/// Sorts counts, the least first, and keeps each once.
///
/// ```
/// let mut threads = vec![4, 1, 2, 4];
/// scalebench_model::sort::distinct(&mut threads);
/// assert_eq!(threads, [1, 2, 4]);
/// ```
pub fn distinct(counts: &mut Vec<u32>) {
    by(counts, &u32::cmp);
    counts.dedup();
}

/// Compares ids: by their paths, and where parameters have numbers or spans by these. Different ids are never equal.
///
/// ```
/// let mut ids = ["f/size=1024", "f/size=16", "f/wait=1ms", "f/wait=2us", "f/wait=long", "f"];
/// scalebench_model::sort::by(&mut ids, &|a, b| scalebench_model::sort::ids(a, b));
/// assert_eq!(ids, ["f", "f/size=16", "f/size=1024", "f/wait=2us", "f/wait=1ms", "f/wait=long"]);
/// ```
#[must_use]
pub fn ids(a: &str, b: &str) -> Ordering {
    let has_values = |id: &str| id.contains('/') || id.contains('=');
    if !has_values(a) && !has_values(b) {
        return a.cmp(b);
    }
    let (mut parts_of_a, mut parts_of_b) = (a.split('/'), b.split('/'));
    loop {
        let order = match (parts_of_a.next(), parts_of_b.next()) {
            (None, None) => return Ordering::Equal,
            (Some(a), Some(b)) => parts(a, b),
            (a, b) => a.is_some().cmp(&b.is_some()),
        };
        if order != Ordering::Equal {
            return order;
        }
    }
}

/// Compares two parts of ids; numbers come before words.
fn parts(a: &str, b: &str) -> Ordering {
    if a == b {
        // As most parts of neighbours are.
        return Ordering::Equal;
    }
    let ((name_of_a, value_of_a), (name_of_b, value_of_b)) = (parameter(a), parameter(b));
    let by_value = || match (number(value_of_a), number(value_of_b)) {
        (Some(a), Some(b)) => a.total_cmp(&b),
        (a, b) => b.is_some().cmp(&a.is_some()),
    };
    name_of_a
        .cmp(name_of_b)
        .then_with(by_value)
        .then_with(|| a.cmp(b))
}

/// The name and the value of a parameter; what is none has no value.
fn parameter(part: &str) -> (&str, &str) {
    part.split_once('=').unwrap_or((part, ""))
}

/// A number, or a span in seconds.
fn number(value: &str) -> Option<f64> {
    const UNITS: [(&str, f64); 4] = [("ns", 1e-9), ("us", 1e-6), ("ms", 1e-3), ("s", 1.0)];
    let unit = UNITS.iter().find(|(unit, _)| value.ends_with(unit));
    let (unit, seconds) = unit.copied().unwrap_or(("", 1.0));
    let number = value.strip_suffix(unit)?;
    // `inf` and `nan` are words.
    let is_number = number.ends_with(|last: char| last.is_ascii_digit());
    let parsed = number.parse::<f64>().ok().filter(|_| is_number)?;
    Some(seconds * parsed)
}

/// Sorts anything by `compare`. What is equal stays in its order.
///
/// ```
/// let mut words = ["three", "one", "seven", "two"];
/// scalebench_model::sort::by(&mut words, &|a, b| a.len().cmp(&b.len()));
/// assert_eq!(words, ["one", "two", "three", "seven"]);
/// ```
pub fn by<T>(items: &mut [T], compare: &dyn Fn(&T, &T) -> Ordering) {
    let mut places = places(items.len(), &|a, b| compare(&items[a], &items[b]));
    for here in 0..items.len() {
        // Each swap brings one item to its place for good.
        while places[here] != here {
            let there = places[here];
            items.swap(here, there);
            places.swap(here, there);
        }
    }
}

/// The place that each of `count` items has in the order.
fn places(count: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by(|&a, &b| compare(a, b));
    let mut places = vec![0; count];
    for (place, &item) in order.iter().enumerate() {
        places[item] = place;
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_stable_sort_of_the_standard_library() {
        for length in [0, 1, 2, 3, 20, 21, 50, 1000] {
            // Few keys, so that many items are equal, each with where it was.
            let keyed = |at: usize| ((at * at + 3 * at) % 101 % 7, at);
            let items: Vec<(usize, usize)> = (0..length).map(keyed).collect();
            let (mut expected, mut sorted) = (items.clone(), items);
            expected.sort_by_key(|(key, _)| *key);
            by(&mut sorted, &|a, b| a.0.cmp(&b.0));
            assert_eq!(sorted, expected);
        }
    }

    #[test]
    fn what_is_no_number_has_its_place() {
        let mut values = [f64::NAN, 1.0, 0.0, -0.0, f64::NEG_INFINITY, -f64::NAN];
        numbers(&mut values);
        let bits = values.map(f64::to_bits);
        let expected = [-f64::NAN, f64::NEG_INFINITY, -0.0, 0.0, 1.0, f64::NAN];
        assert_eq!(bits, expected.map(f64::to_bits));
    }
}

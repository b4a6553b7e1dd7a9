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

//! `#[values]`, `types` and `consts`: one benchmark for each, with its own id.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::time::Duration;

use scalebench::__private::{ENTRIES, Work};
use scalebench::scale_bench;

use super::trial;

static SEEN: Mutex<BTreeSet<(usize, &str, usize)>> = Mutex::new(BTreeSet::new());

#[scale_bench]
fn matrix(
    #[values(1, 4..=5)] size: usize,
    #[values("even", "odd")] text: &'static str,
    #[with(vec![0; size])] state: &[u8],
) {
    SEEN.lock().unwrap().insert((size, text, state.len()));
}

#[test]
fn every_combination_is_a_benchmark() {
    for size in [1, 4, 5] {
        for text in ["even", "odd"] {
            trial(&format!("values::matrix/size={size}/text={text}"), 1).unwrap();
            let seen = std::mem::take(&mut *SEEN.lock().unwrap());
            assert_eq!(seen, BTreeSet::from([(size, text, size)]));
        }
    }
    assert!(trial("values::matrix/size=2/text=odd", 1).is_err());
}

static SIZES: Mutex<BTreeSet<(usize, usize)>> = Mutex::new(BTreeSet::new());

#[scale_bench(types = [u8, [u16; 2]], consts = [3, 7])]
fn generic<T: Default, const N: usize>(
    #[with(T::default())] one: &T,
    #[with([0; N])] many: [u8; N],
) {
    SIZES.lock().unwrap().insert((size_of_val(one), many.len()));
}

#[test]
fn every_type_and_constant_is_a_benchmark() {
    for (ty, size) in [("u8", 1), ("[u16; 2]", 4)] {
        for count in [3, 7] {
            trial(&format!("values::generic/T={ty}/N={count}"), 1).unwrap();
            let seen = std::mem::take(&mut *SIZES.lock().unwrap());
            assert_eq!(seen, BTreeSet::from([(size, count)]));
        }
    }
}

const LENGTHS: [usize; 3] = [1, 1024, 16];
const ONE_LENGTH: usize = 7;
const WAITS: &[Duration] = &[Duration::from_millis(1), Duration::from_micros(2)];
static CLOSED: [Closed; 2] = [Closed(1), Closed(2)];

/// Cannot be displayed.
#[derive(Clone)]
struct Closed(usize);

static LISTED: Mutex<Vec<(usize, Duration, usize)>> = Mutex::new(Vec::new());

#[scale_bench]
fn listed(
    #[values(LENGTHS, ONE_LENGTH)] size: usize,
    #[values(WAITS)] wait: Duration,
    #[values(CLOSED)] closed: Closed,
) {
    LISTED.lock().unwrap().push((size, wait, closed.0));
}

#[test]
fn a_constant_is_one_value_or_lists_them() {
    for (size, text) in [(1, "1"), (1024, "1024"), (16, "16"), (7, "7")] {
        for (wait, shown) in [(WAITS[0], "1ms"), (WAITS[1], "2us")] {
            for place in [0, 1] {
                let id = format!("values::listed/size={text}/wait={shown}/closed=CLOSED[{place}]");
                trial(&id, 1).unwrap();
                let seen = std::mem::take(&mut *LISTED.lock().unwrap());
                assert_eq!(seen[0], (size, wait, place + 1), "{id}");
            }
        }
    }
}

static BORROWED: Mutex<BTreeSet<(usize, u32)>> = Mutex::new(BTreeSet::new());

#[scale_bench]
fn by_reference(#[values(&[1, 2, 3], &[4])] keys: &[u32], #[with(keys[0])] first: u32) {
    BORROWED.lock().unwrap().insert((keys.len(), first));
}

#[test]
fn a_value_may_be_a_reference_and_expressions_may_use_it() {
    trial("values::by_reference/keys=&[1, 2, 3]", 1).unwrap();
    trial("values::by_reference/keys=&[4]", 1).unwrap();
    assert_eq!(*BORROWED.lock().unwrap(), BTreeSet::from([(3, 1), (1, 4)]));
}

#[scale_bench(throughput = bytes(rows * size_of::<u64>()))]
fn rows(#[values("a", "b")] _text: &str, #[values(0, 10..12)] rows: usize) {
    let _ = rows;
}

#[scale_bench(throughput = items(5_000_000_000), consts = [1])]
fn many<const N: usize>() {}

#[scale_bench(throughput = bytes(line.len() * width))]
fn by_input(
    #[values(2)] width: usize,
    #[with(String::from("abc"))] line: String,
    #[with(line.len())] _length: usize,
) -> usize {
    line.len() * width
}

#[test]
fn work_is_counted_for_each_choice() {
    let work = |name: &str| {
        let entry = ENTRIES
            .iter()
            .find(|entry| entry.module_path == module_path!() && entry.name == name);
        entry.and_then(|entry| entry.options.work).unwrap()
    };
    assert_eq!(work("rows")(&[1, 0]), None);
    assert_eq!(work("rows")(&[0, 2]), Some(Work::Bytes(88.0)));
    assert_eq!(work("many")(&[0]), Some(Work::Items(5e9)));
    assert_eq!(work("by_input")(&[0]), Some(Work::BytesByInput));
    trial("values::by_input/width=2", 2).unwrap();
}

#[scale_bench(throughput = items(share))]
fn no_number_of_items(#[with(f64::NAN)] share: f64) {
    let _ = share;
}

#[test]
fn work_that_is_no_number_fails_with_a_word() {
    let failure = trial("values::no_number_of_items", 1).unwrap_err();
    assert!(failure.contains("`throughput` counts NaN"), "{failure}");
}

/// A value that owns something, and writes down when it is copied.
struct Owning(Vec<u8>);

static LOG: Mutex<Vec<Event>> = Mutex::new(Vec::new());

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Event {
    Copied,
    Called,
}

impl Clone for Owning {
    fn clone(&self) -> Self {
        LOG.lock().unwrap().push(Event::Copied);
        Self(self.0.clone())
    }
}

#[scale_bench]
fn consume(#[values(Owning(vec![1]))] value: Owning) {
    LOG.lock().unwrap().push(Event::Called);
    drop(value.0);
}

#[test]
fn values_that_own_something_are_copied_ahead_of_the_calls() {
    trial("values::consume/value=Owning(vec![1])", 1).unwrap();
    let log = LOG.lock().unwrap();
    let count = |event: Event| log.iter().filter(|seen| **seen == event).count();
    assert_eq!(count(Event::Copied), count(Event::Called));
    let ahead = log
        .windows(2)
        .filter(|pair| *pair == [Event::Copied; 2])
        .count();
    assert!(
        ahead > log.len() / 4,
        "{ahead} copies ahead of another among {} events",
        log.len()
    );
}

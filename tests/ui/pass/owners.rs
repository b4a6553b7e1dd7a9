//! Every kind of parameter, with types and names that could get in the way.

use std::fmt::Debug;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard};

use scalebench::scale_bench;

/// State without a size of its own is held as what the expression makes.
#[scale_bench]
fn unsized_state<'a>(
    #[with(vec![1, 2])] bytes: &'a [u8],
    #[with("text")] text: &str,
    #[with(PathBuf::from(text))] path: &Path,
    #[with(7_u8)] any: &'a (dyn Debug + Sync),
    #[with(vec![0; bytes.len() + path.as_os_str().len()])] own: &mut [u8],
    keys: &mut Vec<&'a u8>,
    #[with(own.len() + keys.len())] length: usize,
) -> &'a u8 {
    let _ = (any, length, text, path, own);
    keys.push(&bytes[0]);
    &bytes[0]
}

/// The names that the attribute's code uses are free for the user's.
#[scale_bench]
fn launch(
    #[with(value())] value: &u8,
    #[with(*value)] own: &mut u8,
    #[with(own.wrapping_add(*value))] choice: u8,
    #[with(choice + 1)] state_0: u8,
    #[values(1, 2)] index: u8,
    #[with(state_0 + index + thread.index() as u8)] thread: u8,
    #[with(thread)] left: u8,
) -> u8 {
    *value + *own + choice + state_0 + index + thread + left
}

fn value() -> u8 {
    3
}

/// So are those of its locals for the function itself.
#[scale_bench(consts = [1])]
fn own<const LEFT: usize>(own: &mut [u8; LEFT], input_0: u8) -> u8 {
    own[0] + input_0
}

/// What borrows from the state stays within the call.
#[scale_bench]
fn first(own: &mut Vec<u8>) -> Option<&mut u8> {
    own.first_mut()
}

#[scale_bench]
#[allow(mismatched_lifetime_syntaxes)]
fn lock(lock: &Mutex<u8>) -> MutexGuard<u8> {
    lock.lock().unwrap()
}

#[scale_bench]
fn opaque(own: &mut Vec<u8>) -> impl Iterator<Item = &u8> {
    own.iter()
}

#[scale_bench(parallel)]
fn owned(
    #[with(String::from("a"))] mut text: String,
    #[with(format!("{text}b"))] more: String,
) -> String {
    text.push_str(&more);
    text
}

struct Old;

#[allow(clippy::ptr_arg)]
#[scale_bench]
fn with_lints(#[with(Old)] _old: &Old, _keys: &Vec<u8>) {}

/// An expression may fail; what it may use and what it makes is as without a `?`.
#[scale_bench]
fn fallible(
    #[with("1".parse()?)] number: &u64,
    #[with(vec![0; usize::try_from(*number)?])] bytes: &[u8],
    #[with(String::from_utf8(bytes.to_vec())?)] own: &mut String,
    #[with(own.chars().next().ok_or("empty")?)] letter: char,
) {
    let _ = (number, bytes, own, letter);
}

fn main() {
    assert_eq!(scalebench::__private::ENTRIES.len(), 9);
}

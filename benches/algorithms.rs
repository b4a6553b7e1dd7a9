//! Two parallel algorithms on a text of 5 MB: how much faster is one call on N threads?

mod support;

use std::collections::HashMap;

use rayon::prelude::*;
use scalebench::scale_bench;
use support::text::{text, words};

/// Sorts the words of the text, some 600,000.
#[scale_bench(parallel, max_time = "5 s")]
fn sort(#[with(words().to_vec())] mut words: Vec<&'static str>) -> Vec<&'static str> {
    words.par_sort_unstable();
    words
}

/// Counts how often each word occurs.
#[scale_bench(parallel, max_time = "5 s")]
fn count_words() -> HashMap<&'static str, u64> {
    text()
        .par_lines()
        .fold(HashMap::new, |mut counts, line| {
            for word in line.split_ascii_whitespace() {
                *counts.entry(word).or_insert(0) += 1;
            }
            counts
        })
        .reduce(HashMap::new, merge)
}

/// Adds the smaller table to the larger one.
fn merge(
    left: HashMap<&'static str, u64>,
    right: HashMap<&'static str, u64>,
) -> HashMap<&'static str, u64> {
    let (mut most, few) = if left.len() > right.len() {
        (left, right)
    } else {
        (right, left)
    };
    for (word, count) in few {
        *most.entry(word).or_insert(0) += count;
    }
    most
}

scalebench::main!();

//! The inputs of the calls of one chunk, made ahead, and the outputs, kept for later.

use std::hint::black_box;
use std::mem::needs_drop;

use crate::measure::chunk::{Inputs, most_calls, work_of};

/// What a task keeps between its calls so that making and dropping it is not timed.
#[derive(Debug)]
pub struct Batch<I, O> {
    /// The next one is at the end once the calls begin.
    made: Vec<I>,
    kept: Vec<O>,
    work: Option<f64>,
    /// Whether errors are looked for.
    judging: bool,
    /// The first error of the present chunk.
    error: Option<String>,
}

impl<I, O> Default for Batch<I, O> {
    fn default() -> Self {
        Self {
            made: Vec::new(),
            kept: Vec::new(),
            work: None,
            judging: false,
            error: None,
        }
    }
}

impl<I: Inputs, O> Batch<I, O> {
    /// An empty one.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The inputs of one more call.
    pub fn make(&mut self, inputs: I) {
        self.made.push(inputs);
    }

    /// The inputs of `calls` calls, unless they are as well made with the call.
    pub fn fill(&mut self, calls: u64, mut inputs: impl FnMut() -> I) {
        if I::ANY {
            self.made.extend((0..calls).map(|_| inputs()));
        }
    }

    /// The inputs of the next call.
    #[inline]
    pub fn take(&mut self) -> Option<I> {
        self.made.pop()
    }

    /// Takes the error of a call down, where errors count: in load mode.
    #[inline]
    pub fn judge(&mut self, error: impl FnOnce() -> Option<String>) {
        if self.judging && self.error.is_none() {
            self.error = error();
        }
    }

    /// What a call returned.
    #[inline]
    pub fn keep(&mut self, output: O) {
        if needs_drop::<O>() {
            self.kept.push(output);
        } else {
            black_box(output);
        }
    }

    /// The most calls in one chunk.
    pub(super) const fn most_calls(&self) -> u64 {
        most_calls::<I, O>()
    }

    /// Gets ready for the calls, untimed. Returns whether anything was made, or dropped, since the calls before.
    pub(super) fn begin(&mut self) -> bool {
        self.work = work_of(&self.made);
        self.made.reverse();
        if needs_drop::<O>() {
            self.kept.reserve(self.made.len());
        }
        I::ANY || needs_drop::<O>()
    }

    /// The items or bytes of the calls of this chunk, where their inputs tell.
    pub(super) fn work(&self) -> Option<f64> {
        self.work
    }

    /// Says whether errors are looked for in the calls to come.
    pub(super) fn judge_errors(&mut self, judging: bool) {
        self.judging = judging;
    }

    /// Drops what the calls returned, untimed, and returns the first error.
    pub(super) fn end(&mut self) -> Option<String> {
        black_box(&self.kept);
        self.kept.clear();
        self.error.take()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inputs_come_in_the_order_of_making() {
        let mut batch = Batch::<(u8,), u8>::new();
        batch.make((1,));
        batch.make((2,));
        assert!(batch.begin());
        assert_eq!(batch.take(), Some((1,)));
        assert_eq!(batch.take(), Some((2,)));
        assert_eq!(batch.take(), None);
    }

    #[test]
    fn nothing_to_make_or_drop_costs_nothing() {
        let mut batch = Batch::<(), u8>::new();
        batch.fill(3, || ());
        batch.keep(1);
        assert!(!batch.begin());
        assert_eq!(batch.kept.capacity(), 0);
    }
}

//! The loop around the user's function: the only generic, monomorphised part of measuring.

use std::hint::black_box;
use std::mem::{needs_drop, size_of};

use super::log::Span;
use super::window::Chunks;
use crate::launch::Thread;
use crate::sys::Clock;

/// The inputs of one call, a tuple of the owned parameters.
pub trait Inputs {
    /// Whether there are any. Without them the loop is free of everything but the call.
    const ANY: bool;
}

impl Inputs for () {
    const ANY: bool = false;
}

macro_rules! tuples_are_inputs {
    ($($name:ident)+) => {
        impl<$($name),+> Inputs for ($($name,)+) {
            const ANY: bool = true;
        }
        tuples_are_inputs!(@shorter $($name)+);
    };
    (@shorter $first:ident) => {};
    (@shorter $first:ident $($name:ident)+) => {
        tuples_are_inputs!($($name)+);
    };
}

tuples_are_inputs!(A B C D E F G H J K M N);

/// Inputs made ahead and outputs kept for later take no more than this, bytes: half of a common first-level cache.
const BATCH_BYTES: usize = 16 * 1024;

/// At least so many calls to a chunk, however large their inputs.
const LEAST_BATCH: u64 = 16;

/// At most so many where inputs or outputs own memory elsewhere, which `BATCH_BYTES` does not see.
const MOST_OWNING: u64 = 1024;

/// The most calls in one chunk: their inputs are made ahead and their outputs kept.
pub(super) const fn most_calls<I: Inputs, O>() -> u64 {
    let bytes = if I::ANY { size_of::<I>() } else { 0 }
        + if needs_drop::<O>() { size_of::<O>() } else { 0 };
    let fitting = match bytes {
        0 => u64::MAX,
        bytes => (BATCH_BYTES / bytes) as u64,
    };
    let owning = needs_drop::<I>() || needs_drop::<O>();
    let most = if owning && fitting > MOST_OWNING {
        MOST_OWNING
    } else {
        fitting
    };
    if most < LEAST_BATCH {
        LEAST_BATCH
    } else {
        most
    }
}

/// One caller: a thread's own state, and the functions that make inputs and calls.
#[derive(Debug)]
pub(crate) struct Caller<'a, L, I, O, M, C> {
    thread: Thread,
    own: L,
    input: &'a M,
    call: &'a C,
    inputs: Vec<I>,
    outputs: Vec<O>,
}

impl<'a, L, I, O, M, C> Caller<'a, L, I, O, M, C>
where
    I: Inputs,
    M: Fn(Thread, &mut L) -> I,
    C: Fn(&mut L, I) -> O,
{
    pub(crate) fn new(thread: Thread, own: L, input: &'a M, call: &'a C) -> Self {
        Self {
            thread,
            own,
            input,
            call,
            inputs: Vec::new(),
            outputs: Vec::new(),
        }
    }

    /// The most calls in one chunk.
    pub(crate) const fn max_chunk() -> u64 {
        most_calls::<I, O>()
    }
}

impl<L, I, O, M, C> Chunks for Caller<'_, L, I, O, M, C>
where
    I: Inputs,
    M: Fn(Thread, &mut L) -> I,
    C: Fn(&mut L, I) -> O,
{
    fn run(&mut self, calls: u64, threads: usize, clock: Clock, begin: u64) -> Span {
        let thread = Thread {
            index: self.thread.index,
            count: threads,
        };
        // What the closures refer to is hidden from the optimiser once a chunk; together with the memory clobber of the
        // `black_box` around each result this keeps the calls of a chunk apart, at one load a call for each reference.
        let (input, call, own) = (
            black_box(self.input),
            black_box(self.call),
            black_box(&mut self.own),
        );
        let batched = I::ANY || needs_drop::<O>();
        if !batched {
            for _ in 0..calls {
                let none = input(thread, own);
                black_box(call(own, none));
            }
            return Span {
                begin,
                end: clock.now(),
                calls,
            };
        }
        self.inputs.extend((0..calls).map(|_| input(thread, own)));
        if needs_drop::<O>() {
            self.outputs.reserve(self.inputs.len());
        }
        // Making these inputs and dropping the outputs before took time that belongs to no call.
        let begin = clock.now();
        if needs_drop::<O>() {
            self.outputs
                .extend(self.inputs.drain(..).map(|input| call(own, input)));
        } else {
            for input in self.inputs.drain(..) {
                black_box(call(own, input));
            }
        }
        let end = clock.now();
        black_box(&self.outputs);
        self.outputs.clear();
        Span { begin, end, calls }
    }
}

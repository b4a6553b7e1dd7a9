//! The loop around the user's function: the only generic, monomorphised part of measuring.

use std::hint::black_box;
use std::mem::{needs_drop, size_of};
use std::sync::Arc;

use super::LEAST_BATCH;
use super::log::Span;
use super::subject::{Shown, Subject};
use super::window::{Arrived, Chunks};
use crate::launch::Thread;
use crate::sys::Clock;

/// The inputs of one call, a tuple of the owned parameters.
pub trait Inputs {
    /// Whether there are any. Without them the loop is free of everything but the call.
    const ANY: bool;
    /// Whether each call's items or bytes are counted from its inputs.
    const WEIGHED: bool = false;

    /// The items or bytes of the call that these are for.
    fn work(&self) -> f64 {
        0.0
    }
}

/// Inputs with the items or bytes of their call, which were counted when they were made.
#[derive(Debug)]
pub struct Weighed<I>(pub I, pub f64);

impl<I: Inputs> Inputs for Weighed<I> {
    const ANY: bool = true;
    const WEIGHED: bool = true;

    fn work(&self) -> f64 {
        self.1
    }
}

/// The items or bytes of the calls that these inputs are for; `None` where they are not counted.
pub(in crate::measure) fn work_of<I: Inputs>(inputs: &[I]) -> Option<f64> {
    I::WEIGHED.then(|| inputs.iter().map(I::work).sum())
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

/// One caller: a thread's own state, and what it calls.
pub(crate) struct Caller<'a, B: Subject> {
    thread: Thread,
    shown: &'a Shown<B>,
    inputs: Vec<B::Input>,
    outputs: Vec<B::Output>,
    /// The items or bytes of the latest chunk, where its inputs tell.
    work: Option<f64>,
    /// What was made for the present window: the caller's own, and what it shares with the others.
    window: Option<(B::Fresh, Arc<B::Common>)>,
    own: B::Own,
}

impl<'a, B: Subject> Caller<'a, B> {
    pub(crate) fn new(thread: Thread, shown: &'a Shown<B>) -> Self {
        Self {
            thread,
            shown,
            inputs: Vec::new(),
            outputs: Vec::new(),
            work: None,
            window: None,
            own: shown.subject.own(thread),
        }
    }

    /// This caller in a window of so many.
    fn among(&self, threads: usize) -> Thread {
        Thread {
            index: self.thread.index,
            count: threads,
        }
    }

    /// The most calls in one chunk.
    pub(crate) const fn max_chunk() -> u64 {
        most_calls::<B::Input, B::Output>()
    }
}

impl<B: Subject> Chunks for Caller<'_, B> {
    fn prepare(&mut self, calls: u64, threads: usize) {
        if !B::Input::ANY {
            return;
        }
        let thread = self.among(threads);
        let (shown, own) = (self.shown, &mut self.own);
        let (fresh, common) = self
            .window
            .get_or_insert_with(|| for_window(shown, thread, own));
        let (subject, common, fresh, own) = (
            black_box(&shown.subject),
            black_box(&**common),
            black_box(fresh),
            black_box(own),
        );
        // What was made for calls that did not come is not for these.
        self.inputs.clear();
        self.inputs
            .extend((0..calls).map(|_| subject.input(thread, common, own, fresh)));
    }

    fn run(&mut self, calls: u64, threads: usize, clock: Clock, begin: u64) -> Span {
        let thread = self.among(threads);
        let (shown, own) = (self.shown, &mut self.own);
        let (fresh, common) = self
            .window
            .get_or_insert_with(|| for_window(shown, thread, own));
        // What the closures refer to is hidden from the optimiser once a chunk; together with the memory clobber of the
        // `black_box` around each result this keeps the calls of a chunk apart, at one load a call for each reference.
        let (subject, common, fresh, own) = (
            black_box(&shown.subject),
            black_box(&**common),
            black_box(fresh),
            black_box(own),
        );
        let batched = B::Input::ANY || needs_drop::<B::Output>();
        if !batched {
            for _ in 0..calls {
                let none = subject.input(thread, common, own, fresh);
                black_box(subject.call(common, own, fresh, none));
            }
            return Span {
                begin,
                end: clock.now(),
                calls,
            };
        }
        // Those that were made ahead, the last first.
        if self.inputs.is_empty() {
            self.inputs
                .extend((0..calls).map(|_| subject.input(thread, common, own, fresh)));
        }
        let from = self.inputs.len().saturating_sub(calls as usize);
        if needs_drop::<B::Output>() {
            self.outputs.reserve(self.inputs.len() - from);
        }
        self.work = work_of(&self.inputs[from..]);
        // Making these inputs and dropping the outputs before took time that belongs to no call.
        let begin = clock.now();
        if needs_drop::<B::Output>() {
            self.outputs.extend(
                self.inputs
                    .drain(from..)
                    .map(|input| subject.call(common, own, fresh, input)),
            );
        } else {
            for input in self.inputs.drain(from..) {
                black_box(subject.call(common, own, fresh, input));
            }
        }
        let end = clock.now();
        black_box(&self.outputs);
        self.outputs.clear();
        Span { begin, end, calls }
    }

    fn work(&self) -> Option<f64> {
        self.work
    }

    fn arrive(&mut self, threads: usize, clock: Clock, wait: &mut dyn FnMut() -> u64) -> Arrived {
        let thread = self.among(threads);
        let (shown, own) = (self.shown, &mut self.own);
        let (fresh, common) = self
            .window
            .get_or_insert_with(|| for_window(shown, thread, own));
        let subject = &shown.subject;
        let input = subject.input(thread, common, own, fresh);
        let begin = wait();
        let output = black_box(subject.call(common, own, fresh, input));
        let end = clock.now();
        // The output is dropped behind the clock, as in a chunk.
        Arrived {
            begin,
            end,
            error: subject.error(&output),
        }
    }

    fn renew(&mut self, threads: usize) {
        let thread = self.among(threads);
        self.window = Some(for_window(self.shown, thread, &mut self.own));
    }

    fn clear(&mut self) {
        self.window = None;
    }
}

/// What a caller has of a window.
fn for_window<B: Subject>(
    shown: &Shown<B>,
    thread: Thread,
    own: &mut B::Own,
) -> (B::Fresh, Arc<B::Common>) {
    let common = shown.common();
    (shown.subject.fresh(thread, &common, own), common)
}

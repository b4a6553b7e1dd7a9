//! What the harness does between calls whose inputs own memory and whose outputs are kept: nothing that allocates, while
//! the time counts. An allocator that counts tells; so this is a test binary of its own.
#![allow(unsafe_code)] // An allocator cannot be had without.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::sync::atomic::{AtomicUsize, Ordering};

use scalebench::scale_bench;

thread_local! {
    static TOUCHES: Cell<usize> = const { Cell::new(0) };
}

/// Counts how often this thread allocates, frees or resizes.
struct Counting;

fn touch() {
    // At the end of a thread there may be nothing left to count with.
    let _ = TOUCHES.try_with(|touches| touches.set(touches.get() + 1));
}

// SAFETY: everything is handed on to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        touch();
        // SAFETY: as the caller promises.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        touch();
        // SAFETY: as the caller promises.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        touch();
        // SAFETY: as the caller promises.
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn touches() -> usize {
    TOUCHES.with(Cell::get)
}

/// What a thread knows of its present chunk.
#[derive(Default)]
struct Chunk {
    /// The touches when the latest call ended; none before the first call of a chunk.
    after_call: Option<usize>,
    /// Inputs of this chunk, and the most of a chunk before.
    inputs: usize,
    most: usize,
    /// The touches when the latest input was made.
    after_input: usize,
}

thread_local! {
    /// As in `Chunk`, for the outputs: they know no state of a thread.
    static AFTER_CALLS: Cell<Option<usize>> = const { Cell::new(None) };
}

static CHECKED: AtomicUsize = AtomicUsize::new(0);
static TOUCHED: AtomicUsize = AtomicUsize::new(0);

fn check(before: usize) {
    CHECKED.fetch_add(1, Ordering::Relaxed);
    TOUCHED.fetch_add(touches() - before, Ordering::Relaxed);
}

/// An output that looks at the count when the first of a chunk is dropped: the time ended before.
struct Kept(#[allow(dead_code)] String);

impl Drop for Kept {
    fn drop(&mut self) {
        if let Some(before) = AFTER_CALLS.take() {
            check(before);
        }
    }
}

impl Chunk {
    fn make_input(&mut self) -> String {
        if self.after_call.take().is_some() {
            self.most = self.most.max(std::mem::take(&mut self.inputs));
        }
        self.inputs += 1;
        let input = String::from("an input that owns memory");
        self.after_input = touches();
        input
    }

    fn begin_call(&mut self) {
        match self.after_call {
            Some(before) => check(before),
            // The room for outputs is made before the time counts, and is there from then on.
            None if self.inputs <= self.most => check(self.after_input),
            None => {}
        }
    }

    fn end_call(&mut self) {
        let touches = touches();
        self.after_call = Some(touches);
        AFTER_CALLS.set(Some(touches));
    }
}

#[scale_bench]
fn owned(
    #[with(Chunk::default())] chunk: &mut Chunk,
    #[with(chunk.make_input())] input: String,
) -> Kept {
    chunk.begin_call();
    let output = Kept(input);
    chunk.end_call();
    output
}

#[scale_bench]
fn fresh(
    #[fresh(Chunk::default())] chunk: &mut Chunk,
    #[with(chunk.make_input())] input: String,
) -> Kept {
    chunk.begin_call();
    let output = Kept(input);
    chunk.end_call();
    output
}

#[test]
fn inputs_and_outputs_touch_no_memory_while_the_time_counts() {
    for id in ["overhead::owned", "overhead::fresh"] {
        CHECKED.store(0, Ordering::Relaxed);
        scalebench::__private::trial(id, 2, 5_000_000).expect("it is measured");
        let checked = CHECKED.load(Ordering::Relaxed);
        assert!(checked > 1000, "{id}: {checked} moments");
        assert_eq!(
            TOUCHED.load(Ordering::Relaxed),
            0,
            "{id}: of {checked} moments"
        );
    }
}

#[test]
fn an_allocation_would_be_seen() {
    let before = touches();
    drop(std::hint::black_box(Box::new(1)));
    assert_eq!(touches() - before, 2);
}

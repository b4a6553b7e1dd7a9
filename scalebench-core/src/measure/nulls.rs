//! Code that shares nothing, measured beside the benchmarks: what the machine allows, and what the harness costs.
//!
//! All of it is `#[inline]`, so that it is compiled with the program and as its benchmarks are, whatever this crate is
//! compiled with: a project may ask for its dependencies to be built fast rather than to be fast.

use std::cell::Cell;
use std::sync::OnceLock;

use crate::annotate::never_fails;
use crate::launch::Launch;
use crate::registry::{Entry, EntryMode, EntryOptions};

static NULLS: OnceLock<[Entry; 3]> = OnceLock::new();

/// Makes the nulls: computing, streaming through memory, and doing nothing. Called first by whatever the program calls.
#[inline]
pub(crate) fn make() {
    let _ = NULLS.set([
        null("alu", alu),
        null("streaming", streaming),
        null("floor", floor),
    ]);
}

/// The nulls; none before they were made.
pub(crate) fn nulls() -> &'static [Entry] {
    NULLS.get().map_or(&[], |nulls| nulls)
}

#[inline]
const fn null(name: &'static str, launch: fn(Launch<'_>, &[usize])) -> Entry {
    Entry {
        module_path: "null",
        name,
        file: file!(),
        line: line!(),
        mode: EntryMode::Concurrent,
        ignore: false,
        options: EntryOptions::DEFAULT,
        values: &[],
        launch,
    }
}

/// About 100 ns of dependent arithmetic on a value of the thread's own.
#[inline]
fn alu(launch: Launch<'_>, _: &[usize]) {
    launch.concurrent(
        |thread| thread.index() as u64 + 1,
        |_, _| (),
        |state, ()| {
            for _ in 0..64 {
                *state = state
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .rotate_left(17)
                    ^ 1;
            }
        },
        never_fails,
    );
}

/// What one thread streams through, bytes: more than a core's share of the last-level cache.
const STREAM_BYTES: usize = 32 << 20;

/// What one call reads, bytes.
const BLOCK_BYTES: usize = 64 << 10;

/// Reads the next block of a private buffer that no cache holds.
#[inline]
fn streaming(launch: Launch<'_>, _: &[usize]) {
    const WORDS: usize = STREAM_BYTES / size_of::<u64>();
    const BLOCK: usize = BLOCK_BYTES / size_of::<u64>();
    launch.concurrent(
        |thread| (vec![thread.index() as u64 + 1; WORDS], Cell::new(0_usize)),
        |_, _| (),
        |(words, next), ()| {
            let begin = next.get();
            next.set((begin + BLOCK) % WORDS);
            words[begin..begin + BLOCK]
                .iter()
                .fold(0_u64, |sum, word| sum.wrapping_add(*word))
        },
        never_fails,
    );
}

/// Nothing: what the harness adds to a call.
#[inline]
fn floor(launch: Launch<'_>, _: &[usize]) {
    launch.concurrent(|_| (), |_, _| (), |&mut (), ()| (), never_fails);
}

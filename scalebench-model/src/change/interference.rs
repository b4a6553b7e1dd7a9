//! How far busy neighbours may have lengthened the figures of two runs that did not take turns.
//!
//! Time that others took does not count, and yet they leave something behind in the time that does: they empty the caches. Code
//! that lives in its caches then reads too long, by as much as it came back to cold ones, and the control benchmarks, which
//! need none or stream, read right. (A map of 100,000 entries read 37 % long beside processes that took about two thirds of the
//! time, while the controls read 0 to 2 % long; a walk through 32 MiB 2 to 12 %; docs/measuring.md, "Beside busy processes".)
//! How much of it reaches a benchmark depends on its data, which nobody knows. What is known is how often it came back: the
//! share of the time that was excluded.

use super::draft::Side;
use crate::report::Point;

/// Below this share excluded time leaves figures right, as far as was seen, and points get no mark either.
const LITTLE: f64 = 0.05;
/// The standard error, a logarithm, for each share of excluded time: two thirds give 0.33, and ln 1.37 is 0.31.
const ERROR_OF_SHARE: f64 = 0.5;
/// The share that a launch at raised priority stands for. It ran before its neighbours because they disturbed most of its windows;
/// then little of its time is excluded, which no longer says how often they ran in between.
const RAISED_PRIORITY: f64 = 0.5;

/// The standard error of a change, a logarithm, that both runs' neighbours make: independent on the two sides, since another
/// neighbour leaves other caches behind. 0 where neither was disturbed much.
pub(super) fn error(old: &Side<'_>, new: &Side<'_>, threads: u32) -> f64 {
    ERROR_OF_SHARE * excluded(old, threads).hypot(excluded(new, threads))
}

/// The share of the time, 0 to 1, that does not count because of others: at 1 thread or at `threads`, whichever is more.
fn excluded(side: &Side<'_>, threads: u32) -> f64 {
    let ends = side
        .points
        .iter()
        .filter(|p| p.threads == 1 || p.threads == threads);
    let most = ends.map(share).fold(0.0, f64::max);
    let share = most.max(RAISED_PRIORITY * side.raised_priority);
    if share < LITTLE { 0.0 } else { share }
}

fn share(point: &Point) -> f64 {
    (point.disturbed + point.slow.unwrap_or(0.0)).clamp(0.0, 1.0)
}

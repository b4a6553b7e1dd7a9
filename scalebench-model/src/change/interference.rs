//! How far busy neighbours may have lengthened the figures of two runs that did not take turns.
//!
//! Time that others took does not count, and yet they leave something behind in the time that does: they empty the caches. Code
//! that lives in its caches then reads too long, by as much as it came back to cold ones, and the control benchmarks, which
//! need none or stream, read right. (A map of 100,000 entries read 37 % long beside processes that took about two thirds of the
//! time, while the controls read 0 to 2 % long; a walk through 32 MiB 2 to 12 %; docs/measuring.md, "Beside busy processes".)
//! How much of it reaches a benchmark depends on its data, which nobody knows. What is known is how often it came back, the
//! share of the time that was excluded; and how much of a call runs on a CPU at all: sleep is as long with cold caches.

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

/// The share of the time, 0 to 1, that does not count because of others, as far as calls were on a CPU: at 1 thread or at
/// `threads`, whichever is more.
fn excluded(side: &Side<'_>, threads: u32) -> f64 {
    let raised = RAISED_PRIORITY * side.raised_priority;
    let of_point = |point: &Point| {
        let excluded = point.disturbed + point.slow.unwrap_or(0.0);
        let share = excluded.clamp(0.0, 1.0).max(raised);
        let matters = share >= LITTLE;
        if matters { share * on_cpu(point) } else { 0.0 }
    };
    let ends = |p: &&Point| p.threads == 1 || p.threads == threads;
    let shares = side.points.iter().filter(ends).map(of_point);
    shares.fold(0.0, f64::max)
}

/// The share of a call that it is on a CPU, 0 to 1; 1 where that is not known.
fn on_cpu(point: &Point) -> f64 {
    let parts = [point.on_cpu_ns, point.waiting_ns, point.blocked_ns];
    let all: f64 = parts.iter().flatten().sum();
    match point.on_cpu_ns {
        Some(on_cpu) if all > 0.0 => on_cpu / all,
        _ => 1.0,
    }
}

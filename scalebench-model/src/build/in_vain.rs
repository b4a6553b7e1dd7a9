//! Roles whose calls alone wait in vain for what only the other roles do.

use crate::data::{BenchmarkRecord, Group, GroupKind};
use crate::report::{Flag, Point};

/// A role that is more than so many times as fast in company waits for it. Callers who share something only ever stand
/// in each other's way.
const MUCH_FASTER: f64 = 2.0;

/// Flags the point at 1 thread of such a role, and takes away what refers to it: efficiencies, speedups, surcharges.
///
/// `points` are the role's points, ascending; those of other benchmarks stay as they are.
pub(super) fn take_away(record: &BenchmarkRecord, points: &mut [Point]) {
    let is_role = |group: &Group| group.kind == GroupKind::Roles;
    if !record.group.as_ref().is_some_and(is_role) || !waits(points) {
        return;
    }
    for point in points {
        point.efficiency = None;
        point.speedup = None;
        point.surcharge_ns = None;
        if point.threads == 1 {
            point.counted = false;
            point.flags.push(Flag::WaitsAlone);
        }
    }
}

/// Whether any measured company makes the call that much faster, with all of both intervals: noise may well double one of them.
fn waits(points: &[Point]) -> bool {
    let measured = |p: &&Point| !p.flags.contains(&Flag::NotMeasured);
    let latencies = || points.iter().filter(measured);
    let fastest = latencies().map(|p| p.latency_ns.upper);
    let fastest = fastest.fold(f64::INFINITY, f64::min);
    latencies().any(|p| p.threads == 1 && p.latency_ns.lower > MUCH_FASTER * fastest)
}

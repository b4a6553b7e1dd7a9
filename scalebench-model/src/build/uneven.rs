//! Calls that are not alike: what the mean stands on.

use crate::data::BenchmarkRecord;
use crate::estimate::LongCalls;
use crate::report::Point;
use crate::words::{amount, share, time};

/// Long calls that take so much of the time are worth a sentence, as a share.
const MUCH_OF_THE_TIME: f64 = 0.1;
/// A typical call that differs so much from the mean is, too.
pub(super) const MUCH_APART: f64 = 0.1;
/// So few long calls leave the mean open.
const FEW: f64 = 10.0;

/// Says it of the calls at the fewest threads: among more, long calls may be waits for each other, which is what the curve shows.
pub(super) fn sentence(record: &BenchmarkRecord, points: &[Point]) -> Option<String> {
    let points = points.get(..1)?;
    points
        .iter()
        .filter(|point| point.counted)
        .find_map(|point| {
            let place = record.axis.count(point.threads);
            let long = LongCalls::at(record, point.threads);
            let typical_ns = point.typical_latency_ns.map(|e| e.estimate);
            match long.filter(|long| long.share > MUCH_OF_THE_TIME && long.one_in >= 2.0) {
                Some(long) => Some(of_long_calls(&place, &long, typical_ns)),
                None => typical_ns
                    .filter(|ns| apart(point.latency_ns.estimate, *ns))
                    .map(|ns| {
                        format!(
                            "Calls take {} on average at {place}, a typical one takes {}.",
                            time(point.latency_ns.estimate),
                            time(ns)
                        )
                    }),
            }
        })
}

/// Whether a typical call differs much from the mean.
pub(super) fn apart(mean_ns: f64, typical_ns: f64) -> bool {
    (mean_ns / typical_ns - 1.0).abs() > MUCH_APART
}

fn of_long_calls(place: &str, long: &LongCalls, typical_ns: Option<f64>) -> String {
    let typical = typical_ns.map(|ns| format!(" A typical call takes {}.", time(ns)));
    let few = match long.count < FEW {
        true => format!(
            " Only about {} of them were seen, so the mean is known no better than its interval says.",
            long.count.round().max(1.0)
        ),
        false => String::new(),
    };
    format!(
        "At {place} about 1 call in {} takes {} or so, {} of all time.{}{few}",
        amount(long.one_in),
        time(long.each_ns),
        share(long.share),
        typical.unwrap_or_default(),
    )
}

//! What callers who call at the same time get done together.

use super::{Shape, Trail, hardly_grows, times};
use crate::words::{rate, share};

pub(super) fn sentence(shape: Shape, trail: &Trail<'_>) -> String {
    let last = trail.last();
    let end = trail.at(last);
    match shape {
        Shape::Alone | Shape::Unknown => format!(
            "The intervals are too wide to tell whether throughput grows from {} to {end}.",
            trail.at(0)
        ),
        Shape::Linear => format!("Scales linearly to {end}."),
        Shape::Superlinear => format!(
            "Scales better than linearly to {end}: throughput is {}.",
            compared(trail, 0, last)
        ),
        Shape::Growing { levels_off: false } => format!(
            "Throughput still grows at {end}: it is {}.",
            compared(trail, 0, last)
        ),
        Shape::Growing { levels_off: true } if hardly_grows(trail) => format!(
            "Throughput levels off: at {end} it is hardly more than at {}.",
            trail.at(last - 1)
        ),
        Shape::Growing { levels_off: true } => format!(
            "Throughput levels off: at {end} it is {}.",
            compared(trail, last - 1, last)
        ),
        Shape::Plateau { from, linear } => plateau(trail, from, linear),
        Shape::Peak { first, last } => peak(trail, first, last),
        Shape::Falling => falling(trail),
        Shape::Uneven { dip } => format!(
            "Throughput falls and rises again: it is {} at {} and {} at {end}.",
            level(trail, dip),
            trail.at(dip),
            level(trail, last)
        ),
    }
}

fn plateau(trail: &Trail<'_>, from: usize, linear: bool) -> String {
    let (at, level) = (trail.at(from), level(trail, from));
    match (from, linear) {
        (0, _) if trail.starts_at_one() => {
            format!("Throughput does not grow beyond {at}: it stays at {level}.")
        }
        (0, _) => format!(
            "Throughput does not grow from {}: it stays at {level}.",
            trail.between(0, trail.last())
        ),
        (_, true) => format!("Scales linearly to {at}; beyond, throughput stays at {level}."),
        (_, false) => format!("Throughput stops growing at {at}, {level}."),
    }
}

fn peak(trail: &Trail<'_>, first: usize, last: usize) -> String {
    let best = trail.best(first, last);
    let at = trail.between(first, last);
    let level = level(trail, best);
    let end = trail.at(trail.last());
    let rest = most_of(trail.gain(best, trail.last()).estimate);
    let below = match trail.ends_below_one() {
        true => format!(", less than at {}", trail.axis().count(1)),
        false => String::new(),
    };
    match trail.group {
        Some(_) => {
            format!("Throughput peaks at {at} with {level}; at {end} it is {rest} of that{below}.")
        }
        None => format!("Throughput peaks at {at} with {level}; {end} do {rest} of that{below}."),
    }
}

fn falling(trail: &Trail<'_>) -> String {
    let end = trail.at(trail.last());
    let rest = most_of(trail.gain(0, trail.last()).estimate);
    let first = trail.threads[0];
    match (trail.starts_at_one(), trail.group) {
        (true, None) => {
            format!("Negative scaling: {end} together do {rest} of the work of one.")
        }
        (true, Some(_)) => {
            format!("Negative scaling: throughput at {end} is {rest} of that at {first}.")
        }
        (false, _) => format!(
            "Negative scaling from {} on: throughput at {end} is {rest} of that at {first}.",
            trail.at(0)
        ),
    }
}

/// "5.6 times that at 1 thread".
fn compared(trail: &Trail<'_>, from: usize, to: usize) -> String {
    let gain = trail.gain(from, to).estimate;
    format!("{} that at {}", times(gain), trail.at(from))
}

/// Throughput at a point.
fn level(trail: &Trail<'_>, point: usize) -> String {
    rate((1e9 / trail.r_ns(point)).min(f64::MAX))
}

/// A share of less than all, without decimals that nobody needs: "71 %".
fn most_of(part: f64) -> String {
    match part {
        0.095.. => format!("{:.0} %", 100.0 * part.min(1.0)),
        0.001.. => share(part),
        _ => "less than 0.1 %".to_owned(),
    }
}

//! How much faster a call gets that has more threads to itself.

use super::{Shape, Trail, hardly_grows, times};
use crate::words::time;

pub(super) fn sentence(shape: Shape, trail: &Trail<'_>) -> String {
    let last = trail.last();
    let end = trail.at(last);
    match shape {
        Shape::Alone | Shape::Unknown => format!(
            "The intervals are too wide to tell whether a call gets faster from {} to {end}.",
            trail.at(0)
        ),
        Shape::Linear => format!("Scales linearly to {end}."),
        Shape::Superlinear => format!(
            "Scales better than linearly to {end}: a call is {}.",
            faster(trail, 0, last)
        ),
        Shape::Growing { levels_off: false } => format!(
            "A call still gets faster at {end}: it is {}.",
            faster(trail, 0, last)
        ),
        Shape::Growing { levels_off: true } if hardly_grows(trail) => format!(
            "The speedup levels off: on {end} a call is hardly faster than on {}.",
            trail.at(last - 1)
        ),
        Shape::Growing { levels_off: true } => format!(
            "The speedup levels off: on {end} a call is {}.",
            faster(trail, last - 1, last)
        ),
        Shape::Plateau { from, linear } => plateau(trail, from, linear),
        Shape::Peak { first, last } => peak(trail, first, last),
        Shape::Falling => falling(trail),
        Shape::Uneven { dip } => format!(
            "A call gets slower and faster again: it takes {} on {} and {} on {end}.",
            time(trail.r_ns(dip)),
            trail.at(dip),
            time(trail.r_ns(last))
        ),
    }
}

fn plateau(trail: &Trail<'_>, from: usize, linear: bool) -> String {
    let (at, takes) = (trail.at(from), time(trail.r_ns(from)));
    match (from, linear) {
        (0, _) if trail.starts_at_one() => {
            format!("A call gets no faster beyond {at}: it still takes {takes}.")
        }
        (0, _) => format!(
            "A call gets no faster from {}: it takes {takes}.",
            trail.between(0, trail.last())
        ),
        (_, true) => format!("Scales linearly to {at}; beyond, a call still takes {takes}."),
        (_, false) => format!("A call gets no faster beyond {at}, {takes}."),
    }
}

fn peak(trail: &Trail<'_>, first: usize, last: usize) -> String {
    let best = trail.best(first, last);
    let slower = times(1.0 / trail.gain(best, trail.last()).estimate);
    let than_one = match trail.ends_below_one() {
        true => format!(", longer than on {}", trail.axis().count(1)),
        false => String::new(),
    };
    format!(
        "A call is fastest on {}, {}; on {} it takes {slower} as long{than_one}.",
        trail.between(first, last),
        time(trail.r_ns(best)),
        trail.at(trail.last())
    )
}

fn falling(trail: &Trail<'_>) -> String {
    let from = match trail.starts_at_one() {
        true => String::new(),
        false => format!(" from {} on", trail.at(0)),
    };
    format!(
        "Negative scaling{from}: on {} a call takes {} as long as on {}.",
        trail.at(trail.last()),
        times(1.0 / trail.gain(0, trail.last()).estimate),
        trail.threads[0]
    )
}

/// "5.6 times as fast as on 1 thread".
fn faster(trail: &Trail<'_>, from: usize, to: usize) -> String {
    let gain = trail.gain(from, to).estimate;
    format!("{} as fast as on {}", times(gain), trail.at(from))
}

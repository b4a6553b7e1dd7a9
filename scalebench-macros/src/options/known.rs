//! The options there are, and what to say about others.

use crate::nearest::nearest;

/// Every option with an example of its use, in the order in which messages list them.
pub(super) const KNOWN: [(&str, &str); 18] = [
    ("name", "name = \"insert\""),
    ("threads", "threads = [1, 2, 4]"),
    ("processes", "processes = [1, 2, 4]"),
    ("parallel", "parallel"),
    ("load", "load"),
    ("tasks", "tasks = [1, 8, 64]"),
    ("workers", "workers = 2"),
    ("runtime", "runtime = path::to::Runtime"),
    ("ignore", "ignore"),
    ("launches", "launches = 5"),
    ("rounds", "rounds = 10"),
    ("window", "window = \"10 ms\""),
    ("max_time", "max_time = \"2 s\""),
    ("throughput", "throughput = items(1000)"),
    ("expect", "expect(efficiency(8) >= 0.7)"),
    ("types", "types = [A, B]"),
    ("consts", "consts = [1, 2]"),
    ("crate", "crate = path::to::scalebench"),
];

/// Words from other harnesses, with what stands for them here.
const FOREIGN: [(&str, &str); 7] = [
    (
        "sample_count",
        "the number of samples is `launches` x `rounds`",
    ),
    (
        "sample_size",
        "the number of samples is `launches` x `rounds`; calls fill a `window`",
    ),
    ("samples", "the number of samples is `launches` x `rounds`"),
    (
        "iterations",
        "calls fill a `window` of time; give `window = \"10 ms\"`",
    ),
    ("args", "put `#[values(...)]` before the parameter instead"),
    (
        "values",
        "put `#[values(...)]` before the parameter instead",
    ),
    (
        "min_time",
        "every point gets `launches` x `rounds` windows; give `window` or `max_time`",
    ),
];

pub(super) fn example(name: &str) -> Option<&'static str> {
    KNOWN
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, example)| *example)
}

pub(super) fn names() -> String {
    KNOWN.map(|(name, _)| name).join(", ")
}

/// The message for a name that is no option.
pub(super) fn unknown(name: &str) -> String {
    if let Some((_, advice)) = FOREIGN.iter().find(|(word, _)| *word == name) {
        return format!("there is no option `{name}`: {advice}");
    }
    match nearest(name, &KNOWN.map(|(known, _)| known)) {
        Some(near) => format!(
            "there is no option `{name}`; did you mean `{near}`? All options: {}",
            names()
        ),
        None => format!("there is no option `{name}`. All options: {}", names()),
    }
}

//! Values of flags, from text.

use std::time::Duration;

use scalebench_model::expect::{self, Expectation};

use super::{UsageError, usage};
use crate::given::Param;

/// No machine can start more threads than this, and a slip of the finger should not try.
const MOST_THREADS: u32 = 1_000_000;

pub(super) fn one_of<T: Copy>(
    name: &str,
    value: &str,
    choices: &[(&str, T)],
) -> Result<T, UsageError> {
    match choices.iter().find(|(choice, _)| *choice == value) {
        Some((_, meaning)) => Ok(*meaning),
        None => {
            let names: Vec<&str> = choices.iter().map(|(choice, _)| *choice).collect();
            usage(format!(
                "`--{name}` takes {}, not `{value}`",
                names.join(" or ")
            ))
        }
    }
}

pub(super) fn at_least_one(name: &str, value: &str) -> Result<u32, UsageError> {
    match value.parse() {
        Ok(number) if number >= 1 => Ok(number),
        _ => usage(format!(
            "`--{name}` takes a whole number from 1, not `{value}`"
        )),
    }
}

pub(super) fn counts(name: &str, value: &str) -> Result<Vec<u32>, UsageError> {
    let problem =
        || format!("`--{name}` takes counts from 1 to {MOST_THREADS} such as 1,2,4, not `{value}`");
    value
        .split(',')
        .map(|count| match count.trim().parse() {
            Ok(count) if (1..=MOST_THREADS).contains(&count) => Ok(count),
            _ => usage(problem()),
        })
        .collect()
}

/// Seconds, or a number with one of the units ns, us, ms, s, min.
pub(super) fn duration(name: &str, value: &str) -> Result<Duration, UsageError> {
    let digits = value.trim_end_matches(|c: char| c.is_alphabetic());
    let factor = match value[digits.len()..].trim() {
        "" | "s" => 1.0,
        "min" => 60.0,
        "ms" => 1e-3,
        "us" | "µs" => 1e-6,
        "ns" => 1e-9,
        _ => f64::NAN,
    };
    let seconds = digits.trim().parse::<f64>().unwrap_or(f64::NAN) * factor;
    // A day is more than any window or budget; it also keeps nanoseconds well inside u64.
    if (1e-9..=86_400.0).contains(&seconds) {
        return Ok(Duration::from_secs_f64(seconds));
    }
    usage(format!(
        "`--{name}` takes a time above 0 and up to a day, such as 10, 500ms or 2min, not `{value}`"
    ))
}

/// `efficiency(8) >= 0.7, latency <= 200ns`.
pub(super) fn expectations(text: &str) -> Result<Vec<Expectation>, UsageError> {
    const FLAG: &str = "--expect '";
    let list = expect::parse(text).map_err(|error| {
        let marked = error.marked(text);
        let (line, marks) = marked.split_once('\n').unwrap_or((&marked, ""));
        let indent = " ".repeat(FLAG.len());
        UsageError {
            message: format!("{}\n  {FLAG}{line}'\n  {indent}{marks}", error.problem()),
            help: Some(error.help()),
        }
    })?;
    Ok(list
        .into_iter()
        .map(|written| written.expectation)
        .collect())
}

/// `NAME=V1,V2`, several of them divided by `;`. Values of a name that is there already are added to it.
pub(super) fn add_params(params: &mut Vec<Param>, text: &str) -> Result<(), UsageError> {
    for one in text.split(';') {
        let (name, values) = match one.split_once('=') {
            Some((name, values)) if !name.trim().is_empty() && !values.is_empty() => (name, values),
            _ => {
                return usage(format!(
                    "`--param` takes a name and values such as size=16,1024, not `{one}`"
                ));
            }
        };
        let values = values.split(',').map(|value| value.trim().to_owned());
        match params.iter_mut().find(|param| param.name == name.trim()) {
            Some(param) => param.values.extend(values),
            None => params.push(Param {
                name: name.trim().to_owned(),
                values: values.collect(),
            }),
        }
    }
    Ok(())
}

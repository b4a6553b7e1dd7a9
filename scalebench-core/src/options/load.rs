//! The flags of load mode.

use std::time::Duration;

use lexopt::{Parser, ValueExt};
use scalebench_model::data::{LoadPlan, Schedule};

use super::values::duration;
use super::{Options, UsageError, usage};

/// What the flags of load mode say, for all benchmarks that are measured under load.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct LoadOptions {
    /// One rate in place of the ladder, arrivals a second.
    pub(crate) rate_per_s: Option<f64>,
    /// How long the window at that rate is.
    pub(crate) time: Option<Duration>,
    pub(crate) schedule: Schedule,
    /// Calls beyond this count as timed out.
    pub(crate) call_timeout: Option<Duration>,
    /// The knee is where p99 passes so many times the unloaded latency.
    pub(crate) knee_factor: f64,
}

impl Default for LoadOptions {
    fn default() -> Self {
        Self {
            rate_per_s: None,
            time: None,
            schedule: Schedule::Poisson,
            call_timeout: None,
            knee_factor: LoadPlan::KNEE_FACTOR,
        }
    }
}

/// No generator here comes near it.
const MOST_PER_S: f64 = 1e8;

/// Reads `--load`, `--load 5000/s` or `--load=5000/s,10s`. What follows it is its value when it looks like a rate, and
/// otherwise a filter.
pub(super) fn read(options: &mut Options, parser: &mut Parser) -> Result<(), UsageError> {
    if let Some(value) = parser.optional_value() {
        return set(options, &value.string()?);
    }
    let mut rate = None;
    if let Some(mut rest) = parser.try_raw_args() {
        let next = rest.peek().and_then(|next| next.to_str());
        if next.is_some_and(looks_like_a_rate) {
            rate = rest.next();
        }
    }
    match rate {
        Some(rate) => set(options, &rate.string()?),
        None => set(options, "1"),
    }
}

fn looks_like_a_rate(text: &str) -> bool {
    let unsigned = text.trim_start_matches(['-', '+', '.']);
    unsigned.starts_with(|c: char| c.is_ascii_digit())
}

/// `1` and `0` turn it on and off, as with every variable that mirrors a flag; anything else is a rate.
pub(super) fn set(options: &mut Options, value: &str) -> Result<(), UsageError> {
    options.all_under_load = value != "0";
    if value == "0" || value == "1" {
        return Ok(());
    }
    let (rate, time) = match value.split_once(',') {
        Some((rate, time)) => (rate, Some(time)),
        None => (value, None),
    };
    let number = rate.trim().strip_suffix("/s").map(str::trim);
    let rate_per_s = number.and_then(|number| number.parse::<f64>().ok());
    match rate_per_s {
        Some(rate) if rate > 0.0 && rate <= MOST_PER_S => options.load.rate_per_s = Some(rate),
        _ => {
            return usage(format!(
                "`--load` takes a rate above 0 and up to {MOST_PER_S}/s, and perhaps a time, such as 5000/s or \
                 5000/s,10s, not `{value}`"
            ));
        }
    }
    options.load.time = time.map(|time| duration("load", time)).transpose()?;
    Ok(())
}

pub(super) fn knee_factor(value: &str) -> Result<f64, UsageError> {
    match value.parse() {
        Ok(factor) if factor > 1.0 && factor <= 1e6 => Ok(factor),
        _ => usage(format!(
            "`--knee-factor` takes a number above 1, such as 10, not `{value}`"
        )),
    }
}

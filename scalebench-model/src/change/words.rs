//! A change in one or two sentences.

use super::load::{Moved, Reach};
use super::split::{Ends, Split};
use crate::data::{Axis, Grid, Mode};
use crate::report::{Change, Estimate, Pattern, Verdict};
use crate::words::{Digits, factor, factor_estimate, pair, rate, share, shares, times};

/// What the sentence tells besides the change's own figures.
pub(super) struct Told {
    pub(super) mode: Mode,
    pub(super) axis: Axis,
    /// How the callers divide at the thread count of the change, in a grid.
    pub(super) grid: Option<Grid>,
    pub(super) old: Ends,
    pub(super) new: Ends,
    /// Whether the interval of throughput excludes no change.
    pub(super) throughput_changed: bool,
    pub(super) split: Split,
}

pub(super) fn sentence(change: &Change, told: &Told) -> String {
    let (old, new) = (&told.old, &told.new);
    let performance = performance(change, told, "");
    if change.threads == 1 {
        return format!(
            "At {one}: {performance}. Scalability was not compared: only {one} counts in both.",
            one = told.axis.count(1)
        );
    }
    let scalability = scalability(
        change,
        &shares(
            old.r_one / old.r_many,
            new.r_one / new.r_many,
            digits(change.scalability_verdict),
        ),
    );
    format!(
        "At {}: throughput {}. {}; {scalability}.{}{}",
        told.axis.count_in(change.threads, told.grid),
        factor(change.throughput.estimate),
        capitalized(&performance),
        attribution(change, told),
        reason(change.pattern, told),
    )
}

/// The same under load: where the knee went, then the two factors.
pub(super) fn sentence_under_load(change: &Change, told: &Told, moved: &Moved) -> String {
    let (old, new) = (&told.old, &told.new);
    let performance = performance(change, told, " unloaded");
    let (Some(old_knee), Some(new_knee)) = (moved.old.knee_per_s, moved.new.knee_per_s) else {
        return format!(
            "Under load: {}; {}. {}. Scalability was not compared: that takes a knee on both sides.",
            reach(&moved.old, "old"),
            reach(&moved.new, "new"),
            capitalized(&performance)
        );
    };
    // By Little's law the rate at the knee times the unloaded latency is how many calls are being served there.
    let scalability = scalability(
        change,
        &format!(
            "{} calls in service at the knee",
            pair(
                old.r_one / old.r_many,
                new.r_one / new.r_many,
                digits(change.scalability_verdict)
            )
        ),
    );
    format!(
        "Under load: the knee moved from {} to {} ({}). {}; {scalability}.{}",
        rate(old_knee),
        rate(new_knee),
        factor(change.throughput.estimate),
        capitalized(&performance),
        attribution(change, told),
    )
}

/// "the old knee was at 420/s", "the new knee was not reached up to 1100/s".
fn reach(side: &Reach, which: &str) -> String {
    match side.knee_per_s {
        Some(knee) => format!("the {which} knee was at {}", rate(knee)),
        None if side.above_all => {
            let highest = rate(side.highest_per_s);
            format!("the {which} knee was not reached up to {highest}")
        }
        None => format!("the {which} knee has no figure"),
    }
}

fn digits(verdict: Verdict) -> Digits {
    match verdict {
        Verdict::Unchanged => Digits::Usual,
        Verdict::Changed | Verdict::Small | Verdict::Inconclusive => Digits::Telling,
    }
}

/// The verdict on performance, with a single call's times; `when` says what else is to be known of them.
fn performance(change: &Change, told: &Told, when: &str) -> String {
    let verdict = change.performance_verdict;
    let call = times(told.old.r_one, told.new.r_one, digits(verdict));
    part(
        "performance",
        verdict,
        &change.performance,
        &settled_by(change.performance_more_launches, change.performance_drift),
        &format!("call {call}{when}"),
    )
}

/// The verdict on scalability, with what it stands on.
fn scalability(change: &Change, figures: &str) -> String {
    part(
        "scalability",
        change.scalability_verdict,
        &change.scalability,
        &settled_by(change.scalability_more_launches, change.scalability_drift),
        figures,
    )
}

/// What would settle an inconclusive verdict, where that can be said.
fn settled_by(more_launches: Option<u32>, drift: Option<f64>) -> String {
    match (more_launches, drift) {
        (Some(1), _) => "; about 1 more launch would settle it".to_owned(),
        (Some(launches), _) => format!("; about {launches} more launches would settle it"),
        (None, Some(drift)) => format!(
            "; from run to run this drifts by about {}, so only runs in turns could settle it",
            share(drift)
        ),
        (None, None) => String::new(),
    }
}

fn part(name: &str, verdict: Verdict, e: &Estimate, settled_by: &str, figures: &str) -> String {
    match verdict {
        Verdict::Changed => format!("{name} {} ({figures})", factor_estimate(e)),
        Verdict::Unchanged => format!("{name} unchanged ({figures})"),
        Verdict::Small => format!(
            "{name} {}, detected but small ({figures})",
            factor_estimate(e)
        ),
        Verdict::Inconclusive => format!(
            "{name} inconclusive, {} ({figures}{settled_by})",
            factor_estimate(e)
        ),
    }
}

/// How much of the change each factor made; only where that can be said.
fn attribution(change: &Change, told: &Told) -> String {
    if !told.throughput_changed {
        return String::new();
    }
    let whole = match told.split.throughput > 0.0 {
        true => "gain",
        false => "loss",
    };
    let Split {
        throughput,
        performance,
        scalability,
    } = told.split;
    match (change.performance_verdict, change.scalability_verdict) {
        (Verdict::Changed, Verdict::Unchanged) => format!(" All of the {whole} is performance."),
        (Verdict::Unchanged, Verdict::Changed) => format!(" All of the {whole} is scalability."),
        (Verdict::Changed, Verdict::Changed) if performance * scalability > 0.0 => format!(
            " Performance is {} of the {whole}, scalability {}.",
            share(performance / throughput),
            share(scalability / throughput)
        ),
        _ => String::new(),
    }
}

fn reason(pattern: Option<Pattern>, told: &Told) -> String {
    let surcharge = |ends: &Ends| ends.r_many - ends.r_one;
    let (old, new) = (surcharge(&told.old), surcharge(&told.new));
    let figures = match old >= 0.0 && new >= 0.0 {
        true => format!(" ({})", times(old, new, Digits::Telling)),
        false => String::new(),
    };
    let what = match told.mode {
        Mode::Parallel => "many threads cost a call",
        Mode::Concurrent | Mode::Load => "company costs a call",
    };
    match pattern {
        None => String::new(),
        Some(Pattern::Diluted) => {
            format!(
                " Efficiency is diluted by the faster call: {what} no more than before{figures}."
            )
        }
        Some(Pattern::Saturated) => {
            " Throughput stayed as it was: the bottleneck is elsewhere.".to_owned()
        }
        Some(Pattern::RealLoss) => {
            format!(" A real loss of scalability: {what} more than before{figures}.")
        }
    }
}

fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|c| c.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

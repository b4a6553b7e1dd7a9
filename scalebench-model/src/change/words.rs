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
    /// Thread count of the change.
    pub(super) threads: u32,
    /// How the callers divide at the thread count of the change, in a grid.
    pub(super) grid: Option<Grid>,
    pub(super) old: Ends,
    pub(super) new: Ends,
    /// Whether the interval of throughput excludes no change.
    pub(super) throughput_changed: bool,
    pub(super) split: Split,
    /// Whether a side has fewer than 3 launches.
    pub(super) within_one_process: bool,
    /// Whether a run was measured beside busy neighbours.
    pub(super) beside_others: bool,
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
        told,
        &shares(
            old.r_one / old.r_many,
            new.r_one / new.r_many,
            digits(change.scalability_verdict),
        ),
    );
    format!(
        "At {}: throughput {}. {}; {scalability}.{}{}",
        told.axis.count_in(told.threads, told.grid),
        factor(change.throughput.estimate),
        capitalized(&performance),
        attribution(change, told),
        reason(change, told),
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
        told,
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
        "Under load: the knee moved from {} to {} ({}). {}; {scalability}.{}{}",
        rate(old_knee),
        rate(new_knee),
        factor(change.throughput.estimate),
        capitalized(&performance),
        attribution(change, told),
        reason(change, told),
    )
}

/// Both verdicts in a few words: "performance ×1.25 faster; scalability: saturated (…)".
pub(super) fn short(change: &Change, told: &Told) -> String {
    let named = |name: &str, verdict: Verdict, e: &Estimate, word: &str| match verdict {
        Verdict::Changed => format!("{name} {} {word}", factor(e.estimate)),
        _ => format!("{name} {word}"),
    };
    let performance = named(
        "performance",
        change.performance_verdict,
        &change.performance,
        change.performance_word(),
    );
    let word = change.scalability_word();
    let scalability = match (change.scalability_verdict, change.pattern) {
        (Verdict::Neutral, Some(pattern)) => {
            format!("scalability: {word} ({})", told.events(pattern))
        }
        (verdict, _) => named("scalability", verdict, &change.scalability, word),
    };
    format!("{performance}; {scalability}")
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
        Verdict::Changed | Verdict::Small | Verdict::Inconclusive | Verdict::Neutral => {
            Digits::Telling
        }
    }
}

/// The verdict on performance, with a single call's times; `when` says what else is to be known of them.
fn performance(change: &Change, told: &Told, when: &str) -> String {
    let verdict = change.performance_verdict;
    let call = times(told.old.r_one, told.new.r_one, digits(verdict));
    let open = told.settled_by(change.performance_more_launches, change.performance_drift);
    let figures = format!("call {call}{when}");
    match verdict {
        Verdict::Inconclusive => inconclusive("performance", &change.performance, &figures, &open),
        _ => part("performance", verdict, &change.performance, &figures),
    }
}

/// The verdict on scalability, with what it stands on.
fn scalability(change: &Change, told: &Told, figures: &str) -> String {
    let (verdict, e) = (change.scalability_verdict, &change.scalability);
    let open = told.settled_by(change.scalability_more_launches, change.scalability_drift);
    match (verdict, change.pattern) {
        (Verdict::Inconclusive, _) => inconclusive("scalability", e, figures, &open),
        (Verdict::Neutral, Some(pattern)) => {
            let (word, moved) = (pattern.word(), factor_estimate(e));
            let what = match told.mode {
                Mode::Load => "",
                Mode::Concurrent | Mode::Parallel => "efficiency ",
            };
            format!("scalability neutral, {word}: {what}{moved} ({figures})")
        }
        _ => part("scalability", verdict, e, figures),
    }
}

fn inconclusive(name: &str, e: &Estimate, figures: &str, settled_by: &str) -> String {
    let moved = factor_estimate(e);
    format!("{name} inconclusive, {moved} ({figures}{settled_by})")
}

fn part(name: &str, verdict: Verdict, e: &Estimate, figures: &str) -> String {
    let moved = || factor_estimate(e);
    match verdict {
        Verdict::Changed => format!("{name} {} ({figures})", moved()),
        Verdict::Small => format!("{name} {}, detected but small ({figures})", moved()),
        Verdict::Neutral => format!("{name} neutral, {} ({figures})", moved()),
        Verdict::Unchanged | Verdict::Inconclusive => format!("{name} unchanged ({figures})"),
    }
}

impl Told {
    /// What would settle an inconclusive verdict, where that can be said.
    fn settled_by(&self, more_launches: Option<u32>, drift: Option<f64>) -> String {
        match (more_launches, drift) {
            _ if self.within_one_process => {
                "; it takes at least 3 launches to tell from what processes differ by".to_owned()
            }
            (Some(1), _) => "; about 1 more launch would settle it".to_owned(),
            (Some(launches), _) => format!("; about {launches} more launches would settle it"),
            (None, Some(drift)) if self.beside_others => format!(
                "; a run was measured beside busy neighbours, which may be {} of it: measure the baseline again without them, or \
                 both in turns",
                share(drift)
            ),
            (None, Some(drift)) => format!(
                "; from run to run this drifts by about {}, so only runs in turns could settle it",
                share(drift)
            ),
            (None, None) => String::new(),
        }
    }

    /// What happened, in a few words.
    fn events(&self, pattern: Pattern) -> String {
        let throughput = match self.mode {
            Mode::Load => "the load carried within the response time of the old knee".to_owned(),
            Mode::Concurrent | Mode::Parallel => {
                format!(
                    "throughput at {}",
                    self.axis.count_in(self.threads, self.grid)
                )
            }
        };
        match pattern {
            Pattern::Diluted => format!("{} did not grow", self.overhead()),
            Pattern::Absorbed => format!("the call got faster, {throughput} did not fall"),
            Pattern::Saturated => format!("the call got faster, {throughput} stayed"),
            Pattern::ScalesWorse => format!("{throughput} fell"),
            Pattern::SlowerCall => format!("{throughput} did not rise"),
        }
    }

    /// R(N) − R(1) in words.
    fn overhead(&self) -> &'static str {
        match self.mode {
            // There it is the time of all threads beyond the single one's.
            Mode::Parallel => "the scaling overhead over all threads",
            Mode::Concurrent | Mode::Load => "the scaling overhead",
        }
    }

    /// The overhead before and after, where it has a figure: " (3.0 → 3.6 ms)".
    fn overheads(&self, digits: Digits) -> String {
        let overhead = |ends: &Ends| ends.r_many - ends.r_one;
        let (old, new) = (overhead(&self.old), overhead(&self.new));
        match self.mode != Mode::Load && old >= 0.0 && new >= 0.0 {
            true => format!(" ({})", times(old, new, digits)),
            false => String::new(),
        }
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

/// Why efficiency moved, where that is known: " Saturated: the call got faster, …".
fn reason(change: &Change, told: &Told) -> String {
    let Some(pattern) = change.pattern else {
        return open(change);
    };
    let digits = match pattern {
        Pattern::Diluted => Digits::Usual,
        _ => Digits::Telling,
    };
    let (events, figures) = (told.events(pattern), told.overheads(digits));
    let overhead = |what: &str| match told.mode {
        Mode::Load => String::new(),
        Mode::Concurrent | Mode::Parallel => format!(", and {} {what}{figures}", told.overhead()),
    };
    match pattern {
        Pattern::Diluted => {
            format!(" Efficiency is diluted by the faster call: {events}{figures}.")
        }
        Pattern::Absorbed => format!(" Absorbed: {events}{}.", overhead("took the rest")),
        Pattern::Saturated => format!(" Saturated: {events}{}.", overhead("took the rest")),
        Pattern::ScalesWorse => format!(" Scales worse: {events}{}.", overhead("grew")),
        Pattern::SlowerCall => {
            format!(" Only the single call got slower: {events}.")
        }
    }
}

/// What is open where efficiency fell for sure.
fn open(change: &Change) -> String {
    let least = change.scalability_threshold.unwrap_or(f64::INFINITY);
    let fell = change.scalability.level > 0.0 && change.scalability.upper < 1.0 / (1.0 + least);
    match fell && change.scalability_verdict == Verdict::Inconclusive {
        true => format!(
            " Efficiency fell; whether that is a loss, throughput ({}) leaves open.",
            factor_estimate(&change.throughput)
        ),
        false => String::new(),
    }
}

fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|c| c.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

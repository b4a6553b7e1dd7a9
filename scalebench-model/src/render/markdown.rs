//! The summary in GitHub-flavoured Markdown, for a job's summary page.

use std::fmt::Write;

use super::about::About;
use super::facts::{self, Outcome, Part};
use super::figure;
use super::glyphs::UNICODE;
use super::visible::visible;
use crate::data::Status;
use crate::excerpt::{SHORT_TEXT, excerpt};
use crate::report::{Benchmark, ExpectationVerdict, Report};

/// The report as a summary: the run, warnings, what did not end well, a table with a row for each benchmark, and the
/// sentences of what changed.
///
/// Names and messages are escaped so that they stay text and the table stays a table.
///
/// ```
/// # use scalebench_model::{data::{Host, Schema}, render, report::Report};
/// # let report = Report { schema: Schema::report(), host: Host::default(), runs: vec![], warnings: vec![], benchmarks: vec![] };
/// assert!(render::markdown(&report).starts_with("## ScaleBench"));
/// ```
#[must_use]
pub fn markdown(report: &Report) -> String {
    let about = About::of(report);
    let mut out = format!(
        "## ScaleBench: {}\n\n{}\n",
        text(&about.title),
        text(&about.run)
    );
    if !about.machine.is_empty() {
        let _ = write!(out, "\n{}.\n", text(&about.machine));
    }
    for warning in &report.warnings {
        let _ = write!(out, "\n> **Warning:** {}\n", text(&visible(warning)));
    }
    out.push_str(&failures(report));
    out.push_str(&table(report));
    out.push_str(&expectations(report));
    out.push_str(&changes(report));
    out
}

fn table(report: &Report) -> String {
    if report.benchmarks.is_empty() {
        return String::new();
    }
    let changed = report.benchmarks.iter().any(|b| b.change.is_some());
    let second = facts::second_figure(report);
    let mut out =
        format!("\n| Benchmark | Single-call latency | {second} | Scaling | Law | Cause |");
    out.push_str(if changed {
        " Performance | Scalability |\n"
    } else {
        "\n"
    });
    out.push_str("| :-- | --: | --: | :-- | :-- | :-- |");
    out.push_str(if changed { " :-- | :-- |\n" } else { "\n" });
    for benchmark in &report.benchmarks {
        let mut cells = row(benchmark);
        if changed {
            cells.extend(factors(benchmark));
        }
        let _ = writeln!(out, "| {} |", cells.join(" | "));
    }
    out
}

fn row(benchmark: &Benchmark) -> Vec<String> {
    let latency = match (benchmark.status, facts::alone(benchmark)) {
        (Status::Ok, Some(alone)) => {
            let latency = figure::time_estimate(alone, &UNICODE).joined();
            // Nobody asked for a figure at 1 thread, and the efficiency beside it refers to it.
            match facts::single_call(benchmark).is_some_and(facts::is_reference) {
                true => format!("{latency} (reference)"),
                false => latency,
            }
        }
        (Status::Ok, None) => UNICODE.absent.into(),
        (status, _) => format!("**{}**", facts::status_word(status)),
    };
    let efficiency = facts::largest_counted(benchmark).map(|(p, e)| {
        let figure = figure::efficiency(e, p.threads, &UNICODE).joined();
        format!("{figure} {}", facts::at(p, benchmark))
    });
    let knee = benchmark.knee_per_s.as_ref();
    let knee = knee.map(|e| {
        format!(
            "{} at the knee",
            figure::rate_estimate(e, &UNICODE).joined()
        )
    });
    let law = benchmark
        .laws
        .as_ref()
        .map_or_else(String::new, |l| facts::law_short(l, &UNICODE));
    let cause = benchmark
        .cause
        .as_ref()
        .and_then(|c| facts::cause_short(c.dominant))
        .unwrap_or("");
    vec![
        code(&benchmark.id),
        latency,
        knee.or(efficiency).unwrap_or_else(|| UNICODE.absent.into()),
        text(&visible(benchmark.summary.as_deref().unwrap_or(""))),
        text(&law),
        cause.into(),
    ]
}

fn factors(benchmark: &Benchmark) -> [String; 2] {
    let Some(change) = &benchmark.change else {
        return [String::new(), String::new()];
    };
    Part::of(change).map(|part| {
        let figure = part.factor_estimate(&UNICODE);
        let words = format!("{} {figure} {}", part.arrow(&UNICODE), part.word);
        match part.outcome {
            Outcome::Better | Outcome::Worse => format!("**{words}**"),
            Outcome::Small
            | Outcome::Same
            | Outcome::Neutral
            | Outcome::Unknown
            | Outcome::Absent => words,
        }
    })
}

/// What did not end well, with messages.
fn failures(report: &Report) -> String {
    let mut out = String::new();
    for benchmark in &report.benchmarks {
        let bad = matches!(benchmark.status, Status::Failed | Status::TimedOut);
        if !bad {
            continue;
        }
        let word = facts::status_word(benchmark.status);
        let _ = write!(out, "\n- **{word}** {}", code(&benchmark.id));
        if let Some(failure) = &benchmark.failure {
            let message = excerpt(failure.message.trim(), SHORT_TEXT);
            let _ = write!(out, ": {}", code(&message));
            if let Some(place) = &failure.place {
                let _ = write!(out, " at {}", code(place));
            }
        }
    }
    if !out.is_empty() {
        out.push('\n');
    }
    out
}

/// What became of the expectations, and the sentences of those that did not pass.
fn expectations(report: &Report) -> String {
    let all = report.benchmarks.iter().flat_map(|b| &b.expectations);
    let Some(counts) = facts::expectation_counts(all) else {
        return String::new();
    };
    let mut out = format!("\nExpectations: {counts}.\n");
    let mut list = String::new();
    for benchmark in &report.benchmarks {
        for expectation in &benchmark.expectations {
            if expectation.verdict == ExpectationVerdict::Passed {
                continue;
            }
            let word = facts::expectation_word(expectation.verdict);
            let word = match expectation.verdict {
                ExpectationVerdict::Failed => format!("**{word}**"),
                _ => word.to_owned(),
            };
            let sentence = text(&visible(&expectation.sentence));
            let _ = write!(list, "\n- {word} {}: {sentence}", code(&benchmark.id));
        }
    }
    if !list.is_empty() {
        let _ = writeln!(out, "{list}");
    }
    out
}

/// The sentences of what changed for sure.
fn changes(report: &Report) -> String {
    let mut out = String::new();
    for benchmark in &report.benchmarks {
        let Some(change) = &benchmark.change else {
            continue;
        };
        let changed = |part: &Part<'_>| matches!(part.outcome, Outcome::Better | Outcome::Worse);
        if !change.sentence.is_empty() && Part::of(change).iter().any(changed) {
            let sentence = text(&visible(&change.sentence));
            let _ = write!(out, "\n- {}: {sentence}", code(&benchmark.id));
        }
    }
    let Some(first) = report.benchmarks.iter().find_map(|b| b.change.as_ref()) else {
        return String::new();
    };
    let scope = visible(&first.scope);
    let scope = if scope.is_empty() {
        scope
    } else {
        format!(" ({})", text(&scope))
    };
    let baseline = code(&first.baseline);
    if out.is_empty() {
        format!("\nAgainst {baseline}{scope} nothing changed for sure.\n")
    } else {
        format!("\nWhat changed against {baseline}{scope}:\n{out}\n")
    }
}

/// A name as code: between backticks where that is safe, else as an element in which whatever could be markup is
/// written as an entity.
fn code(name: &str) -> String {
    let name = visible(name);
    if name.trim().is_empty() {
        return "(no name)".into();
    }
    let safe = !name.contains(['`', '|', '\\']) && name.trim() == name;
    if safe {
        return format!("`{name}`");
    }
    let mut out = String::from("<code>");
    for c in name.chars() {
        if c.is_alphanumeric() || !c.is_ascii() || " .,;'()=/+-%?".contains(c) {
            out.push(c);
        } else {
            let _ = write!(out, "&#{};", u32::from(c));
        }
    }
    out.push_str("</code>");
    out
}

/// Running text in which nothing is markup.
fn text(plain: &str) -> String {
    let mut out = String::with_capacity(plain.len());
    for c in plain.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '~' | '!' | '@' => {
                out.push('\\');
                out.push(c);
            }
            _ => out.push(c),
        }
    }
    out
}

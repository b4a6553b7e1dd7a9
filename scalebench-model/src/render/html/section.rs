//! The section of one benchmark.

use serde::Serialize;

use super::chart::{Detail, Shared, charts};
use super::data_table::data_table;
use super::glossary::linked;
use crate::data::{Status, Work};
use crate::render::facts::{self, Factor, Outcome, Part};
use crate::render::figure;
use crate::render::glyphs::UNICODE;
use crate::render::visible::{visible, visible_lines};
use crate::report::{Benchmark, Change};

/// What the template of a section shows. Fields that end in `_html` are markup made here; all others are plain text.
#[derive(Debug, Serialize)]
pub(super) struct Section {
    index: usize,
    name: String,
    about: Vec<String>,
    status: String,
    failure: Option<FailureText>,
    headline: Option<Headline>,
    change: Option<ChangeText>,
    sentences_html: Vec<String>,
    charts_html: Vec<String>,
    table_html: String,
}

#[derive(Debug, Serialize)]
struct FailureText {
    message: String,
    place: String,
    output: String,
}

/// The two figures that matter, and the lesser one.
#[derive(Debug, Serialize)]
struct Headline {
    latency: String,
    latency_spread: String,
    efficiency: String,
    efficiency_spread: String,
    threads: u32,
    lesser: String,
    lesser_name: String,
}

#[derive(Debug, Serialize)]
struct ChangeText {
    baseline: String,
    threads: u32,
    parts: Vec<PartText>,
    throughput: String,
    pattern: String,
    sentence_html: String,
    scope: String,
}

/// One factor of a change, in the summary table and in the section.
#[derive(Debug, Serialize)]
pub(super) struct PartText {
    /// `p` for performance, `k` for scalability; chooses the colour.
    pub(super) class: &'static str,
    /// How strongly it is shown: `up`, `dn` or `no`.
    pub(super) strength: &'static str,
    /// Arrow, or a sign that nothing moved for sure.
    pub(super) arrow: &'static str,
    /// `performance` or `scalability`.
    pub(super) name: &'static str,
    /// The factor.
    pub(super) factor: String,
    /// The factor with its interval.
    pub(super) exact: String,
    /// The verdict.
    pub(super) verdict: &'static str,
    /// What would settle an inconclusive verdict.
    pub(super) more: String,
    /// For sorting.
    pub(super) value: f64,
}

impl PartText {
    /// The two factors of a change.
    pub(super) fn of(change: &Change) -> [Self; 2] {
        Part::of(change).map(|part| Self {
            class: match part.factor {
                Factor::Performance => "p",
                Factor::Scalability => "k",
            },
            strength: match part.outcome {
                Outcome::Better => "up",
                Outcome::Worse => "dn",
                Outcome::Small | Outcome::Same | Outcome::Unknown => "no",
            },
            arrow: part.arrow(&UNICODE),
            name: part.name(),
            factor: figure::factor(part.estimate.estimate, &UNICODE),
            exact: figure::exact_factor(part.estimate, &UNICODE),
            verdict: part.verdict(),
            more: part
                .more_launches
                .filter(|_| part.outcome == Outcome::Unknown)
                .map_or_else(String::new, |n| {
                    format!("about {n} more launches would settle it")
                }),
            value: if part.estimate.estimate.is_finite() {
                part.estimate.estimate
            } else {
                0.0
            },
        })
    }
}

impl Section {
    /// The section of a benchmark; `index` makes its id on the page.
    pub(super) fn of(
        benchmark: &Benchmark,
        index: usize,
        detail: Detail,
        shared: &mut Shared,
    ) -> Self {
        Self {
            index,
            name: name(benchmark),
            about: about(benchmark),
            status: if benchmark.status == Status::Ok {
                String::new()
            } else {
                facts::status_word(benchmark.status).into()
            },
            failure: failure(benchmark),
            headline: headline(benchmark),
            change: benchmark.change.as_ref().map(change_text),
            sentences_html: sentences(benchmark),
            charts_html: charts(benchmark, detail, shared),
            table_html: data_table(benchmark),
        }
    }
}

/// The benchmark's id as it is shown.
pub(super) fn name(benchmark: &Benchmark) -> String {
    let name = visible(&benchmark.id);
    if name.trim().is_empty() {
        "(no name)".into()
    } else {
        name
    }
}

/// Mode, parameters, place, what a call gets done, what intervals stand on.
fn about(benchmark: &Benchmark) -> Vec<String> {
    let mut parts = vec![format!("{} mode", facts::mode_word(benchmark.mode))];
    for parameter in &benchmark.parameters {
        parts.push(format!(
            "{} = {}",
            visible(&parameter.name),
            visible(&parameter.value)
        ));
    }
    match benchmark.work {
        Some(Work::Items(n)) => parts.push(format!("{} items a call", figure::plain(n, &UNICODE))),
        Some(Work::Bytes(n)) => parts.push(format!("{} bytes a call", figure::plain(n, &UNICODE))),
        None => {}
    }
    if !benchmark.scope.is_empty() {
        parts.push(format!("intervals: {}", visible(&benchmark.scope)));
    }
    let location = &benchmark.location;
    if !location.file.is_empty() {
        parts.push(format!("{}:{}", visible(&location.file), location.line));
    }
    parts
}

fn failure(benchmark: &Benchmark) -> Option<FailureText> {
    let failure = benchmark.failure.as_ref()?;
    Some(FailureText {
        message: visible_lines(&failure.message),
        place: failure.place.as_deref().map(visible).unwrap_or_default(),
        output: failure
            .output
            .as_deref()
            .map(visible_lines)
            .unwrap_or_default(),
    })
}

fn headline(benchmark: &Benchmark) -> Option<Headline> {
    let single = facts::single_call(benchmark)?;
    let latency = figure::time_estimate(&single.latency_ns, &UNICODE);
    let (point, efficiency) = facts::largest_counted(benchmark)?;
    let efficiency = figure::efficiency(efficiency, point.threads, &UNICODE);
    let (lesser, lesser_name) = facts::lesser(point, benchmark, &UNICODE);
    Some(Headline {
        latency: latency.value,
        latency_spread: latency.spread.unwrap_or_default(),
        efficiency: efficiency.value,
        efficiency_spread: efficiency.spread.unwrap_or_default(),
        threads: point.threads,
        lesser,
        lesser_name: lesser_name.into(),
    })
}

fn change_text(change: &Change) -> ChangeText {
    ChangeText {
        baseline: visible(&change.baseline),
        threads: change.threads,
        parts: PartText::of(change).into(),
        throughput: figure::exact_factor(&change.throughput, &UNICODE),
        pattern: change.pattern.map_or("", facts::pattern_words).into(),
        sentence_html: linked(&visible(&change.sentence)),
        scope: visible(&change.scope),
    }
}

/// Cause and law in words.
fn sentences(benchmark: &Benchmark) -> Vec<String> {
    let cause = benchmark.cause.as_ref().map(|c| c.sentence.as_str());
    let law = benchmark.laws.as_ref().map(|l| l.sentence.as_str());
    [cause, law]
        .into_iter()
        .flatten()
        .filter(|s| !s.is_empty())
        .map(|s| linked(&visible(s)))
        .collect()
}

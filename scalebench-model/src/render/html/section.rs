//! The section of one benchmark.

use serde::Serialize;

use super::chart::{Detail, Shared, charts, history_charts};
use super::data_table::data_table;
use super::escape::escape;
use super::glossary::linked;
use super::history_table::history_table;
use super::load_table::load_table;
use super::row::key;
use super::values::function;
use crate::data::{Axis, Group, GroupKind, Status, Work};
use crate::render::facts::{self, Factor, Outcome, Part};
use crate::render::figure;
use crate::render::glyphs::UNICODE;
use crate::render::visible::{visible, visible_lines};
use crate::report::{Benchmark, Change, Expectation, ExpectationVerdict, Pattern};

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
    expectations: Vec<ExpectationText>,
    sentences_html: Vec<String>,
    charts_html: Vec<String>,
    table_html: String,
    history: Option<History>,
}

/// The figures over the stored runs.
#[derive(Debug, Serialize)]
struct History {
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
    /// What the first is.
    name: &'static str,
    latency: String,
    spread: String,
    scaling: Option<Scaling>,
}

/// What is known at the largest thread count that counts, or at the knee.
#[derive(Debug, Serialize)]
struct Scaling {
    name: String,
    figure: String,
    spread: String,
    lesser: String,
    lesser_name: String,
}

#[derive(Debug, Serialize)]
struct ChangeText {
    baseline: String,
    /// At how many threads, or under load.
    place: String,
    parts: Vec<PartText>,
    throughput: String,
    pattern: String,
    sentence_html: String,
    scope: String,
}

/// What was expected, and what became of it.
#[derive(Debug, Serialize)]
struct ExpectationText {
    word: &'static str,
    failed: bool,
    sentence_html: String,
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
    pub(super) key: String,
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
                Outcome::Small
                | Outcome::Same
                | Outcome::Neutral
                | Outcome::Unknown
                | Outcome::Absent => "no",
            },
            arrow: part.arrow(&UNICODE),
            name: part.name(),
            factor: part.factor(&UNICODE),
            exact: match part.outcome {
                Outcome::Absent => part.factor(&UNICODE),
                _ => figure::exact_factor(part.estimate, &UNICODE),
            },
            verdict: part.word,
            more: part
                .more_launches
                .filter(|_| part.outcome == Outcome::Unknown)
                .map_or_else(String::new, |n| {
                    format!("about {n} more launches would settle it")
                }),
            key: key(part.estimate.estimate),
        })
    }
}

/// What is the same for all sections of a page.
#[derive(Debug, Clone, Copy)]
pub(super) struct Setting {
    /// How much is drawn.
    pub(super) detail: Detail,
    /// Whether histories are drawn.
    pub(super) history: bool,
    /// Whether the page's head says what all intervals stand on.
    pub(super) same_scope: bool,
    /// Whether the page's head says what all changes control for.
    pub(super) same_change_scope: bool,
}

impl Setting {
    /// A sentence as HTML. Links are left out where thousands of them would make the page heavy.
    fn sentence(self, text: &str) -> String {
        match self.detail {
            Detail::Full => linked(&visible(text)),
            Detail::Brief => escape(&visible(text)),
        }
    }
}

impl Section {
    /// The section of a benchmark; `index` makes its id on the page.
    pub(super) fn of(
        benchmark: &Benchmark,
        index: usize,
        setting: Setting,
        shared: &mut Shared,
    ) -> Self {
        let detail = setting.detail;
        Self {
            index,
            name: name(benchmark),
            about: about(benchmark, setting),
            status: if benchmark.status == Status::Ok {
                String::new()
            } else {
                facts::status_word(benchmark.status).into()
            },
            failure: failure(benchmark),
            headline: headline(benchmark, setting),
            change: benchmark
                .change
                .as_ref()
                .map(|c| change_text(c, benchmark.axis, setting)),
            expectations: expectations(benchmark, setting),
            sentences_html: sentences(benchmark, setting),
            charts_html: charts(benchmark, detail, shared),
            table_html: match facts::under_load(benchmark) {
                true => load_table(benchmark),
                false => data_table(benchmark, detail),
            },
            history: history(benchmark, setting, shared),
        }
    }
}

fn expectations(benchmark: &Benchmark, setting: Setting) -> Vec<ExpectationText> {
    let text = |expectation: &Expectation| ExpectationText {
        word: facts::expectation_word(expectation.verdict),
        failed: expectation.verdict == ExpectationVerdict::Failed,
        sentence_html: setting.sentence(&expectation.sentence),
    };
    benchmark.expectations.iter().map(text).collect()
}

/// The history; none without one, and where page size matters.
fn history(benchmark: &Benchmark, setting: Setting, shared: &mut Shared) -> Option<History> {
    (setting.history && !benchmark.history.is_empty()).then(|| History {
        charts_html: history_charts(benchmark, shared),
        table_html: history_table(benchmark),
    })
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
fn about(benchmark: &Benchmark, setting: Setting) -> Vec<String> {
    let mut parts = vec![format!("{} mode", facts::mode_word(benchmark.mode))];
    parts.extend(benchmark.group.iter().flat_map(group));
    parts.extend(facts::workers(benchmark));
    parts.extend(facts::callers(benchmark));
    // Most names say them already.
    let unsaid = function(benchmark).map_or(&benchmark.parameters[..], |_| &[]);
    for parameter in unsaid {
        parts.push(format!(
            "{} = {}",
            visible(&parameter.name),
            visible(&parameter.value)
        ));
    }
    match benchmark.work {
        Some(Work::Items(n)) => parts.push(format!("{} items a call", figure::plain(n, &UNICODE))),
        Some(Work::Bytes(n)) => parts.push(format!("{} bytes a call", figure::plain(n, &UNICODE))),
        Some(Work::ItemsByInput) => parts.push("items counted from the inputs".to_owned()),
        Some(Work::BytesByInput) => parts.push("bytes counted from the inputs".to_owned()),
        None => {}
    }
    let plan = benchmark.load_plan.as_ref();
    parts.extend(plan.iter().flat_map(|plan| facts::arrivals(plan, &UNICODE)));
    if !setting.same_scope && !benchmark.scope.is_empty() {
        parts.push(format!("intervals: {}", visible(&benchmark.scope)));
    }
    let location = &benchmark.location;
    if !location.file.is_empty() {
        parts.push(format!("{}:{}", visible(&location.file), location.line));
    }
    parts
}

/// Which group it is part of, and what that means for its figures.
fn group(group: &Group) -> Vec<String> {
    let mut parts = vec![format!(
        "{} of {}",
        facts::share_of_group(group),
        visible(&group.id)
    )];
    if group.kind == GroupKind::Roles {
        parts.push("measured alone at 1 thread".into());
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

fn headline(benchmark: &Benchmark, setting: Setting) -> Option<Headline> {
    let latency = figure::time_estimate(facts::alone(benchmark)?, &UNICODE);
    let under_load = facts::under_load(benchmark);
    let scaling = match under_load {
        true => knee(benchmark),
        false => scaling(benchmark, setting),
    };
    Some(Headline {
        name: match under_load {
            true => "unloaded latency",
            false => "single-call latency",
        },
        latency: latency.value,
        spread: latency.spread.unwrap_or_default(),
        scaling,
    })
}

/// Efficiency at the largest thread count that counts, and throughput there.
fn scaling(benchmark: &Benchmark, setting: Setting) -> Option<Scaling> {
    let (point, efficiency) = facts::largest_counted(benchmark)?;
    let efficiency = figure::efficiency(efficiency, point.threads, &UNICODE);
    let (lesser, lesser_name) = match setting.detail {
        Detail::Full => facts::lesser(point, benchmark, &UNICODE),
        Detail::Brief => (String::new(), ""),
    };
    let threads = point.threads;
    Some(Scaling {
        name: format!("efficiency at {}", benchmark.axis.count(threads)),
        figure: efficiency.value,
        spread: efficiency.spread.unwrap_or_default(),
        lesser,
        lesser_name: format!("{lesser_name} at {threads}"),
    })
}

/// The knee, and what a closed loop reaches.
fn knee(benchmark: &Benchmark) -> Option<Scaling> {
    let knee = benchmark.knee_per_s.as_ref()?;
    let figure = figure::rate_estimate(knee, &UNICODE);
    let closed = benchmark.closed_loop_per_s.as_ref();
    let callers = benchmark.load_plan.as_ref().map_or(0, |plan| plan.callers);
    Some(Scaling {
        name: "load carried at the knee".into(),
        figure: figure.value,
        spread: figure.spread.unwrap_or_default(),
        lesser: closed.map_or_else(String::new, |e| figure::rate(e.estimate, "", &UNICODE)),
        lesser_name: format!("closed loop of {callers}"),
    })
}

fn change_text(change: &Change, axis: Axis, setting: Setting) -> ChangeText {
    let whole = || figure::exact_factor(&change.throughput, &UNICODE);
    ChangeText {
        baseline: visible(&change.baseline),
        place: match change.load {
            Some(_) => "under load".into(),
            None => format!("at {}", axis.count(change.threads)),
        },
        parts: PartText::of(change).into(),
        throughput: match (&change.load, setting.detail) {
            (Some(load), _) if !load.knees_compared => String::new(),
            (_, Detail::Brief) => String::new(),
            (Some(_), Detail::Full) => format!("load carried {}", whole()),
            (None, Detail::Full) => format!("throughput {}", whole()),
        },
        pattern: pattern(change),
        sentence_html: setting.sentence(&change.sentence),
        scope: if setting.same_change_scope {
            String::new()
        } else {
            visible(&change.scope)
        },
    }
}

/// Why efficiency moved, where there is no sentence to say so.
fn pattern(change: &Change) -> String {
    change
        .pattern
        .map(Pattern::word)
        .filter(|_| change.sentence.is_empty())
        .unwrap_or_default()
        .into()
}

/// What the curve does, what limits it, and its law, in words.
fn sentences(benchmark: &Benchmark, setting: Setting) -> Vec<String> {
    let cause = benchmark.cause.as_ref().map(|c| c.sentence.as_str());
    let law = benchmark.laws.as_ref().map(|l| l.sentence.as_str());
    let timing = facts::timing(benchmark, &UNICODE);
    let knee = benchmark.load_sentence.as_deref();
    let uneven = benchmark.uneven.as_deref();
    let summary = benchmark.summary.as_deref();
    [summary, knee, uneven, cause, law, timing.as_deref()]
        .into_iter()
        .flatten()
        .filter(|s| !s.is_empty())
        .map(|s| setting.sentence(s))
        .collect()
}

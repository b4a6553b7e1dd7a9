//! A row of the summary table.

use serde::Serialize;

use super::escape::escape;
use super::section::{PartText, name};
use crate::data::{Mode, Status};
use crate::render::facts;
use crate::render::figure;
use crate::render::glyphs::UNICODE;
use crate::report::Benchmark;

/// What the template of a row shows, plain text but for `name_html`.
#[derive(Debug, Serialize)]
pub(super) struct Row {
    index: usize,
    /// Whether it leads to a section.
    linked: bool,
    /// The name as markup: it may be broken between the parts of a path.
    name_html: String,
    /// The mode where it is not the usual one.
    mode: &'static str,
    status: &'static str,
    /// What became of the expectations, where there are any.
    expected: String,
    /// Whether one of them failed.
    disappoints: bool,
    latency: String,
    latency_spread: String,
    /// For sorting, ns; empty where there is none.
    latency_key: String,
    efficiency: String,
    efficiency_spread: String,
    efficiency_key: String,
    /// At how many threads, or where else the second figure was found.
    place: String,
    /// Length of the bar, 1 to 60; 0 for none.
    bar: u32,
    law: String,
    cause: &'static str,
    changed: bool,
    parts: Vec<PartText>,
}

impl Row {
    /// The row of a benchmark; `changed` says whether the table has columns for a change, `linked` whether there is a section
    /// for it to lead to.
    pub(super) fn of(benchmark: &Benchmark, index: usize, changed: bool, linked: bool) -> Self {
        let alone = facts::alone(benchmark);
        let knee = benchmark.knee_per_s.as_ref();
        let largest = facts::largest_counted(benchmark);
        let latency = alone.map(|e| figure::time_estimate(e, &UNICODE));
        let efficiency = largest.map(|(p, e)| figure::efficiency(e, p.threads, &UNICODE));
        let carried = knee.map(|e| figure::rate_estimate(e, &UNICODE));
        let split = |figure: Option<figure::Figure>| {
            figure.map_or_else(
                || (UNICODE.absent.to_owned(), String::new()),
                |f| (f.value, f.spread.unwrap_or_default()),
            )
        };
        let (latency, latency_spread) = split(latency);
        let (efficiency, efficiency_spread) = split(carried.or(efficiency));
        Self {
            index,
            linked,
            name_html: escape(&name(benchmark)).replace("::", "::<wbr>"),
            mode: match benchmark.mode {
                Mode::Concurrent => "",
                other => facts::mode_word(other),
            },
            status: match benchmark.status {
                Status::Ok => "",
                other => facts::status_word(other),
            },
            expected: facts::expectation_counts(benchmark.expectations.iter())
                .map_or_else(String::new, |counts| format!("expected: {counts}")),
            disappoints: facts::disappoints(benchmark),
            latency,
            latency_spread,
            latency_key: alone.map_or_else(String::new, |e| key(e.estimate)),
            efficiency,
            efficiency_spread,
            efficiency_key: largest.map_or_else(String::new, |(_, e)| key(e.estimate)),
            place: match knee {
                Some(_) => "at the knee".into(),
                None => largest.map_or_else(String::new, |(p, _)| facts::at(p, benchmark)),
            },
            bar: largest.map_or(0, |(_, e)| {
                (e.estimate.clamp(0.0, 1.0) * 60.0).round().max(1.0) as u32
            }),
            law: benchmark
                .laws
                .as_ref()
                .map_or_else(String::new, |l| facts::law_short(l, &UNICODE)),
            cause: benchmark
                .cause
                .as_ref()
                .and_then(|c| facts::cause_short(c.dominant))
                .unwrap_or(""),
            changed,
            parts: benchmark
                .change
                .as_ref()
                .map_or_else(Vec::new, |c| PartText::of(c).into()),
        }
    }
}

/// A figure as a sorting key; empty where it is none.
pub(super) fn key(value: f64) -> String {
    if value.is_finite() {
        format!("{value:.4e}")
    } else {
        String::new()
    }
}

//! Response times under load as a table: for screen readers, for printing, and for the chart's tooltips.

use std::fmt::Write;

use super::escape::escape;
use crate::render::facts;
use crate::render::figure;
use crate::render::glyphs::UNICODE;
use crate::report::{Benchmark, Estimate, LoadPoint, OldLoadPoint};

/// One row: a rate, and what the baseline said of it.
#[derive(Debug)]
struct Row<'a> {
    point: &'a LoadPoint,
    old: Option<&'a OldLoadPoint>,
}

/// A column: its title, in which charts' tooltips it stands, and its cell.
type Column = (&'static str, &'static str, fn(&Row<'_>) -> Option<String>);

/// All columns, in order; those that no row has a figure for are left out.
const COLUMNS: [Column; 14] = [
    ("Achieved", "r", |r| {
        Some(figure::exact_rate(&r.point.achieved_per_s, &UNICODE))
    }),
    ("p50", "r", |r| time(r.point.response_ns.p50)),
    ("p90", "r", |r| time(r.point.response_ns.p90)),
    ("p99", "r", |r| time(r.point.response_ns.p99)),
    ("p99.9", "r", |r| time(r.point.response_ns.p999)),
    ("max", "-", |r| time(r.point.response_ns.max)),
    ("Mean", "-", |r| time(r.point.response_ns.mean)),
    ("p50 before", "r", |r| bare(r.old?.p50_ns)),
    ("p99 before", "r", |r| bare(r.old?.p99_ns)),
    ("Errors", "r", |r| some(r.point.errors)),
    ("Timed out", "r", |r| some(r.point.timed_out)),
    ("Unfinished", "r", |r| some(r.point.unfinished)),
    ("Generator late (p99)", "-", |r| {
        bare(Some(r.point.late_p99_ns))
    }),
    ("Notes", "r", notes),
];

fn time(estimate: Option<Estimate>) -> Option<String> {
    Some(figure::exact_time(&estimate?, &UNICODE))
}

fn bare(ns: Option<f64>) -> Option<String> {
    ns.filter(|v| v.is_finite())
        .map(|v| figure::time(v, &UNICODE))
}

fn some(count: u64) -> Option<String> {
    (count > 0).then(|| count.to_string())
}

fn notes(row: &Row<'_>) -> Option<String> {
    let mut notes: Vec<&str> = Vec::new();
    if !row.point.counted {
        notes.push("not counted");
    }
    notes.extend(row.point.flags.iter().map(|f| facts::flag_words(*f).1));
    (!notes.is_empty()).then(|| notes.join("; "))
}

/// The table as HTML; empty without rates.
pub(super) fn load_table(benchmark: &Benchmark) -> String {
    if benchmark.load.is_empty() {
        return String::new();
    }
    let change = benchmark.change.as_ref().and_then(|c| c.load.as_ref());
    let old = change.map_or(&[][..], |load| &load.old_points);
    let same = |a: f64, b: f64| (a / b - 1.0).abs() < 0.001;
    let rows = benchmark.load.iter().map(|point| Row {
        point,
        old: old
            .iter()
            .find(|o| same(o.offered_per_s, point.offered_per_s)),
    });
    let rows: Vec<(String, Vec<Option<String>>)> = rows
        .map(|row| {
            let offered = figure::rate(row.point.offered_per_s, "", &UNICODE);
            (
                offered,
                COLUMNS.iter().map(|(.., cell)| cell(&row)).collect(),
            )
        })
        .collect();
    let used: Vec<usize> = (0..COLUMNS.len())
        .filter(|i| rows.iter().any(|(_, cells)| cells[*i].is_some()))
        .collect();
    let kinds: Vec<&str> = used.iter().map(|i| COLUMNS[*i].1).collect();
    let mut out = format!(
        "<table class=\"f c{}\" data-k=\"{}\"><thead><tr><th>Offered</th>",
        used.len() + 1,
        kinds.join(" ")
    );
    for i in &used {
        let _ = write!(out, "<th>{}</th>", COLUMNS[*i].0);
    }
    out.push_str("</tr></thead><tbody>");
    for (offered, cells) in &rows {
        let _ = write!(out, "<tr><th scope=row>{}</th>", escape(offered));
        for i in &used {
            let _ = write!(
                out,
                "<td>{}</td>",
                escape(cells[*i].as_deref().unwrap_or(""))
            );
        }
        out.push_str("</tr>");
    }
    out.push_str("</tbody></table>");
    out
}

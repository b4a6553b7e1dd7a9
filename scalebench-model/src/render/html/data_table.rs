//! Every figure of a benchmark as a table: for screen readers, for printing, and for the charts' tooltips.

use std::fmt::Write;

use super::chart::Detail;
use super::escape::escape;
use crate::data::Axis;
use crate::render::facts;
use crate::render::figure;
use crate::render::glyphs::UNICODE;
use crate::report::{Benchmark, Flag, OldPoint, Percentiles, Point};

/// One row: a point, and what else is known at its thread count.
#[derive(Debug)]
struct Row<'a> {
    point: &'a Point,
    old: Option<&'a OldPoint>,
    benchmark: &'a Benchmark,
}

/// A column: title, the charts whose tooltips show it, and its cell. Cells are plain text; `None` is "not known".
struct Column {
    title: &'static str,
    kinds: &'static str,
    cell: Cell,
    /// Whether the column stands on pages of very many benchmarks too.
    always: bool,
}

type Cell = fn(&Row<'_>) -> Option<String>;

const fn column(title: &'static str, kinds: &'static str, cell: Cell) -> Column {
    Column {
        title,
        kinds,
        cell,
        always: true,
    }
}

const fn lesser(title: &'static str, kinds: &'static str, cell: Cell) -> Column {
    Column {
        title,
        kinds,
        cell,
        always: false,
    }
}

/// All columns, in order; those that no row has a figure for are left out.
const COLUMNS: [Column; 25] = [
    column("Latency", "lp", |r| {
        Some(figure::exact_time(&r.point.latency_ns, &UNICODE))
    }),
    column("Efficiency", "e", |r| {
        let efficiency = r.point.efficiency.as_ref()?;
        Some(if r.point.threads == 1 {
            figure::share(efficiency.estimate, &UNICODE)
        } else {
            figure::exact_share(efficiency, &UNICODE)
        })
    }),
    column("Throughput", "p", |r| {
        Some(figure::exact_rate(&r.point.throughput_per_s, &UNICODE))
    }),
    lesser("Speedup", "e", |r| {
        let speedup = r.point.speedup.as_ref()?;
        (r.point.threads > 1).then(|| figure::exact_plain(speedup, &UNICODE))
    }),
    lesser("Surcharge", "l", |r| {
        let surcharge = r.point.surcharge_ns.as_ref()?;
        (r.point.threads > 1).then(|| figure::exact_time(surcharge, &UNICODE))
    }),
    lesser("Latency before", "lp", |r| time(Some(r.old?.latency_ns))),
    lesser("Efficiency before", "e", |r| share(r.old?.efficiency)),
    lesser("Throughput before", "p", |r| {
        Some(figure::rate(r.old?.throughput_per_s, "", &UNICODE))
    }),
    column("Ceiling", "e", |r| share(r.point.ceiling)),
    lesser("Ceiling, streaming", "e", |r| {
        share(r.point.ceiling_streaming)
    }),
    lesser("Wall-clock latency", "l", |r| {
        time(Some(r.point.wall_latency_ns.estimate))
    }),
    column("On CPU", "t", |r| time(r.point.on_cpu_ns)),
    column("Waiting", "t", |r| time(r.point.waiting_ns)),
    column("Blocked", "t", |r| time(r.point.blocked_ns)),
    lesser("Karp–Flatt", "k", |r| {
        let figures = &r.benchmark.laws.as_ref()?.karp_flatt;
        let found = figures.iter().find(|k| k.threads == r.point.threads)?;
        Some(figure::exact_share(&found.serial_fraction, &UNICODE))
    }),
    lesser("p50", "q", |r| percentile(r, |p| p.p50)),
    lesser("p90", "q", |r| percentile(r, |p| p.p90)),
    lesser("p99", "q", |r| percentile(r, |p| p.p99)),
    lesser("p99.9", "q", |r| percentile(r, |p| p.p999)),
    lesser("max", "q", |r| percentile(r, |p| p.max)),
    lesser("Overlap", "-", |r| share(Some(r.point.overlap))),
    lesser("Disturbed", "-", |r| share(Some(r.point.disturbed))),
    lesser("Slow", "-", |r| share(r.point.slow)),
    lesser("Fairness", "-", |r| {
        r.point.fairness.map(|v| figure::plain(v, &UNICODE))
    }),
    column("Notes", "lepktq", notes),
];

fn time(ns: Option<f64>) -> Option<String> {
    ns.filter(|v| v.is_finite())
        .map(|v| figure::time(v, &UNICODE))
}

fn share(value: Option<f64>) -> Option<String> {
    value
        .filter(|v| v.is_finite())
        .map(|v| figure::share(v, &UNICODE))
}

fn percentile(row: &Row<'_>, of: fn(&Percentiles) -> f64) -> Option<String> {
    time(row.point.percentiles_ns.as_ref().map(of))
}

fn notes(row: &Row<'_>) -> Option<String> {
    let mut notes: Vec<String> = Vec::new();
    if !row.point.counted {
        notes.push("not counted".to_owned());
    }
    if !facts::measured(row.point) {
        notes.push(facts::why_not_measured(row.point));
    }
    let others = row.point.flags.iter();
    let others = others.filter(|flag| !matches!(flag, Flag::NotMeasured | Flag::BeyondMachine));
    notes.extend(others.map(|flag| facts::flag_words(*flag).1.to_owned()));
    (!notes.is_empty()).then(|| notes.join("; "))
}

/// The table as HTML; empty without points.
pub(super) fn data_table(benchmark: &Benchmark, detail: Detail) -> String {
    let old = benchmark.change.as_ref().map_or(&[][..], |c| &c.old_points);
    let rows: Vec<Row<'_>> = benchmark
        .points
        .iter()
        .map(|point| Row {
            point,
            old: old.iter().find(|o| o.threads == point.threads),
            benchmark,
        })
        .collect();
    if rows.is_empty() {
        return String::new();
    }
    let cells: Vec<Vec<Option<String>>> = rows.iter().map(cells_of).collect();
    let used: Vec<usize> = (0..COLUMNS.len())
        .filter(|i| COLUMNS[*i].always || detail == Detail::Full)
        .filter(|i| cells.iter().any(|row| row[*i].is_some()))
        .collect();
    let kinds: Vec<&str> = used.iter().map(|i| COLUMNS[*i].kinds).collect();
    let mut out = format!(
        "<table class=\"f c{}\" data-k=\"{}\"><thead><tr><th>{}</th>",
        used.len() + 1,
        kinds.join(" "),
        match benchmark.axis {
            Axis::Threads => "Threads",
            Axis::Tasks => "Tasks",
            Axis::Processes => "Processes",
            Axis::Callers => "Callers",
        }
    );
    for i in &used {
        let _ = write!(out, "<th>{}</th>", COLUMNS[*i].title);
    }
    out.push_str("</tr></thead><tbody>");
    for (row, cells) in rows.iter().zip(&cells) {
        let _ = write!(
            out,
            "<tr{}><th scope=row>{}</th>",
            match facts::is_reference(row.point) {
                true => " class=rf",
                false => "",
            },
            facts::thread_count(row.point, row.benchmark)
        );
        for i in &used {
            let text = cells[*i].as_deref().unwrap_or("");
            let _ = write!(out, "<td>{}</td>", escape(text));
        }
        out.push_str("</tr>");
    }
    out.push_str("</tbody></table>");
    out
}

/// The cells of a row. Where nothing was measured only the notes remain: a figure that looks like one must not come out.
fn cells_of(row: &Row<'_>) -> Vec<Option<String>> {
    let measured = facts::measured(row.point);
    let last = COLUMNS.len() - 1;
    COLUMNS
        .iter()
        .enumerate()
        .map(|(i, column)| {
            (measured || i == last)
                .then(|| (column.cell)(row))
                .flatten()
        })
        .collect()
}

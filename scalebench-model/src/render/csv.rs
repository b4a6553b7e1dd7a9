//! Every figure as comma-separated values (RFC 4180).

use super::facts;
use super::visible::visible;
use crate::report::{Benchmark, Estimate, Flag, LoadPoint, Percentiles, Point, Report};

/// A column: its title and its cell.
type Column = (&'static str, fn(&Point) -> Option<f64>);

/// The columns of figures, named as in the report.
const COLUMNS: [Column; 28] = [
    ("latency_ns", |p| Some(p.latency_ns.estimate)),
    ("latency_ns_lower", |p| lower(Some(&p.latency_ns))),
    ("latency_ns_upper", |p| upper(Some(&p.latency_ns))),
    ("wall_latency_ns", |p| Some(p.wall_latency_ns.estimate)),
    ("throughput_per_s", |p| Some(p.throughput_per_s.estimate)),
    ("throughput_per_s_lower", |p| {
        lower(Some(&p.throughput_per_s))
    }),
    ("throughput_per_s_upper", |p| {
        upper(Some(&p.throughput_per_s))
    }),
    ("efficiency", |p| p.efficiency.map(|e| e.estimate)),
    ("efficiency_lower", |p| lower(p.efficiency.as_ref())),
    ("efficiency_upper", |p| upper(p.efficiency.as_ref())),
    ("speedup", |p| p.speedup.map(|e| e.estimate)),
    ("surcharge_ns", |p| p.surcharge_ns.map(|e| e.estimate)),
    ("surcharge_ns_lower", |p| lower(p.surcharge_ns.as_ref())),
    ("surcharge_ns_upper", |p| upper(p.surcharge_ns.as_ref())),
    ("overlap", |p| Some(p.overlap)),
    ("ceiling", |p| p.ceiling),
    ("ceiling_streaming", |p| p.ceiling_streaming),
    ("on_cpu_ns", |p| p.on_cpu_ns),
    ("waiting_ns", |p| p.waiting_ns),
    ("blocked_ns", |p| p.blocked_ns),
    ("disturbed", |p| Some(p.disturbed)),
    ("slow", |p| p.slow),
    ("fairness", |p| p.fairness),
    ("p50_ns", |p| percentile(p, |q| q.p50)),
    ("p90_ns", |p| percentile(p, |q| q.p90)),
    ("p99_ns", |p| percentile(p, |q| q.p99)),
    ("p999_ns", |p| percentile(p, |q| q.p999)),
    ("max_ns", |p| percentile(p, |q| q.max)),
];

fn lower(estimate: Option<&Estimate>) -> Option<f64> {
    estimate.filter(|e| e.level > 0.0).map(|e| e.lower)
}

fn upper(estimate: Option<&Estimate>) -> Option<f64> {
    estimate.filter(|e| e.level > 0.0).map(|e| e.upper)
}

fn percentile(point: &Point, of: fn(&Percentiles) -> f64) -> Option<f64> {
    point.percentiles_ns.as_ref().map(of)
}

/// The report as comma-separated values: a header, then a line for each thread count of each benchmark.
///
/// Columns carry the report's names and units; `latency_ns_lower` and the like are the ends of intervals. A cell is empty
/// where a figure is not known. A benchmark without points has one line with its status. Points that were not measured
/// have flags and no figures. In load mode a line is of a rate: `threads` is empty, the percentiles are those of response
/// times, and the columns at the end belong to it. The very last, `change`, says in words what changed of the benchmark against
/// a baseline, on each of its lines. `benchmark`, `threads` and `latency_ns` are the columns that `cargo scalebench analyze`
/// reads back.
///
/// ```
/// # use scalebench_model::{data::{Host, Schema}, render, report::Report};
/// # let report = Report { schema: Schema::report(), host: Host::default(), runs: vec![], warnings: vec![], benchmarks: vec![] };
/// assert!(render::csv(&report).starts_with("benchmark,mode,status,threads,latency_ns,"));
/// ```
#[must_use]
pub fn csv(report: &Report) -> String {
    let mut lines = vec![header()];
    for benchmark in &report.benchmarks {
        let head = [
            quoted(&visible(&benchmark.id)),
            facts::mode_word(benchmark.mode).to_owned(),
            facts::status_name(benchmark.status).to_owned(),
        ]
        .join(",");
        if benchmark.points.is_empty() && benchmark.load.is_empty() {
            let empty = ",".repeat(COLUMNS.len() + LOAD_COLUMNS.len() + 2);
            lines.push(format!("{head},{empty},"));
        }
        let change = benchmark.change.as_ref();
        let change = change.map_or_else(String::new, |c| quoted(&visible(&c.short)));
        let load = benchmark.load.iter().map(load_line);
        let all = points(benchmark).chain(load);
        lines.extend(all.map(|line| format!("{head},{line},{change}")));
    }
    let mut text = lines.join("\n");
    text.push('\n');
    text
}

fn header() -> String {
    let mut titles = vec!["benchmark", "mode", "status", "threads"];
    titles.extend(COLUMNS.iter().map(|(title, _)| *title));
    titles.extend(["counted", "flags"]);
    titles.extend(LOAD_COLUMNS.iter().map(|(title, _)| *title));
    titles.push("change");
    titles.join(",")
}

/// A column of load mode: its title and its cell.
type LoadColumn = (&'static str, fn(&LoadPoint) -> Option<f64>);

/// The columns of load mode stand after all others, so that a reader by place finds those where they were.
const LOAD_COLUMNS: [LoadColumn; 9] = [
    ("offered_per_s", |p| Some(p.offered_per_s)),
    ("achieved_per_s", |p| Some(p.achieved_per_s.estimate)),
    ("mean_ns", |p| p.response_ns.mean.map(|e| e.estimate)),
    ("p99_ns_lower", |p| lower(p.response_ns.p99.as_ref())),
    ("p99_ns_upper", |p| upper(p.response_ns.p99.as_ref())),
    ("arrivals", |p| Some(p.arrivals as f64)),
    ("errors", |p| Some(p.errors as f64)),
    ("timed_out", |p| Some(p.timed_out as f64)),
    ("unfinished", |p| Some(p.unfinished as f64)),
];

/// A line of load mode: the percentiles stand in the columns that all modes have.
fn load_line(point: &LoadPoint) -> String {
    let response = |title: &str| match title {
        "p50_ns" => point.response_ns.p50,
        "p90_ns" => point.response_ns.p90,
        "p99_ns" => point.response_ns.p99,
        "p999_ns" => point.response_ns.p999,
        "max_ns" => point.response_ns.max,
        _ => None,
    };
    let mut cells = vec![String::new()];
    let common = COLUMNS.iter().map(|(title, _)| response(title));
    cells.extend(common.map(|e| cell(e.map(|e| e.estimate))));
    cells.push(point.counted.to_string());
    cells.push(flags(&point.flags));
    cells.extend(LOAD_COLUMNS.iter().map(|(_, figure)| cell(figure(point))));
    cells.join(",")
}

/// A figure; empty where it is not known.
fn cell(figure: Option<f64>) -> String {
    figure
        .filter(|v| v.is_finite())
        .map_or_else(String::new, |v| v.to_string())
}

fn flags(flags: &[Flag]) -> String {
    let names: Vec<&str> = flags.iter().map(|f| facts::flag_name(*f)).collect();
    names.join(" ")
}

fn points(benchmark: &Benchmark) -> impl Iterator<Item = String> {
    benchmark.points.iter().map(|point| {
        let mut cells = vec![point.threads.to_string()];
        let known = facts::measured(point);
        let figures = COLUMNS.iter().map(|(_, figure)| figure(point));
        cells.extend(figures.map(|figure| cell(figure.filter(|_| known))));
        cells.push(point.counted.to_string());
        cells.push(flags(&point.flags));
        cells.extend(vec![String::new(); LOAD_COLUMNS.len()]);
        cells.join(",")
    })
}

/// What a spreadsheet takes for a formula when a cell begins with it.
const FORMULA: [char; 4] = ['=', '+', '-', '@'];

/// A cell of text, in quotes where it needs them. What would be a formula gets an apostrophe, by which spreadsheets know text.
///
/// Source: OWASP, "CSV Injection". Tabs and carriage returns, which it names too, are written out by [`visible`].
fn quoted(text: &str) -> String {
    if text.trim_start().starts_with(FORMULA) {
        return quoted(&format!("'{text}"));
    }
    if text.contains([',', '"']) || text.trim() != text {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

//! The history of a benchmark as a table: for screen readers, for printing, and for the charts' tooltips.

use std::fmt::Write;

use super::escape::escape;
use crate::render::facts;
use crate::render::figure;
use crate::render::glyphs::UNICODE;
use crate::render::visible::{commit, utc};
use crate::report::{Benchmark, HistoryPoint};

/// The columns after the first: in which charts' tooltips they stand.
const KINDS: &str = "hy h h y y";

/// The table as HTML; empty without a history.
pub(super) fn history_table(benchmark: &Benchmark) -> String {
    let Some(last) = benchmark.history.last() else {
        return String::new();
    };
    let second = match last.threads {
        _ if facts::under_load(benchmark) => "Load carried".to_owned(),
        Some(n) => format!("Efficiency at {}", benchmark.axis.count(n)),
        None => "Efficiency".to_owned(),
    };
    let mut out = format!(
        "<table class=y data-k=\"{KINDS}\"><thead><tr><th>Run</th><th>Revision</th><th>Latency</th>\
         <th>Performance</th><th>{second}</th><th>Scalability</th></tr></thead><tbody>"
    );
    for point in &benchmark.history {
        let when = utc(point.started_unix_s);
        let _ = write!(out, "<tr><th scope=row>{}</th>", escape(&when));
        for cell in cells(point) {
            let _ = write!(out, "<td>{}</td>", escape(&cell));
        }
        out.push_str("</tr>");
    }
    out.push_str("</tbody></table>");
    out
}

/// Efficiency, or in load mode the knee.
fn second(point: &HistoryPoint) -> String {
    match (&point.knee_per_s, &point.efficiency) {
        (Some(knee), _) => figure::exact_rate(knee, &UNICODE),
        (None, Some(efficiency)) => figure::exact_share(efficiency, &UNICODE),
        (None, None) => String::new(),
    }
}

fn cells(point: &HistoryPoint) -> [String; 5] {
    let factor = |changed: &Option<_>| {
        changed
            .as_ref()
            .map_or_else(String::new, |e| figure::exact_factor(e, &UNICODE))
    };
    [
        point.revision.as_ref().map_or_else(String::new, commit),
        figure::exact_time(&point.latency_ns, &UNICODE),
        factor(&point.performance_changed),
        second(point),
        factor(&point.scalability_changed),
    ]
}

//! The history of a benchmark as a table: for screen readers, for printing, and for the charts' tooltips.

use std::fmt::Write;

use super::escape::escape;
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
    let efficiency = last.threads.map_or_else(
        || "Efficiency".to_owned(),
        |n| format!("Efficiency at {}", benchmark.axis.count(n)),
    );
    let mut out = format!(
        "<table class=y data-k=\"{KINDS}\"><thead><tr><th>Run</th><th>Revision</th><th>Latency</th>\
         <th>Performance</th><th>{efficiency}</th><th>Scalability</th></tr></thead><tbody>"
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
        point
            .efficiency
            .as_ref()
            .map_or_else(String::new, |e| figure::exact_share(e, &UNICODE)),
        factor(&point.scalability_changed),
    ]
}

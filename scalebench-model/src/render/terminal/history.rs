//! The history of each benchmark on the terminal.

use super::paint::{Ink, Painter};
use super::wrap::{TIE, cells, left, wrap};
use super::{MEASURE, NARROWEST, TerminalStyle};
use crate::render::facts;
use crate::render::figure;
use crate::render::glyphs::{ASCII, Glyphs, UNICODE};
use crate::render::visible::{ascii, commit, utc, visible};
use crate::report::{Benchmark, Estimate, HistoryPoint, Report};

/// Cells before a line and between two columns.
const INDENT: usize = 2;
const GAP: usize = 2;

/// The history of every benchmark that has one, as tables for the terminal: a line a run, oldest first, with single-call
/// latency and efficiency; behind a figure that changed stands the factor.
///
/// No line takes more than `style.width` display cells (60 where it is less).
///
/// ```
/// # use scalebench_model::{data::{Host, Schema}, render, report::Report};
/// # let report = Report { schema: Schema::report(), host: Host::default(), runs: vec![], warnings: vec![], benchmarks: vec![] };
/// let style = render::TerminalStyle { width: 80, color: true, unicode: true };
/// assert!(render::history(&report, &style).is_empty());
/// ```
#[must_use]
pub fn history(report: &Report, style: &TerminalStyle) -> String {
    let shown: Vec<&Benchmark> = report
        .benchmarks
        .iter()
        .filter(|each| !each.history.is_empty())
        .collect();
    let screen = Screen {
        width: style.width.max(NARROWEST),
        glyphs: if style.unicode { &UNICODE } else { &ASCII },
        painter: Painter { color: style.color },
        unicode: style.unicode,
    };
    let mut lines: Vec<String> = shown.iter().flat_map(|each| screen.block(each)).collect();
    let legend = screen.legend(&shown);
    lines.extend(
        wrap(&legend, screen.measure(), screen.measure())
            .iter()
            .map(|line| screen.painter.paint(Ink::Dim, line)),
    );
    lines.into_iter().map(|line| line + "\n").collect()
}

struct Screen {
    width: usize,
    glyphs: &'static Glyphs,
    painter: Painter,
    unicode: bool,
}

/// How much a line leaves out so that it fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Thin {
    Nothing,
    TimeOfDay,
    Spreads,
    Revision,
}

/// The cells of a line.
type Row = [String; 6];

/// What the columns are, for colours.
const INKS: [Ink; 6] = [
    Ink::Dim,
    Ink::Dim,
    Ink::Performance,
    Ink::Caution,
    Ink::Scalability,
    Ink::Caution,
];

impl Screen {
    fn measure(&self) -> usize {
        self.width.min(MEASURE)
    }

    fn text(&self, text: &str) -> String {
        let text = visible(text);
        if self.unicode { text } else { ascii(&text) }
    }

    fn block(&self, benchmark: &Benchmark) -> Vec<String> {
        let mut heading = self.text(&benchmark.id);
        let newest = benchmark.history.last().and_then(|point| point.threads);
        if facts::under_load(benchmark) {
            heading.push_str(&format!(" {} load carried at the knee", self.glyphs.dot));
        }
        if let Some(threads) = newest {
            let dot = self.glyphs.dot;
            heading.push_str(&format!(
                " {dot} efficiency at {}",
                benchmark.axis.count(threads)
            ));
        }
        let mut lines: Vec<String> = wrap(&heading, self.width, self.width)
            .iter()
            .map(|line| self.painter.paint(Ink::Name, line))
            .collect();
        let thins = [
            Thin::Nothing,
            Thin::TimeOfDay,
            Thin::Spreads,
            Thin::Revision,
        ];
        let tables = thins.map(|thin| self.rows(benchmark, thin));
        let fitting = tables.iter().find(|rows| total(rows) <= self.width);
        if let Some(rows) = fitting.or(tables.last()) {
            let widths = widths(rows);
            lines.extend(rows.iter().map(|row| self.line(row, &widths)));
        }
        lines
    }

    fn rows(&self, benchmark: &Benchmark, thin: Thin) -> Vec<Row> {
        let row = |point| self.row(point, thin);
        benchmark.history.iter().map(row).collect()
    }

    fn row(&self, point: &HistoryPoint, thin: Thin) -> Row {
        let when = utc(point.started_unix_s);
        let shown = |figure: figure::Figure| match thin < Thin::Spreads {
            true => figure.joined(),
            false => figure.value,
        };
        let efficiency = point.efficiency.as_ref();
        let efficiency = efficiency.map(|e| figure::share_estimate(e, self.glyphs));
        let knee = point.knee_per_s.as_ref();
        let knee = knee.map(|e| figure::rate_estimate(e, self.glyphs));
        let second = knee.or(efficiency);
        let second = second.unwrap_or_else(|| figure::Figure::absent(self.glyphs));
        let (g, faster) = (self.glyphs, point.performance_changed.as_ref());
        [
            match thin {
                Thin::Nothing => when.trim_end_matches(" UTC").to_owned(),
                _ => when.split(' ').next().unwrap_or_default().to_owned(),
            },
            match (&point.revision, thin) {
                (Some(revision), Thin::Nothing | Thin::TimeOfDay | Thin::Spreads) => {
                    self.text(&commit(revision))
                }
                _ => String::new(),
            },
            shown(figure::time_estimate(&point.latency_ns, g)),
            self.mark(faster, [g.down, g.up]),
            shown(second),
            self.mark(point.scalability_changed.as_ref(), [g.right, g.left]),
        ]
    }

    /// Arrow and factor of a change: the first arrow is the better way.
    fn mark(&self, changed: Option<&Estimate>, arrows: [&str; 2]) -> String {
        changed.map_or_else(String::new, |factor| {
            let arrow = arrows[usize::from(factor.estimate < 1.0)];
            format!("{arrow} {}", figure::factor(factor.estimate, self.glyphs))
        })
    }

    fn line(&self, row: &Row, widths: &[usize; 6]) -> String {
        let mut line = " ".repeat(INDENT);
        let last = row.iter().rposition(|cell| !cell.is_empty()).unwrap_or(0);
        for (i, cell) in row.iter().enumerate().take(last + 1) {
            if widths[i] == 0 {
                continue;
            }
            line.push_str(&self.painter.paint(INKS[i], cell));
            if i < last {
                let filled = left(cell, widths[i] + GAP).len() - cell.len();
                line.push_str(&" ".repeat(filled));
            }
        }
        line
    }

    /// What the signs in the tables mean, of those that are there.
    fn legend(&self, shown: &[&Benchmark]) -> String {
        let points = || shown.iter().flat_map(|each| &each.history);
        let g = self.glyphs;
        let mut parts = Vec::new();
        if points().any(|p| p.revision.as_ref().is_some_and(|r| r.dirty)) {
            parts.push(format!("+{TIE}uncommitted changes."));
        }
        if points().any(|p| p.performance_changed.is_some() || p.scalability_changed.is_some()) {
            parts.push(format!(
                "{}{TIE}faster, {}{TIE}slower, {}{TIE}scales better, {}{TIE}scales worse: changed against the last run \
                 before with 3 launches or more.",
                g.down, g.up, g.right, g.left
            ));
        } else if !shown.is_empty() {
            parts.push("No step is a change beyond doubt.".to_owned());
        }
        parts.join(" ")
    }
}

/// Cells of each column.
fn widths(rows: &[Row]) -> [usize; 6] {
    std::array::from_fn(|i| rows.iter().map(|row| cells(&row[i])).max().unwrap_or(0))
}

/// Cells of a line with everything in it.
fn total(rows: &[Row]) -> usize {
    let widths = widths(rows);
    let used = widths.iter().filter(|width| **width > 0).count();
    INDENT + widths.iter().sum::<usize>() + GAP * used.saturating_sub(1)
}

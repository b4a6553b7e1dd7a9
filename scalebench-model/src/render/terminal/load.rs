//! Response times under load on the terminal.

use super::super::facts;
use super::super::figure::{self, Figure};
use super::super::glyphs::Glyphs;
use super::Screen;
use super::bar::Bar;
use super::columns::marked;
use super::paint::Ink;
use super::wrap::{cells, left, right, wrap};
use crate::report::{Benchmark, Estimate, Flag, LoadPoint};

/// Cells between two columns.
const GAP: usize = 2;
/// Below this width a bar says nothing.
const SHORTEST_BAR: usize = 8;
/// Above this width a bar says no more.
const LONGEST_BAR: usize = 40;

/// The lines of a benchmark in load mode: the figures without load, then a line a rate; none in other modes.
pub(super) fn lines(benchmark: &Benchmark, screen: &Screen<'_>) -> Vec<String> {
    let mut lines = alone(benchmark, screen);
    if let Some(table) = Table::of(benchmark, screen) {
        lines.push(screen.painter.paint(Ink::Dim, &table.titles()));
        lines.extend(benchmark.load.iter().map(|p| table.line(p, screen)));
    }
    lines
}

/// Whether bars of this benchmark are drawn with a mark for the knee.
pub(super) fn has_limit(benchmark: &Benchmark, screen: &Screen<'_>) -> bool {
    Table::of(benchmark, screen).is_some_and(|table| table.bar > 0 && table.limit.is_some())
}

/// What a call costs unloaded, what a closed loop reaches, and how calls arrive.
fn alone(benchmark: &Benchmark, screen: &Screen<'_>) -> Vec<String> {
    let Some(plan) = &benchmark.load_plan else {
        return Vec::new();
    };
    let glyphs = screen.glyphs;
    let unloaded = benchmark.unloaded_latency_ns.as_ref();
    let unloaded =
        unloaded.map(|e| format!("unloaded {}", figure::time_estimate(e, glyphs).joined()));
    let closed = benchmark.closed_loop_per_s.as_ref();
    let closed = closed.map(|e| {
        let rate = figure::rate_estimate(e, glyphs).joined();
        format!("closed loop of {}: {rate}", plan.callers)
    });
    let mut parts: Vec<String> = closed.into_iter().collect();
    parts.extend(facts::arrivals(plan, glyphs));
    let dot = format!(" {} ", glyphs.dot);
    let rest = parts.join(&dot);
    let text = unloaded
        .iter()
        .cloned()
        .chain([rest])
        .collect::<Vec<_>>()
        .join(&dot);
    let lines = wrap(&text, screen.width - GAP, screen.width - GAP);
    let paint = |line: &String| match &unloaded {
        Some(first) if line.starts_with(first.as_str()) => {
            let (first, rest) = line.split_at(first.len());
            let first = screen.painter.paint(Ink::Performance, first);
            format!("{first}{}", screen.painter.paint(Ink::Dim, rest))
        }
        _ => screen.painter.paint(Ink::Dim, line),
    };
    let indent = " ".repeat(GAP);
    lines
        .iter()
        .map(|line| format!("{indent}{}", paint(line)))
        .collect()
}

/// The widths of the columns, and the scale of the bars.
struct Table {
    offered: usize,
    achieved: usize,
    /// Cells of the figure and of its spread.
    p50: [usize; 2],
    p99: [usize; 2],
    marks: usize,
    bar: usize,
    /// What a bar of no length and a full one stand for, ns.
    ends: (f64, f64),
    /// At which p99 the knee lies, ns.
    limit: Option<f64>,
}

/// The cells of one line.
struct Row {
    offered: String,
    achieved: String,
    p50: Figure,
    p99: Figure,
    marks: String,
}

impl Row {
    fn of(point: &LoadPoint, glyphs: &Glyphs) -> Self {
        let time = |e: &Option<Estimate>| {
            e.as_ref().map_or_else(
                || Figure::absent(glyphs),
                |e| figure::time_estimate(e, glyphs),
            )
        };
        let flags = point.flags.iter().filter(|f| marked(**f));
        Self {
            offered: figure::rate(point.offered_per_s, "", glyphs),
            achieved: figure::rate(point.achieved_per_s.estimate, "", glyphs),
            p50: time(&point.response_ns.p50),
            p99: time(&point.response_ns.p99),
            marks: flags.map(|f| facts::flag_words(*f).0).collect(),
        }
    }
}

impl Table {
    /// `None` where there are no rates.
    fn of(benchmark: &Benchmark, screen: &Screen<'_>) -> Option<Self> {
        if benchmark.load.is_empty() {
            return None;
        }
        let mut table = Self {
            offered: "offered".len(),
            achieved: "achieved".len(),
            p50: ["p50".len(), 0],
            p99: ["p99".len(), 0],
            marks: 0,
            bar: 0,
            ends: ends(benchmark),
            limit: facts::knee_limit(benchmark),
        };
        for point in &benchmark.load {
            table.widen(&Row::of(point, screen.glyphs));
        }
        let bar = screen.width.saturating_sub(table.taken() + GAP);
        table.bar = if bar < SHORTEST_BAR {
            0
        } else {
            bar.min(LONGEST_BAR)
        };
        Some(table)
    }

    fn widen(&mut self, row: &Row) {
        let wider = |figure: &Figure, [value, spread]: [usize; 2]| {
            let after = figure.spread.as_ref().map_or(0, |s| cells(s) + 1);
            [value.max(cells(&figure.value)), spread.max(after)]
        };
        self.offered = self.offered.max(cells(&row.offered));
        self.achieved = self.achieved.max(cells(&row.achieved));
        self.p50 = wider(&row.p50, self.p50);
        self.p99 = wider(&row.p99, self.p99);
        self.marks = self.marks.max(cells(&row.marks));
    }

    fn taken(&self) -> usize {
        let figures = self.offered + self.achieved + self.p50[0] + self.p50[1];
        let marks = if self.marks > 0 { GAP + self.marks } else { 0 };
        figures + self.p99[0] + self.p99[1] + 4 * GAP + marks
    }

    fn titles(&self) -> String {
        let title =
            |name: &str, [value, spread]: [usize; 2]| left(&right(name, value), value + spread);
        let titles = [
            right("offered", self.offered),
            right("achieved", self.achieved),
            title("p50", self.p50),
            title("p99", self.p99),
        ];
        let gap = " ".repeat(GAP);
        format!("{gap}{}", titles.join(&gap)).trim_end().to_owned()
    }

    fn line(&self, point: &LoadPoint, screen: &Screen<'_>) -> String {
        let row = Row::of(point, screen.glyphs);
        let time = |figure: &Figure, [value, spread]: [usize; 2]| {
            let after = figure.spread.as_ref();
            let after = after.map_or_else(String::new, |s| format!(" {s}"));
            format!("{}{}", right(&figure.value, value), left(&after, spread))
        };
        let figures = [
            right(&row.offered, self.offered),
            right(&row.achieved, self.achieved),
            time(&row.p50, self.p50),
            time(&row.p99, self.p99),
        ];
        let gap = " ".repeat(GAP);
        let ink = if point.counted { Ink::Plain } else { Ink::Dim };
        let figures = screen.painter.paint(ink, &figures.join(&gap));
        let mut line = format!("{gap}{figures}");
        if self.bar > 0 {
            line = format!("{line}{gap}{}", self.draw_bar(point, screen));
        }
        if !row.marks.is_empty() {
            let marks = screen.painter.paint(Ink::Caution, &row.marks);
            line = format!("{line}{gap}{marks}");
        }
        line.trim_end().to_owned()
    }

    /// p99 on a logarithmic scale; full where it is not known because calls were lost.
    fn draw_bar(&self, point: &LoadPoint, screen: &Screen<'_>) -> String {
        let efficiency = match point.response_ns.p99 {
            Some(p99) => self.share(p99.estimate),
            None if point.flags.contains(&Flag::CallsLost) => 1.0,
            None => 0.0,
        };
        let bar = Bar {
            efficiency,
            ceiling: self.limit.map(|limit| self.share(limit)),
            counted: point.counted,
        };
        bar.draw(self.bar, screen.glyphs, screen.painter)
    }

    fn share(&self, ns: f64) -> f64 {
        let (low, high) = self.ends;
        let share = (ns / low).ln() / (high / low).ln();
        if share.is_finite() {
            share.clamp(0.0, 1.0)
        } else {
            0.0
        }
    }
}

/// From half the least to the most of what is to be shown, ns.
fn ends(benchmark: &Benchmark) -> (f64, f64) {
    let p99 = benchmark.load.iter().filter_map(|p| p.response_ns.p99);
    let unloaded = benchmark.unloaded_latency_ns;
    let limit = facts::knee_limit(benchmark);
    let all = p99.chain(unloaded).map(|e| e.estimate).chain(limit);
    let (low, high) = all
        .filter(|v| *v > 0.0 && v.is_finite())
        .fold((f64::INFINITY, 0.0_f64), |(low, high), v| {
            (low.min(v), high.max(v))
        });
    (low / 2.0, high)
}

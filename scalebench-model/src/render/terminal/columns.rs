//! The columns of the table: what stands in them, and how wide they are.

use super::super::facts;
use super::super::figure::{self, Figure};
use super::super::glyphs::Glyphs;
use super::bar::Bar;
use super::paint::{Ink, Painter};
use super::wrap::{cells, left, right};
use crate::data::Axis;
use crate::report::{Benchmark, Estimate, Flag, Point, Report};

/// Cells between two columns.
const GAP: usize = 2;

/// Below this width a bar says nothing; the lesser figure makes room for it.
const SHORTEST_BAR: usize = 10;

/// Above this width a bar says no more.
const LONGEST_BAR: usize = 40;

/// One line of the table, not yet laid out.
#[derive(Debug)]
struct Row {
    threads: String,
    latency: Figure,
    efficiency: Figure,
    bar: Option<Bar>,
    lesser: String,
    marks: String,
}

impl Row {
    fn of(point: &Point, benchmark: &Benchmark, glyphs: &Glyphs) -> Self {
        Self {
            threads: facts::thread_count(point, benchmark),
            latency: figure::time_estimate(&point.latency_ns, glyphs),
            efficiency: efficiency(point, glyphs),
            bar: bar_of(point).map(|e| Bar {
                efficiency: e.estimate,
                ceiling: point.ceiling,
                counted: point.counted,
            }),
            lesser: lesser(point, benchmark, glyphs),
            marks: point
                .flags
                .iter()
                .filter(|f| marked(**f))
                .map(|f| facts::flag_words(*f).0)
                .collect(),
        }
    }
}

/// The efficiency; of the reference it is 100 % by definition, so that its name says more.
fn efficiency(point: &Point, glyphs: &Glyphs) -> Figure {
    match &point.efficiency {
        Some(_) if facts::is_reference(point) => Figure {
            value: "reference".to_owned(),
            spread: None,
        },
        Some(efficiency) => figure::efficiency(efficiency, point.threads, glyphs),
        None => Figure::absent(glyphs),
    }
}

/// What the bar shows; the reference is drawn without one.
fn bar_of(point: &Point) -> Option<&Estimate> {
    let efficiency = point.efficiency.as_ref();
    efficiency.filter(|_| !facts::is_reference(point))
}

/// Whether a flag gets a mark. What holds for a whole benchmark stands in its scope, and a point that was not measured
/// says so in words.
pub(super) fn marked(flag: Flag) -> bool {
    !matches!(
        flag,
        Flag::WithinOneProcess | Flag::NotMeasured | Flag::BeyondMachine
    )
}

/// The lesser figure; what it is stands before it unless it is the throughput of the column's title.
fn lesser(point: &Point, benchmark: &Benchmark, glyphs: &Glyphs) -> String {
    match facts::lesser(point, benchmark, glyphs) {
        (figure, "throughput") => figure,
        (figure, name) => format!("{name} {figure}"),
    }
}

/// The widths of the columns, one set for the whole report so that figures stand under each other.
#[derive(Debug)]
pub(super) struct Columns {
    /// What the first column counts; a benchmark that differs has a title of its own.
    axis: Axis,
    threads: usize,
    latency: usize,
    latency_spread: usize,
    efficiency: usize,
    efficiency_spread: usize,
    bar: usize,
    lesser: usize,
    marks: usize,
}

impl Columns {
    /// Fits the columns to the report and the width.
    pub(super) fn fit(report: &Report, width: usize, glyphs: &Glyphs) -> Self {
        let mut columns = Self {
            axis: common_axis(report),
            threads: "threads".len(),
            latency: 8,
            latency_spread: 0,
            efficiency: 7,
            efficiency_spread: 0,
            bar: 0,
            lesser: "throughput".len(),
            marks: 0,
        };
        for benchmark in &report.benchmarks {
            for point in benchmark.points.iter().filter(|p| facts::measured(p)) {
                columns.widen(&Row::of(point, benchmark, glyphs));
            }
        }
        columns.place_bar(width);
        columns
    }

    fn widen(&mut self, row: &Row) {
        let spread = |f: &Figure| f.spread.as_ref().map_or(0, |s| cells(s) + 1);
        self.threads = self.threads.max(cells(&row.threads));
        self.latency = self.latency.max(cells(&row.latency.value));
        self.latency_spread = self.latency_spread.max(spread(&row.latency));
        self.efficiency = self.efficiency.max(cells(&row.efficiency.value));
        self.efficiency_spread = self.efficiency_spread.max(spread(&row.efficiency));
        self.lesser = self.lesser.max(cells(&row.lesser));
        self.marks = self.marks.max(cells(&row.marks));
    }

    /// Gives the bar what is left; where that is too little, drops the lesser figure first.
    fn place_bar(&mut self, width: usize) {
        if width.saturating_sub(self.taken()) < SHORTEST_BAR {
            self.lesser = 0;
        }
        self.bar = width.saturating_sub(self.taken()).min(LONGEST_BAR);
    }

    fn taken(&self) -> usize {
        let figures = self.threads + self.latency + self.efficiency;
        let spreads = self.latency_spread + self.efficiency_spread;
        let tail = |n: usize| if n > 0 { GAP + n } else { 0 };
        figures + spreads + 3 * GAP + tail(self.lesser) + tail(self.marks)
    }

    /// The line of column titles.
    pub(super) fn titles(&self) -> String {
        let latency = self.latency + self.latency_spread;
        let efficiency = self.efficiency + self.efficiency_spread;
        let gap = " ".repeat(GAP);
        let mut line = format!(
            "{}{gap}{}{gap}{}",
            right(self.axis.name(), self.threads),
            left(&right("latency", self.latency), latency),
            left(&right("efficiency", self.efficiency), efficiency),
        );
        if self.lesser > 0 {
            let before = self.threads + latency + efficiency + 3 * GAP + self.bar + GAP;
            line = format!(
                "{}{}",
                left(&line, before),
                right("throughput", self.lesser)
            );
        }
        line.trim_end().to_owned()
    }

    /// The title of the first column, for a benchmark whose axis is not that of the report.
    pub(super) fn own_title(&self, benchmark: &Benchmark) -> Option<String> {
        (benchmark.axis != self.axis).then(|| right(benchmark.axis.name(), self.threads))
    }

    /// The line of one point.
    pub(super) fn line(
        &self,
        point: &Point,
        benchmark: &Benchmark,
        glyphs: &Glyphs,
        painter: Painter,
    ) -> String {
        let threads = right(&facts::thread_count(point, benchmark), self.threads);
        let gap = " ".repeat(GAP);
        if !facts::measured(point) {
            let words = facts::why_not_measured(point);
            return format!("{threads}{gap}{}", painter.paint(Ink::Caution, &words));
        }
        let row = Row::of(point, benchmark, glyphs);
        let latency = self.cell(&row.latency, self.latency, self.latency_spread);
        let efficiency = self.cell(&row.efficiency, self.efficiency, self.efficiency_spread);
        let (latency_ink, efficiency_ink) = headline_inks(point, benchmark);
        let mut line = format!(
            "{threads}{gap}{}{gap}{}",
            painter.paint(latency_ink, &latency),
            painter.paint(efficiency_ink, &efficiency)
        );
        if self.bar > 0 {
            let bar = row.bar.map_or_else(
                || " ".repeat(self.bar),
                |bar| bar.draw(self.bar, glyphs, painter),
            );
            line = format!("{line}{gap}{bar}");
        }
        if self.lesser > 0 {
            let lesser = right(&row.lesser, self.lesser);
            line = format!("{line}{gap}{}", painter.paint(Ink::Dim, &lesser));
        }
        if !row.marks.is_empty() {
            line = format!("{line}{gap}{}", painter.paint(Ink::Caution, &row.marks));
        }
        line.trim_end().to_owned()
    }

    fn cell(&self, figure: &Figure, value: usize, spread: usize) -> String {
        let after = figure
            .spread
            .as_ref()
            .map_or_else(String::new, |s| format!(" {s}"));
        format!("{}{}", right(&figure.value, value), left(&after, spread))
    }
}

/// What the points of all benchmarks count, or else threads.
fn common_axis(report: &Report) -> Axis {
    let mut axes = report.benchmarks.iter().map(|b| b.axis);
    let first = axes.next().unwrap_or_default();
    if axes.all(|axis| axis == first) {
        first
    } else {
        Axis::Threads
    }
}

/// The two headline figures of a benchmark stand out: the single-call latency and the efficiency at the largest
/// thread count that counts.
fn headline_inks(point: &Point, benchmark: &Benchmark) -> (Ink, Ink) {
    if facts::is_reference(point) {
        return (Ink::Dim, Ink::Dim);
    }
    let rest = if point.counted { Ink::Plain } else { Ink::Dim };
    let latency = if point.threads == 1 {
        Ink::Performance
    } else {
        rest
    };
    let largest =
        facts::largest_counted(benchmark).is_some_and(|(p, _)| p.threads == point.threads);
    let efficiency = if largest { Ink::Scalability } else { rest };
    (latency, efficiency)
}

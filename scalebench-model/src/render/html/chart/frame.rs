//! The frame of a chart: its size, its axes, and the element it becomes.

use super::super::escape::escape;
use super::draw::{Drawing, Path, Shared};
use super::scale::{Scale, Threads};
use crate::data::Axis;
use crate::render::facts;
use crate::report::{Benchmark, Point};

/// Size of a drawing, in its own units.
const WIDTH: i32 = 720;
const HEIGHT: i32 = 436;

/// Edges of the plot inside the drawing.
pub(super) const LEFT: i32 = 108;
pub(super) const RIGHT: i32 = 700;
pub(super) const TOP: i32 = 28;
pub(super) const BOTTOM: i32 = 372;

/// Room between the edge of the plot and the first and last point.
const PAD: i32 = 30;

/// Height of a line of small text.
pub(super) const LINE: i32 = 24;

/// A finished chart.
#[derive(Debug)]
pub(super) struct Chart {
    /// One letter; the data table's columns say with it in which charts' tooltips they stand.
    pub(super) kind: char,
    /// What the chart shows, as HTML.
    pub(super) caption: &'static str,
    /// The same with the main figures, for screen readers.
    pub(super) label: String,
    /// What is drawn.
    pub(super) drawing: Drawing,
    /// The rows of the data table that the dots belong to, where not every row has a dot.
    pub(super) rows: Option<Vec<usize>>,
}

impl Chart {
    /// The chart as an HTML figure.
    pub(super) fn html(self) -> String {
        let rows = self.rows.map_or_else(String::new, |rows| {
            let rows: Vec<String> = rows.iter().map(ToString::to_string).collect();
            format!(" data-r=\"{}\"", rows.join(" "))
        });
        format!(
            "<figure><figcaption>{}</figcaption><svg class=c data-k={}{rows} role=img aria-label=\"{}\" viewBox=\"0 0 {WIDTH} {HEIGHT}\">{}</svg></figure>",
            self.caption,
            self.kind,
            escape(&self.label),
            self.drawing.finish()
        )
    }
}

/// The axis of thread counts of a benchmark; most of its charts have the same.
#[derive(Debug)]
pub(super) struct ThreadAxis {
    scale: Threads,
    counts: Vec<u32>,
    /// What is counted.
    of: &'static str,
    area: Area,
}

/// Where a level axis lies: its ends, and how far down.
#[derive(Debug, Clone, Copy)]
pub(super) struct Area {
    /// Left end.
    pub(super) left: i32,
    /// Right end.
    pub(super) right: i32,
    /// Height of the line.
    pub(super) bottom: i32,
    /// Room between the ends and the first and last point.
    pub(super) pad: i32,
}

impl ThreadAxis {
    /// The axis for the points of a benchmark, with room at the right where asked for.
    pub(super) fn of(benchmark: &Benchmark, room: i32) -> Self {
        let counts: Vec<u32> = benchmark.points.iter().map(|p| p.threads.max(1)).collect();
        let mut high = f64::from(counts.last().copied().unwrap_or(1));
        // A peak just beyond the points is worth seeing; everything else is not extrapolated.
        let peak = benchmark.laws.as_ref().and_then(|l| l.peak_threads);
        if let Some(peak) = peak.filter(|p| *p > high && *p <= 2.0 * high) {
            high = peak * 1.05;
        }
        let area = Area {
            left: LEFT,
            right: RIGHT - room,
            bottom: BOTTOM,
            pad: PAD,
        };
        Self::within(benchmark.axis, counts, high, area)
    }

    /// The axis from the first of these thread counts, ascending, to `high`.
    pub(super) fn within(axis: Axis, counts: Vec<u32>, high: f64, area: Area) -> Self {
        let scale = Threads::new(
            f64::from(counts.first().copied().unwrap_or(1)),
            high,
            f64::from(area.left + area.pad),
            f64::from(area.right - area.pad),
        );
        Self {
            scale,
            counts,
            of: axis.name(),
            area,
        }
    }

    /// Where a thread count stands.
    pub(super) fn place(&self, threads: f64) -> i32 {
        self.scale.place(threads)
    }

    /// Whether a thread count is on the axis.
    pub(super) fn holds(&self, threads: f64) -> bool {
        self.scale.holds(threads)
    }

    /// The smallest distance between two neighbours.
    pub(super) fn spacing(&self) -> i32 {
        self.counts
            .windows(2)
            .map(|w| self.place(f64::from(w[1])) - self.place(f64::from(w[0])))
            .min()
            .unwrap_or(80)
    }

    /// Line and labels, without those that would touch their neighbour.
    pub(super) fn draw(&self, shared: &mut Shared) -> String {
        let Area {
            left,
            right,
            bottom,
            ..
        } = self.area;
        let mut drawing = Drawing::default();
        let mut line = Path::default();
        line.move_to(left, bottom);
        line.line_to(right, bottom);
        drawing.path("x", &line);
        let mut free_from = i32::MIN;
        for count in &self.counts {
            let x = self.place(f64::from(*count));
            let label = count.to_string();
            let half = 7 * label.len() as i32;
            if x - half >= free_from {
                drawing.text("t", x, bottom + LINE + 4, &label);
                free_from = x + half + 8;
            }
        }
        drawing.text("t z", right, bottom + 2 * LINE + 6, self.of);
        shared.reference(drawing.finish())
    }
}

/// Grid lines and labels of an upright axis.
pub(super) fn upright_axis(scale: &Scale, right: i32, shared: &mut Shared) -> String {
    grid(scale, LEFT, right, shared)
}

/// Grid lines from `left` to `right`, and their labels at the left.
pub(super) fn grid(scale: &Scale, left: i32, right: i32, shared: &mut Shared) -> String {
    let mut drawing = Drawing::default();
    let mut grid = Path::default();
    for (value, label) in &scale.ticks {
        let y = scale.place(*value);
        grid.move_to(left, y);
        grid.line_to(right, y);
        drawing.text("y", left - 12, y + 7, label);
    }
    drawing.path("g", &grid);
    shared.reference(drawing.finish())
}

/// The line and labels of a level axis, and what it shows.
pub(super) fn across_axis(scale: &Scale, name: &str, shared: &mut Shared) -> String {
    let area = Area {
        left: LEFT,
        right: RIGHT,
        bottom: BOTTOM,
        pad: 0,
    };
    level_axis(scale, name, area, shared)
}

/// The same in another place; labels that would touch their neighbour are left out.
pub(super) fn level_axis(scale: &Scale, name: &str, area: Area, shared: &mut Shared) -> String {
    let Area {
        left,
        right,
        bottom,
        ..
    } = area;
    let mut drawing = Drawing::default();
    let mut line = Path::default();
    line.move_to(left, bottom);
    line.line_to(right, bottom);
    drawing.path("x", &line);
    let mut free_from = i32::MIN;
    for (value, label) in &scale.ticks {
        let x = scale.place(*value);
        let half = 6 * label.chars().count() as i32;
        if x - half >= free_from && x + half <= right + 20 {
            drawing.text("t", x, bottom + LINE + 4, label);
            free_from = x + half + 24;
        }
    }
    drawing.text("t z", right, bottom + 2 * LINE + 6, name);
    shared.reference(drawing.finish())
}

/// The points that may be drawn, each with its row in the data table.
pub(super) fn drawn(benchmark: &Benchmark) -> Vec<(usize, &Point)> {
    benchmark
        .points
        .iter()
        .enumerate()
        .filter(|(_, p)| facts::measured(p))
        .collect()
}

/// The rows of the dots, where they are not simply all rows.
pub(super) fn rows(dots: &[(usize, &Point)], benchmark: &Benchmark) -> Option<Vec<usize>> {
    (dots.len() != benchmark.points.len()).then(|| dots.iter().map(|(row, _)| *row).collect())
}

/// One dot with its interval.
#[derive(Debug, Clone, Copy)]
pub(super) struct Dot {
    /// Place of the estimate.
    pub(super) at: (i32, i32),
    /// Upper and lower end of the interval.
    pub(super) ends: (i32, i32),
    /// Hollow where not.
    pub(super) counted: bool,
    /// Whether it is only what the others refer to, and drawn lightly.
    pub(super) reference: bool,
    /// Row in the data table; the line stops where rows are missing between two dots.
    pub(super) row: usize,
}

/// Intervals and dots, hollow where they do not count; a line joins them unless a law's curve does.
pub(super) fn draw_dots(drawing: &mut Drawing, dots: &[Dot], curve: bool) {
    if !curve {
        join_dots(drawing, dots);
    }
    draw_intervals(drawing, dots);
    drawing.path("d", &Path::dots(dots.iter().map(|d| d.at)));
    let hollow = dots.iter().filter(|d| !d.counted);
    drawing.path("i", &Path::dots(hollow.map(|d| d.at)));
    let light = dots.iter().filter(|d| d.reference);
    drawing.path("i rf", &Path::dots(light.map(|d| d.at)));
}

fn join_dots(drawing: &mut Drawing, dots: &[Dot]) {
    let mut firm = Path::default();
    let mut loose = Path::default();
    for pair in dots.windows(2).filter(|w| w[0].row + 1 == w[1].row) {
        let path = if pair[0].counted && pair[1].counted {
            &mut firm
        } else {
            &mut loose
        };
        path.go_on(pair[0].at);
        path.line_to(pair[1].at.0, pair[1].at.1);
    }
    drawing.path("j", &firm);
    drawing.path("q", &loose);
}

fn draw_intervals(drawing: &mut Drawing, dots: &[Dot]) {
    let mut whiskers = Path::default();
    for dot in dots {
        // Ends that the dot would hide are not drawn.
        if (dot.ends.0 - dot.ends.1).abs() > 14 {
            whiskers.move_to(dot.at.0, dot.ends.0);
            whiskers.line_to(dot.at.0, dot.ends.1);
        }
    }
    drawing.path("e", &whiskers);
}

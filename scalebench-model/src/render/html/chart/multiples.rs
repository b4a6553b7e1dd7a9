//! Small multiples: one small chart for each value of a function, all on the same axes.

use super::super::escape::escape;
use super::draw::{Drawing, Path, Shared};
use super::efficiency::{dots, efficient, scale};
use super::frame::{Area, Dot, LINE, ThreadAxis, grid};
use super::scale::Scale;
use crate::data::Axis;
use crate::render::facts;
use crate::render::figure;
use crate::render::glyphs::UNICODE;
use crate::report::{Benchmark, Point};

/// Size of a drawing, in its own units; letters are as large as on the other charts.
const WIDTH: i32 = 380;
const HEIGHT: i32 = BOTTOM + 2 * LINE + 14;

/// Where the thread counts stand.
const AREA: Area = Area {
    left: 80,
    right: 372,
    bottom: BOTTOM,
    pad: 18,
};

/// Edges of the plot, and the height of the bar above it.
const TOP: i32 = 46;
const BOTTOM: i32 = 230;
const BAR: i32 = 10;

/// What the charts of one function have in common.
#[derive(Debug)]
pub(in super::super) struct Multiples {
    axis: ThreadAxis,
    scale: Scale,
    /// The longest single-call latency, ns: as long as its bar is the plot wide.
    longest_ns: f64,
    /// Axes, and the curves of all to stand grey behind each: a reference.
    background: String,
}

impl Multiples {
    /// The axes that hold all of these benchmarks.
    pub(in super::super) fn of(benchmarks: &[&Benchmark], shared: &mut Shared) -> Self {
        let all: Vec<(usize, &Point)> = benchmarks.iter().flat_map(|b| efficient(b)).collect();
        let mut counts: Vec<u32> = all.iter().map(|(_, p)| p.threads.max(1)).collect();
        counts.sort_unstable();
        counts.dedup();
        let high = f64::from(counts.last().copied().unwrap_or(1));
        // They are of one function, and so of one axis.
        let axis = benchmarks.first().map_or(Axis::Threads, |b| b.axis);
        let axis = ThreadAxis::within(axis, counts, high, AREA);
        let scale = scale(&all, f64::from(BOTTOM), f64::from(TOP));
        let mut drawing = Drawing::default();
        drawing.fragment(&grid(&scale, AREA.left, AREA.right, shared));
        drawing.fragment(&axis.draw(shared));
        for benchmark in benchmarks {
            drawing.path("f", &curve(&dots(&efficient(benchmark), &axis, &scale)));
        }
        let single_calls = benchmarks.iter().filter_map(|b| facts::single_call(b));
        Self {
            axis,
            scale,
            longest_ns: single_calls
                .map(|p| p.latency_ns.estimate)
                .fold(0.0, f64::max),
            background: shared.reference(drawing.finish()),
        }
    }

    /// The chart of one of the benchmarks under its name, which is HTML: a bar for what a call costs alone, and its
    /// efficiency.
    pub(in super::super) fn chart(&self, benchmark: &Benchmark, name: &str) -> String {
        let mut caption = name.to_owned();
        let mut drawing = Drawing::default();
        drawing.fragment(&self.background);
        if let Some(point) = facts::single_call(benchmark) {
            let alone = point.latency_ns.estimate;
            drawing.path("l", &self.bar(alone));
            let time = figure::time(alone, &UNICODE);
            caption.push_str(&format!(" <b class=p>{}</b>", escape(&time)));
        }
        if let Some((point, efficiency)) = facts::largest_counted(benchmark) {
            let share = figure::share(efficiency.estimate, &UNICODE);
            let text = escape(&format!("{share} at {}", point.threads));
            caption.push_str(&format!(" <b class=k>{text}</b>"));
        }
        let dots = dots(&efficient(benchmark), &self.axis, &self.scale);
        drawing.path("j", &curve(&dots));
        let hollow = dots.iter().filter(|d| !d.counted);
        drawing.path("i", &Path::dots(hollow.map(|d| d.at)));
        format!(
            "<figure><figcaption>{caption}</figcaption><svg class=\"c sm\" aria-hidden=true viewBox=\"0 0 {WIDTH} {HEIGHT}\">{}</svg></figure>",
            drawing.finish()
        )
    }

    /// A bar as long as the single-call latency, from 0.
    fn bar(&self, alone_ns: f64) -> Path {
        let width = f64::from(AREA.right - AREA.left);
        let share = (alone_ns / self.longest_ns).clamp(0.0, 1.0);
        let mut bar = Path::default();
        bar.move_to(AREA.left, BAR);
        bar.line_to(AREA.left + ((width * share).round() as i32).max(2), BAR);
        bar
    }
}

/// A line through the dots, interrupted where rows are missing; the style sheet marks its corners.
fn curve(dots: &[Dot]) -> Path {
    let mut path = Path::default();
    let mut next_row = None;
    for Dot {
        at: (x, y), row, ..
    } in dots
    {
        if next_row == Some(*row) {
            path.line_to(*x, *y);
        } else {
            path.move_to(*x, *y);
            path.line_to(*x, *y);
        }
        next_row = Some(row + 1);
    }
    path
}

//! Small multiples: one small chart for each value of a function, all on the same axes: efficiency against threads, or under
//! load p99 response time against the rate of arrivals.

use super::super::escape::escape;
use super::draw::{Drawing, Path, Shared};
use super::efficiency::{dots, efficient, scale};
use super::frame::{Area, Dot, LINE, ThreadAxis, grid, level_axis};
use super::scale::{Scale, Unit};
use crate::data::Axis;
use crate::render::facts;
use crate::render::figure;
use crate::render::glyphs::UNICODE;
use crate::report::{Benchmark, Point};

/// Size of a drawing, in its own units; letters are as large as on the other charts.
const WIDTH: i32 = 380;
const HEIGHT: i32 = BOTTOM + 2 * LINE + 14;

/// Where the level axis lies.
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
    axes: Axes,
    /// The longest latency of a call alone, ns: as long as its bar is the plot wide.
    longest_ns: f64,
    /// Axes, and the curves of all to stand grey behind each: a reference.
    background: String,
}

/// What the curves show.
#[derive(Debug)]
enum Axes {
    /// Efficiency against threads.
    Efficiency { across: ThreadAxis, upright: Scale },
    /// p99 response time against offered load.
    Response { across: Scale, upright: Scale },
}

impl Axes {
    /// Those that hold all of these benchmarks, which are of one function, and so of one mode and axis.
    fn of(benchmarks: &[&Benchmark]) -> Self {
        let (from, to) = (f64::from(BOTTOM), f64::from(TOP));
        if benchmarks.iter().any(|b| facts::under_load(b)) {
            let points = || benchmarks.iter().flat_map(|b| &b.load);
            let most = points().map(|p| p.offered_per_s).fold(0.0, f64::max);
            let times = points().filter_map(|p| p.response_ns.p99);
            let times = times.map(|e| e.estimate);
            let alone = benchmarks.iter().filter_map(|b| facts::alone(b));
            let times = times.chain(alone.map(|e| e.estimate));
            let (left, right) = (f64::from(AREA.left), f64::from(AREA.right));
            return Self::Response {
                across: Scale::linear(most, Unit::Rate, left, right),
                upright: Scale::log(times, Unit::Time, from, to),
            };
        }
        let all: Vec<(usize, &Point)> = benchmarks.iter().flat_map(|b| efficient(b)).collect();
        let mut counts: Vec<u32> = all.iter().map(|(_, p)| p.threads.max(1)).collect();
        counts.sort_unstable();
        counts.dedup();
        let high = f64::from(counts.last().copied().unwrap_or(1));
        let axis = benchmarks.first().map_or(Axis::Threads, |b| b.axis);
        Self::Efficiency {
            across: ThreadAxis::within(axis, counts, high, AREA),
            upright: scale(&all, from, to),
        }
    }

    /// Grid, lines and labels.
    fn draw(&self, shared: &mut Shared) -> String {
        let (Self::Efficiency { upright, .. } | Self::Response { upright, .. }) = self;
        let grid = grid(upright, AREA.left, AREA.right, shared);
        let level = match self {
            Self::Efficiency { across, .. } => across.draw(shared),
            Self::Response { across, .. } => {
                level_axis(across, "arrivals per second", AREA, shared)
            }
        };
        grid + &level
    }

    fn dots(&self, benchmark: &Benchmark) -> Vec<Dot> {
        match self {
            Self::Efficiency { across, upright } => dots(&efficient(benchmark), across, upright),
            Self::Response { across, upright } => {
                let rows = benchmark.load.iter().enumerate();
                rows.filter_map(|(row, p)| {
                    let e = p.response_ns.p99?;
                    Some(Dot {
                        at: (across.place(p.offered_per_s), upright.place(e.estimate)),
                        ends: (upright.place(e.lower), upright.place(e.upper)),
                        counted: p.counted,
                        reference: false,
                        row,
                    })
                })
                .collect()
            }
        }
    }

    /// An upright line at the knee, from the response time there down to the axis; nothing without one.
    fn knee(&self, benchmark: &Benchmark) -> Path {
        match (self, benchmark.knee_per_s, facts::knee_limit(benchmark)) {
            (Self::Response { across, upright }, Some(knee), Some(limit)) => {
                let x = across.place(knee.estimate);
                Path::line([Some((x, upright.place(limit))), Some((x, BOTTOM))].into_iter())
            }
            _ => Path::default(),
        }
    }
}

impl Multiples {
    /// The axes that hold all of these benchmarks.
    pub(in super::super) fn of(benchmarks: &[&Benchmark], shared: &mut Shared) -> Self {
        let axes = Axes::of(benchmarks);
        let mut drawing = Drawing::default();
        drawing.fragment(&axes.draw(shared));
        for benchmark in benchmarks {
            drawing.path("f", &curve(&axes.dots(benchmark)));
        }
        let alone = benchmarks.iter().filter_map(|b| facts::alone(b));
        Self {
            axes,
            longest_ns: alone.map(|e| e.estimate).fold(0.0, f64::max),
            background: shared.reference(drawing.finish()),
        }
    }

    /// The chart of one of the benchmarks under its name, which is HTML: a bar for what a call costs alone, and its
    /// curve.
    pub(in super::super) fn chart(&self, benchmark: &Benchmark, name: &str) -> String {
        let mut caption = name.to_owned();
        let mut drawing = Drawing::default();
        drawing.fragment(&self.background);
        if let Some(alone) = facts::alone(benchmark) {
            drawing.path("l", &self.bar(alone.estimate));
            let time = figure::time(alone.estimate, &UNICODE);
            caption.push_str(&format!(" <b class=p>{}</b>", escape(&time)));
        }
        if let Some(text) = second(benchmark) {
            caption.push_str(&format!(" <b class=k>{}</b>", escape(&text)));
        }
        let dots = self.axes.dots(benchmark);
        drawing.path("j", &curve(&dots));
        let class = match self.axes {
            Axes::Efficiency { .. } => "c sm",
            // Under load the curve is of both figures and has the colour of neither, nor have its dots.
            Axes::Response { .. } => {
                drawing.path("d", &Path::dots(dots.iter().map(|d| d.at)));
                drawing.path("kn", &self.axes.knee(benchmark));
                "c sm r"
            }
        };
        let hollow = dots.iter().filter(|d| !d.counted);
        drawing.path("i", &Path::dots(hollow.map(|d| d.at)));
        format!(
            "<figure><figcaption>{caption}</figcaption><svg class=\"{class}\" aria-hidden=true viewBox=\"0 0 {WIDTH} {HEIGHT}\">{}</svg></figure>",
            drawing.finish()
        )
    }

    /// A bar as long as the latency of a call alone, from 0.
    fn bar(&self, alone_ns: f64) -> Path {
        let width = f64::from(AREA.right - AREA.left);
        let share = (alone_ns / self.longest_ns).clamp(0.0, 1.0);
        let mut bar = Path::default();
        bar.move_to(AREA.left, BAR);
        bar.line_to(AREA.left + ((width * share).round() as i32).max(2), BAR);
        bar
    }
}

/// The second figure of a benchmark and where it was found.
fn second(benchmark: &Benchmark) -> Option<String> {
    if facts::under_load(benchmark) {
        let knee = benchmark.knee_per_s.map(|e| e.estimate);
        return Some(knee.map_or("no knee".to_owned(), |per_s| {
            format!("knee {}", figure::rate(per_s, "", &UNICODE))
        }));
    }
    let (point, efficiency) = facts::largest_counted(benchmark)?;
    let share = figure::share(efficiency.estimate, &UNICODE);
    Some(format!("{share} at {}", point.threads))
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

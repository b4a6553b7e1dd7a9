//! Percentiles of the response times of single calls against threads.

use super::draw::{Drawing, Path, Shared};
use super::frame::{BOTTOM, Chart, LINE, RIGHT, TOP, ThreadAxis, drawn, rows, upright_axis};
use super::scale::{Scale, Unit};
use crate::render::figure;
use crate::render::glyphs::UNICODE;
use crate::report::{Benchmark, Percentiles, Point};

/// Room at the right for the names of the lines.
const ROOM: i32 = 76;

/// Name, class and figure of a line.
type Line = (&'static str, &'static str, fn(&Percentiles) -> f64);

/// The lines, from the top.
const LINES: [Line; 5] = [
    ("max", "q1", |p| p.max),
    ("p99.9", "q2", |p| p.p999),
    ("p99", "q3", |p| p.p99),
    ("p90", "q4", |p| p.p90),
    ("p50", "q5", |p| p.p50),
];

/// The chart; `None` where there are no percentiles.
pub(super) fn chart(benchmark: &Benchmark, shared: &mut Shared) -> Option<Chart> {
    let points: Vec<(usize, &Point, &Percentiles)> = drawn(benchmark)
        .into_iter()
        .filter_map(|(row, p)| p.percentiles_ns.as_ref().map(|q| (row, p, q)))
        .collect();
    let (_, last, tail) = *points.last()?;
    let axis = ThreadAxis::of(benchmark, ROOM);
    let values: Vec<f64> = points
        .iter()
        .flat_map(|(_, _, q)| LINES.map(|(_, _, value)| value(q)))
        .collect();
    let scale = Scale::fitting(&values, Unit::Time, f64::from(BOTTOM), f64::from(TOP));
    let mut drawing = Drawing::default();
    drawing.fragment(&upright_axis(&scale, RIGHT - ROOM, shared));
    drawing.fragment(&axis.draw(shared));
    let mut free_from = i32::MIN;
    for (name, class, value) in LINES {
        let place = |(_, p, q): &(usize, &Point, &Percentiles)| {
            (axis.place(f64::from(p.threads)), scale.place(value(q)))
        };
        drawing.path(class, &Path::line(points.iter().map(|p| Some(place(p)))));
        if let Some((x, y)) = points.last().map(place) {
            let y = (y + 7).max(free_from);
            drawing.text("n", x + 12, y, name);
            free_from = y + LINE - 2;
        }
    }
    let middles = points
        .iter()
        .map(|(_, p, q)| (axis.place(f64::from(p.threads)), scale.place(q.p50)));
    drawing.path("d", &Path::dots(middles));
    let dots: Vec<(usize, &Point)> = points.iter().map(|(row, p, _)| (*row, *p)).collect();
    Some(Chart {
        kind: 'q',
        caption: "<a href=#g-percentiles>Percentiles</a> of single calls",
        label: format!(
            "Percentiles of single calls at {}: half within {}, 99 % within {}",
            benchmark.axis.count(last.threads),
            figure::time(tail.p50, &UNICODE),
            figure::time(tail.p99, &UNICODE)
        ),
        drawing,
        rows: rows(&dots, benchmark),
    })
}

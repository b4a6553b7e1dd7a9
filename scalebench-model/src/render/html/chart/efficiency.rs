//! Efficiency against threads: the ideal, the machine's ceiling, the law, the points.

use super::draw::{Drawing, Path, Shared};
use super::frame::{
    BOTTOM, Chart, Dot, LEFT, LINE, RIGHT, TOP, ThreadAxis, draw_dots, drawn, rows, upright_axis,
};
use super::law::{Curve, draw_law};
use super::scale::{Scale, Unit};
use crate::render::figure;
use crate::render::glyphs::UNICODE;
use crate::report::{Benchmark, Point};

/// The chart; `None` where no point has an efficiency.
pub(super) fn chart(
    benchmark: &Benchmark,
    axis: &ThreadAxis,
    shared: &mut Shared,
) -> Option<Chart> {
    let points: Vec<(usize, &Point)> = drawn(benchmark)
        .into_iter()
        .filter(|(_, p)| p.efficiency.is_some_and(|e| e.estimate.is_finite()))
        .collect();
    let last = points.last()?.1;
    let most = points
        .iter()
        .filter_map(|(_, p)| p.efficiency)
        .map(|e| e.estimate)
        .fold(1.0, f64::max);
    // A little above the ideal is noise and no reason for another scale.
    let most = if most > 1.03 { most } else { 1.0 };
    let scale = Scale::linear(most, Unit::Share, f64::from(BOTTOM), f64::from(TOP));
    let mut drawing = Drawing::default();
    drawing.fragment(&upright_axis(&scale, RIGHT, shared));
    drawing.fragment(&axis.draw(shared));
    drawing.fragment(&shared.reference(ideal(&scale)));
    draw_ceilings(&mut drawing, benchmark, axis, &scale, shared);
    draw_law(&mut drawing, benchmark, Curve::Efficiency, axis, &scale);
    draw_old(&mut drawing, benchmark, axis, &scale);
    let dots: Vec<Dot> = points
        .iter()
        .filter_map(|(_, p)| p.efficiency.map(|e| (p, e)))
        .map(|(p, e)| Dot {
            at: (axis.place(f64::from(p.threads)), scale.place(e.estimate)),
            ends: (scale.place(e.lower), scale.place(e.upper)),
            counted: p.counted,
        })
        .collect();
    draw_dots(&mut drawing, &dots);
    let end = last.efficiency.map_or(0.0, |e| e.estimate);
    Some(Chart {
        kind: 'e',
        caption: "<a href=#g-efficiency>Efficiency</a>",
        label: format!(
            "Efficiency against threads: {} at {}",
            figure::share(end, &UNICODE),
            super::threads(last.threads)
        ),
        drawing,
        rows: rows(&points, benchmark),
    })
}

/// What perfect scaling would be.
fn ideal(scale: &Scale) -> String {
    let mut drawing = Drawing::default();
    let y = scale.place(1.0);
    let mut line = Path::default();
    line.move_to(LEFT, y);
    line.line_to(RIGHT, y);
    drawing.path("u", &line);
    drawing.text("n", LEFT + 6, y - 8, "ideal");
    drawing.finish()
}

/// Figure, class and name of a ceiling.
type Ceiling = (fn(&Point) -> Option<f64>, &'static str, &'static str);

const CEILINGS: [Ceiling; 2] = [
    (|p| p.ceiling, "m", "ceiling"),
    (|p| p.ceiling_streaming, "m r", "ceiling, streaming"),
];

/// What the machine allows to code that shares nothing; the same for many benchmarks.
fn draw_ceilings(
    drawing: &mut Drawing,
    benchmark: &Benchmark,
    axis: &ThreadAxis,
    scale: &Scale,
    shared: &mut Shared,
) {
    let mut fragment = Drawing::default();
    let mut label_at: Option<i32> = None;
    for (ceiling, class, name) in CEILINGS {
        let places: Vec<(i32, i32)> = benchmark
            .points
            .iter()
            .filter_map(|p| ceiling(p).filter(|c| c.is_finite()).map(|c| (p.threads, c)))
            .map(|(n, c)| (axis.place(f64::from(n)), scale.place(c)))
            .collect();
        let Some((_, y)) = places.last().copied().filter(|_| places.len() > 1) else {
            continue;
        };
        fragment.path(class, &Path::line(places.iter().copied().map(Some)));
        let below = y + LINE - 4;
        let free = label_at.map_or(below, |taken| below.max(taken + LINE));
        fragment.text("n z", RIGHT, free, name);
        label_at = Some(free);
    }
    let fragment = fragment.finish();
    if !fragment.is_empty() {
        drawing.fragment(&shared.reference(fragment));
    }
}

fn draw_old(drawing: &mut Drawing, benchmark: &Benchmark, axis: &ThreadAxis, scale: &Scale) {
    let Some(change) = &benchmark.change else {
        return;
    };
    let places: Vec<(i32, i32)> = change
        .old_points
        .iter()
        .filter(|p| axis.holds(f64::from(p.threads)))
        .filter_map(|p| p.efficiency.map(|e| (p.threads, e)))
        .map(|(n, e)| (axis.place(f64::from(n)), scale.place(e)))
        .collect();
    super::draw_old(drawing, &places, benchmark);
}

//! Efficiency against threads: the ideal, the machine's ceiling, the law, the points.

use super::Detail;
use super::draw::{Drawing, Path, Shared};
use super::frame::{
    BOTTOM, Chart, Dot, LEFT, RIGHT, TOP, ThreadAxis, draw_dots, drawn, rows, upright_axis,
};
use super::labels::{Anchor, Labels, Place};
use super::law::{Curve, draw_law};
use super::scale::{Scale, Unit};
use crate::render::facts;
use crate::render::figure;
use crate::render::glyphs::UNICODE;
use crate::report::{Benchmark, Point};

/// The chart; `None` where no point has an efficiency.
pub(super) fn chart(
    benchmark: &Benchmark,
    axis: &ThreadAxis,
    detail: Detail,
    shared: &mut Shared,
) -> Option<Chart> {
    let points = efficient(benchmark);
    let last = points.last()?.1;
    let scale = scale(&points, f64::from(BOTTOM), f64::from(TOP));
    let ceilings = ceilings(benchmark, axis, &scale);
    let old_places = old_places(benchmark, axis, &scale);
    let dots = dots(&points, axis, &scale);
    let mut drawing = Drawing::default();
    drawing.fragment(&upright_axis(&scale, RIGHT, shared));
    drawing.fragment(&axis.draw(shared));
    drawing.fragment(&shared.reference(guides(&scale, &ceilings, detail)));
    let curve = draw_law(
        &mut drawing,
        benchmark,
        Curve::Efficiency,
        axis,
        &scale,
        detail,
    );
    super::draw_old(&mut drawing, &old_places, detail);
    draw_dots(&mut drawing, &dots, curve);
    let mut labels = Labels::default();
    labels.avoid(&old_places);
    labels.avoid(&dots.iter().map(|d| d.at).collect::<Vec<_>>());
    labels.avoid(&[(LEFT, scale.place(1.0)), (RIGHT, scale.place(1.0))]);
    if detail == Detail::Full {
        name_ceilings(&mut drawing, &mut labels, &ceilings);
        super::name_old(&mut drawing, &mut labels, &old_places, benchmark);
    }
    let end = last.efficiency.map_or(0.0, |e| e.estimate);
    Some(Chart {
        kind: 'e',
        caption: "<a href=#g-efficiency>Efficiency</a>",
        label: format!(
            "Efficiency against threads: {} at {}",
            figure::share(end, &UNICODE),
            benchmark.axis.count(last.threads)
        ),
        drawing,
        rows: rows(&points, benchmark),
    })
}

/// The points with an efficiency, each with its row in the data table.
pub(super) fn efficient(benchmark: &Benchmark) -> Vec<(usize, &Point)> {
    drawn(benchmark)
        .into_iter()
        .filter(|(_, p)| p.efficiency.is_some_and(|e| e.estimate.is_finite()))
        .collect()
}

/// The scale of efficiencies between two places: to 100 %, or as far above as the points are.
pub(super) fn scale(points: &[(usize, &Point)], from: f64, to: f64) -> Scale {
    let most = points
        .iter()
        .filter_map(|(_, p)| p.efficiency)
        .map(|e| e.estimate)
        .fold(1.0, f64::max);
    // A little above the ideal is noise and no reason for another scale.
    let most = if most > 1.03 { most } else { 1.0 };
    Scale::linear(most, Unit::Share, from, to)
}

/// The dots of these points.
pub(super) fn dots(points: &[(usize, &Point)], axis: &ThreadAxis, scale: &Scale) -> Vec<Dot> {
    points
        .iter()
        .filter_map(|(row, p)| p.efficiency.map(|e| (row, p, e)))
        .map(|(row, p, e)| Dot {
            at: (axis.place(f64::from(p.threads)), scale.place(e.estimate)),
            ends: (scale.place(e.lower), scale.place(e.upper)),
            counted: p.counted,
            reference: facts::is_reference(p),
            row: *row,
        })
        .collect()
}

/// Figure, class and name of a ceiling.
type Ceiling = (fn(&Point) -> Option<f64>, &'static str, &'static str);

const CEILINGS: [Ceiling; 2] = [
    (|p| p.ceiling, "m", "ceiling"),
    (|p| p.ceiling_streaming, "m r", "ceiling, streaming"),
];

/// Class, name and line of each ceiling that was measured.
type CeilingLine = (&'static str, &'static str, Vec<(i32, i32)>);

/// What the machine allows to code that shares nothing.
fn ceilings(benchmark: &Benchmark, axis: &ThreadAxis, scale: &Scale) -> Vec<CeilingLine> {
    let line = |ceiling: fn(&Point) -> Option<f64>| {
        benchmark
            .points
            .iter()
            .filter_map(|p| ceiling(p).filter(|c| c.is_finite()).map(|c| (p.threads, c)))
            .map(|(n, c)| (axis.place(f64::from(n)), scale.place(c)))
            .collect()
    };
    CEILINGS
        .into_iter()
        .map(|(ceiling, class, name)| (class, name, line(ceiling)))
        .filter(|(_, _, line): &CeilingLine| line.len() > 1)
        .collect()
}

/// The ideal and the ceilings: the same lines for many benchmarks. Where page size matters their names are shared too,
/// at the price that they do not keep off the dots.
fn guides(scale: &Scale, ceilings: &[CeilingLine], detail: Detail) -> String {
    let mut drawing = Drawing::default();
    let y = scale.place(1.0);
    let mut line = Path::default();
    line.move_to(LEFT, y);
    line.line_to(RIGHT, y);
    drawing.path("u", &line);
    drawing.text("n z", RIGHT, y - 8, "ideal");
    for (class, _, line) in ceilings {
        drawing.path(class, &Path::line(line.iter().copied().map(Some)));
    }
    if detail == Detail::Brief {
        name_ceilings(&mut drawing, &mut Labels::default(), ceilings);
    }
    drawing.finish()
}

fn name_ceilings(drawing: &mut Drawing, labels: &mut Labels, ceilings: &[CeilingLine]) {
    for (_, name, line) in ceilings {
        if let Some((x, y)) = line.last().copied() {
            let beside = (x + 10, y + 7, Anchor::Start);
            let room = x + 11 * name.len() as i32 <= RIGHT;
            let lower = (x + 10, y + 24, Anchor::Start);
            let under = [20, -8, 40, 60].map(|down| (RIGHT, y + down, Anchor::End));
            let near = [beside, lower].into_iter().filter(|_| room);
            let before = (x - 10, y + 24, Anchor::End);
            let places: Vec<Place> = near.chain([before]).chain(under).collect();
            labels.put(drawing, &[("n", name)], &places);
        }
    }
}

fn old_places(benchmark: &Benchmark, axis: &ThreadAxis, scale: &Scale) -> Vec<(i32, i32)> {
    let old = benchmark.change.as_ref().map_or(&[][..], |c| &c.old_points);
    old.iter()
        .filter(|p| axis.holds(f64::from(p.threads)))
        .filter_map(|p| p.efficiency.map(|e| (p.threads, e)))
        .map(|(n, e)| (axis.place(f64::from(n)), scale.place(e)))
        .collect()
}

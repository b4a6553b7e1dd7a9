//! Latency against threads.

use super::Detail;
use super::draw::{Drawing, Shared};
use super::frame::{
    BOTTOM, Chart, Dot, RIGHT, TOP, ThreadAxis, draw_dots, drawn, rows, upright_axis,
};
use super::labels::Labels;
use super::law::{Curve, draw_law};
use super::scale::{Scale, Unit};
use crate::render::facts;
use crate::render::figure;
use crate::render::glyphs::UNICODE;
use crate::report::Benchmark;

/// The chart; `None` where no point was measured.
pub(super) fn chart(
    benchmark: &Benchmark,
    axis: &ThreadAxis,
    detail: Detail,
    shared: &mut Shared,
) -> Option<Chart> {
    let points = drawn(benchmark);
    let (first, last) = (points.first()?.1, points.last()?.1);
    let old = benchmark.change.as_ref().map_or(&[][..], |c| &c.old_points);
    let old: Vec<_> = old
        .iter()
        .filter(|p| axis.holds(f64::from(p.threads)))
        .collect();
    let values: Vec<f64> = points
        .iter()
        .flat_map(|(_, p)| [p.latency_ns.estimate, p.latency_ns.upper])
        .chain(old.iter().map(|p| p.latency_ns))
        .collect();
    let scale = Scale::fitting(&values, Unit::Time, f64::from(BOTTOM), f64::from(TOP));
    let mut drawing = Drawing::default();
    drawing.fragment(&upright_axis(&scale, RIGHT, shared));
    drawing.fragment(&axis.draw(shared));
    let curve = draw_law(
        &mut drawing,
        benchmark,
        Curve::Latency,
        axis,
        &scale,
        detail,
    );
    let old_places: Vec<(i32, i32)> = old
        .iter()
        .map(|p| (axis.place(f64::from(p.threads)), scale.place(p.latency_ns)))
        .collect();
    super::draw_old(&mut drawing, &old_places, detail);
    let dots: Vec<Dot> = points
        .iter()
        .map(|(row, p)| Dot {
            at: (
                axis.place(f64::from(p.threads)),
                scale.place(p.latency_ns.estimate),
            ),
            ends: (
                scale.place(p.latency_ns.lower),
                scale.place(p.latency_ns.upper),
            ),
            counted: p.counted,
            reference: facts::is_reference(p),
            row: *row,
        })
        .collect();
    draw_dots(&mut drawing, &dots, curve);
    if detail == Detail::Full {
        let mut labels = Labels::default();
        labels.avoid(&old_places);
        labels.avoid(&dots.iter().map(|d| d.at).collect::<Vec<_>>());
        super::name_old(&mut drawing, &mut labels, &old_places, benchmark);
    }
    let at = |p: &crate::report::Point| {
        let time = figure::time(p.latency_ns.estimate, &UNICODE);
        format!("{time} at {}", benchmark.axis.count(p.threads))
    };
    Some(Chart {
        kind: 'l',
        caption: "<a href=#g-latency>Latency</a> of a call",
        label: format!("Latency against threads: {}, {}", at(first), at(last)),
        drawing,
        rows: rows(&points, benchmark),
    })
}

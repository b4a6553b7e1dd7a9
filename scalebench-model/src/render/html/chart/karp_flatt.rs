//! The Karp-Flatt serial fraction against threads.

use super::draw::{Drawing, Shared};
use super::frame::{BOTTOM, Chart, Dot, RIGHT, TOP, ThreadAxis, draw_dots, upright_axis};
use super::scale::{Scale, Unit};
use crate::render::figure;
use crate::render::glyphs::UNICODE;
use crate::report::Benchmark;

/// The chart; `None` below two figures, which one number says as well.
pub(super) fn chart(
    benchmark: &Benchmark,
    axis: &ThreadAxis,
    shared: &mut Shared,
) -> Option<Chart> {
    let figures: Vec<_> = benchmark
        .laws
        .iter()
        .flat_map(|l| &l.karp_flatt)
        .filter(|k| k.serial_fraction.estimate.is_finite() && axis.holds(f64::from(k.threads)))
        .collect();
    let (first, last) = (figures.first()?, figures.last()?);
    if figures.len() < 2 {
        return None;
    }
    let most = figures
        .iter()
        .map(|k| k.serial_fraction.upper.max(k.serial_fraction.estimate))
        .filter(|v| v.is_finite())
        .fold(0.0, f64::max);
    let scale = Scale::linear(most, Unit::Share, f64::from(BOTTOM), f64::from(TOP));
    let dots: Vec<Dot> = figures
        .iter()
        .enumerate()
        .map(|(row, k)| Dot {
            at: (
                axis.place(f64::from(k.threads)),
                scale.place(k.serial_fraction.estimate),
            ),
            ends: (
                scale.place(k.serial_fraction.lower),
                scale.place(k.serial_fraction.upper),
            ),
            counted: true,
            reference: false,
            row,
        })
        .collect();
    let mut drawing = Drawing::default();
    drawing.fragment(&upright_axis(&scale, RIGHT, shared));
    drawing.fragment(&axis.draw(shared));
    draw_dots(&mut drawing, &dots, false);
    let share = |v: f64| figure::share(v, &UNICODE);
    let rows = figures
        .iter()
        .filter_map(|k| benchmark.points.iter().position(|p| p.threads == k.threads))
        .collect();
    Some(Chart {
        kind: 'k',
        caption: "<a href=#g-karp-flatt>Karp–Flatt</a> serial fraction",
        label: format!(
            "Karp-Flatt serial fraction against threads: {} at {}, {} at {}",
            share(first.serial_fraction.estimate),
            benchmark.axis.count(first.threads),
            share(last.serial_fraction.estimate),
            benchmark.axis.count(last.threads)
        ),
        drawing,
        rows: Some(rows),
    })
}

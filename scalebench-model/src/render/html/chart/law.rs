//! The fitted law with its band, behind the dots.

use super::Detail;
use super::draw::{Drawing, Path};
use super::frame::{LEFT, RIGHT, ThreadAxis};
use super::scale::Scale;
use crate::report::{Benchmark, CurvePoint, Estimate};

/// More points than this look the same and only make the page longer.
fn most_points(detail: Detail) -> i32 {
    match detail {
        Detail::Full => 16,
        Detail::Brief => 8,
    }
}

/// Which figure of the law a chart shows.
#[derive(Debug, Clone, Copy)]
pub(super) enum Curve {
    /// Latency.
    Latency,
    /// Efficiency.
    Efficiency,
}

impl Curve {
    fn of(self, point: &CurvePoint) -> &Estimate {
        match self {
            Self::Latency => &point.latency_ns,
            Self::Efficiency => &point.efficiency,
        }
    }
}

/// As many of the points as a chart needs, evenly apart on its axis; the last one always.
fn thinned<'a>(all: &[&'a CurvePoint], axis: &ThreadAxis, detail: Detail) -> Vec<&'a CurvePoint> {
    let apart = (RIGHT - LEFT) / most_points(detail);
    let mut points: Vec<&CurvePoint> = Vec::new();
    let mut free_from = i32::MIN;
    for (i, point) in all.iter().enumerate() {
        let x = axis.place(point.threads);
        if x >= free_from || i + 1 == all.len() {
            points.push(point);
            free_from = x + apart;
        }
    }
    points
}

/// Draws the law of a benchmark, as far as the axis reaches, and says whether there was one to draw.
pub(super) fn draw_law(
    drawing: &mut Drawing,
    benchmark: &Benchmark,
    curve: Curve,
    axis: &ThreadAxis,
    scale: &Scale,
    detail: Detail,
) -> bool {
    let Some(laws) = &benchmark.laws else {
        return false;
    };
    let all: Vec<&CurvePoint> = laws
        .curve
        .iter()
        .filter(|p| axis.holds(p.threads) && curve.of(p).estimate.is_finite())
        .collect();
    let points = thinned(&all, axis, detail);
    if points.len() < 2 {
        return false;
    }
    let place = |p: &CurvePoint, value: f64| (axis.place(p.threads), scale.place(value));
    let banded = points.iter().any(|p| curve.of(p).level > 0.0);
    if banded && detail == Detail::Full {
        let upper = points.iter().map(|p| place(p, curve.of(p).upper));
        let lower = points.iter().rev().map(|p| place(p, curve.of(p).lower));
        let mut band = Path::line(upper.chain(lower).map(Some));
        band.close();
        drawing.path("a", &band);
    }
    let middle = points.iter().map(|p| Some(place(p, curve.of(p).estimate)));
    drawing.path("w", &Path::line(middle));
    true
}

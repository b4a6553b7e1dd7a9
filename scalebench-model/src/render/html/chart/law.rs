//! The fitted law with its band, behind the dots.

use super::Detail;
use super::draw::{Drawing, Path};
use super::frame::ThreadAxis;
use super::scale::Scale;
use crate::report::{Benchmark, CurvePoint, Estimate};

/// More points than this look the same and only make the page longer.
fn most_points(detail: Detail) -> usize {
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
    let stride = all.len().div_ceil(most_points(detail)).max(1);
    let points: Vec<&CurvePoint> = all
        .iter()
        .enumerate()
        .filter(|(i, _)| i % stride == 0 || i + 1 == all.len())
        .map(|(_, p)| *p)
        .collect();
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

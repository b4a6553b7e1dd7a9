//! Where the time of a call goes, stacked.

use super::draw::{Drawing, Path, Shared};
use super::frame::{BOTTOM, Chart, RIGHT, TOP, ThreadAxis, drawn, rows, upright_axis};
use super::scale::{Scale, Unit};
use crate::render::facts;
use crate::report::{Benchmark, Point};

/// The chart; `None` where the platform told nothing.
pub(super) fn chart(
    benchmark: &Benchmark,
    axis: &ThreadAxis,
    shared: &mut Shared,
) -> Option<Chart> {
    let points: Vec<(usize, &Point)> = drawn(benchmark)
        .into_iter()
        .filter(|(_, p)| parts(p).iter().any(|v| *v > 0.0))
        .collect();
    let most = points
        .iter()
        .map(|(_, p)| parts(p).iter().sum())
        .fold(0.0, f64::max);
    if most <= 0.0 {
        return None;
    }
    let scale = Scale::linear(most, Unit::Time, f64::from(BOTTOM), f64::from(TOP));
    let width = (axis.spacing() * 3 / 5).clamp(6, 44);
    let mut drawing = Drawing::default();
    drawing.fragment(&upright_axis(&scale, RIGHT, shared));
    let mut paths = [Path::default(), Path::default(), Path::default()];
    for (_, point) in &points {
        let x = axis.place(f64::from(point.threads));
        let mut below = 0.0;
        for (path, part) in paths.iter_mut().zip(parts(point)) {
            let (from, to) = (scale.place(below), scale.place(below + part));
            below += part;
            if from != to {
                path.move_to(x, from);
                path.line_to(x, to);
            }
        }
    }
    for (class, path) in ["b1", "b2", "b3"].into_iter().zip(&paths) {
        drawing.bars(class, width, path);
    }
    drawing.fragment(&axis.draw(shared));
    // Without dots of its own the chart still tells the script where its thread counts stand.
    let tops = points.iter().map(|(_, p)| {
        let sum: f64 = parts(p).iter().sum();
        (axis.place(f64::from(p.threads)), scale.place(sum))
    });
    drawing.path("d v", &Path::dots(tops));
    let dominant = benchmark
        .cause
        .as_ref()
        .and_then(|c| facts::cause_short(c.dominant))
        .map_or_else(|| "nothing grows".to_owned(), |c| format!("{c} grows most"));
    Some(Chart {
        kind: 't',
        caption: "<a href=#g-time>Where the time goes</a>, a call <span class=key><i class=b1></i>on CPU <i class=b2></i>waiting for a CPU <i class=b3></i>blocked</span>",
        label: format!(
            "Time on CPU, waiting and blocked for each call against threads: {dominant}"
        ),
        drawing,
        rows: rows(&points, benchmark),
    })
}

/// On CPU, waiting for a CPU, blocked; ns for each call.
fn parts(point: &Point) -> [f64; 3] {
    [point.on_cpu_ns, point.waiting_ns, point.blocked_ns]
        .map(|v| v.filter(|v| v.is_finite() && *v > 0.0).unwrap_or(0.0))
}

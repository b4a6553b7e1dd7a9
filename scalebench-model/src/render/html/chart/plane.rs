//! The plane: latency (response time) against throughput, one dot a thread count.
//!
//! Both axes are logarithmic, because a change is a product of factors: equal factors are equal lengths. The arrow of a
//! change stands at the corner where the floor (single-call latency) and the wall (throughput at N) meet:
//!
//! ```text
//! (X_A(N), L_A(1))                       down: performance, L(1) from A to B
//!        |
//!        v- - - - ->========>            dashed: what the faster call alone brings, X_A(N)·e^P
//!                  right: scalability, from there to X_B(N)
//! ```
//!
//! The split is exact: ln X_B(N) − ln X_A(N) = P + E. The dot at N itself cannot show it, because it moves along
//! L·X = N whatever the reason.

use super::Detail;
use super::arrow::{Corner, draw_arrow};
use super::draw::{Drawing, Path, Shared};
use super::frame::{BOTTOM, Chart, LEFT, RIGHT, TOP, across_axis, drawn, rows, upright_axis};
use super::labels::{Anchor, Labels};
use super::scale::{Scale, Unit};
use crate::render::facts;
use crate::render::figure;
use crate::render::glyphs::UNICODE;
use crate::report::{Benchmark, Change, Point};

/// The figures of the arrow, where both sides have them.
fn corner_of(benchmark: &Benchmark, change: &Change) -> Option<Corner> {
    let old = |n| change.old_points.iter().find(|p| p.threads == n);
    let at = benchmark
        .points
        .iter()
        .find(|p| p.threads == change.threads && facts::measured(p))?;
    let old_wall = old(change.threads)?.throughput_per_s;
    Corner {
        old_floor: old(1)?.latency_ns,
        new_floor: facts::single_call(benchmark)?.latency_ns.estimate,
        old_wall,
        carried_wall: old_wall * change.performance.estimate,
        new_wall: at.throughput_per_s.estimate,
    }
    .known()
}

/// The chart; `None` where no point was measured.
pub(super) fn chart(benchmark: &Benchmark, detail: Detail, shared: &mut Shared) -> Option<Chart> {
    let points = drawn(benchmark);
    let (first, last) = (points.first()?.1, points.last()?.1);
    let change = benchmark.change.as_ref();
    let corner = change.and_then(|c| corner_of(benchmark, c));
    let old = change.map_or(&[][..], |c| &c.old_points);
    let across = points
        .iter()
        .map(|(_, p)| p.throughput_per_s.estimate)
        .chain(old.iter().map(|p| p.throughput_per_s))
        .chain(corner.map(|c| c.carried_wall));
    let upright = points
        .iter()
        .map(|(_, p)| p.latency_ns.estimate)
        .chain(old.iter().map(|p| p.latency_ns));
    let x = Scale::log(across, Unit::Rate, f64::from(LEFT), f64::from(RIGHT));
    let y = Scale::log(upright, Unit::Time, f64::from(BOTTOM), f64::from(TOP));
    let mut drawing = Drawing::default();
    drawing.fragment(&upright_axis(&y, RIGHT, shared));
    drawing.fragment(&across_axis(&x, "calls per second", shared));
    let old_places: Vec<(i32, i32)> = old
        .iter()
        .map(|p| (x.place(p.throughput_per_s), y.place(p.latency_ns)))
        .collect();
    let mut labels = Labels::default();
    labels.avoid(
        &points
            .iter()
            .map(|(_, p)| place(p, &x, &y))
            .collect::<Vec<_>>(),
    );
    labels.avoid(&old_places);
    super::draw_old(&mut drawing, &old_places, detail);
    draw_points(&mut drawing, &points, &x, &y);
    if let (Some(corner), Some(change)) = (corner, change) {
        draw_arrow(&mut drawing, corner, change, (&x, &y), &mut labels);
    }
    let named = match detail {
        Detail::Full => points.len(),
        Detail::Brief => 2,
    };
    name_points(&mut drawing, &mut labels, &points, (&x, &y), named);
    super::name_old(&mut drawing, &mut labels, &old_places, benchmark);
    let at = |p: &Point| {
        format!(
            "{} at {}",
            figure::time(p.latency_ns.estimate, &UNICODE),
            figure::rate(p.throughput_per_s.estimate, "", &UNICODE)
        )
    };
    Some(Chart {
        kind: 'p',
        caption: "<a href=#g-plane>The plane</a>: latency against throughput",
        label: format!("Latency against throughput: {}, {}", at(first), at(last)),
        drawing,
        rows: rows(&points, benchmark),
    })
}

fn place(point: &Point, x: &Scale, y: &Scale) -> (i32, i32) {
    (
        x.place(point.throughput_per_s.estimate),
        y.place(point.latency_ns.estimate),
    )
}

/// The dots joined in the order of thread counts, hollow where they do not count.
fn draw_points(drawing: &mut Drawing, points: &[(usize, &Point)], x: &Scale, y: &Scale) {
    let all = points.iter().map(|(_, p)| place(p, x, y));
    drawing.path("j", &Path::line(all.clone().map(Some)));
    drawing.path("d", &Path::dots(all));
    let hollow = points.iter().filter(|(_, p)| !p.counted);
    drawing.path("i", &Path::dots(hollow.map(|(_, p)| place(p, x, y))));
    let light = points.iter().filter(|(_, p)| facts::is_reference(p));
    drawing.path("i rf", &Path::dots(light.map(|(_, p)| place(p, x, y))));
}

/// Writes thread counts beside the dots, the ends first, as long as there is room.
fn name_points(
    drawing: &mut Drawing,
    labels: &mut Labels,
    points: &[(usize, &Point)],
    (x, y): (&Scale, &Scale),
    most: usize,
) {
    let ends_first = points.iter().take(1).chain(points.iter().skip(1).rev());
    for (_, p) in ends_first.take(most) {
        let (px, py) = place(p, x, y);
        let right = (px + 12, py - 10, Anchor::Start);
        let left = (px - 12, py - 10, Anchor::End);
        let places = if px > RIGHT - 40 {
            [left, left]
        } else {
            [right, left]
        };
        labels.put_if_free(drawing, ("n", &p.threads.to_string()), &places);
    }
}

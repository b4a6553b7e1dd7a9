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
use super::draw::{Drawing, Path, Shared};
use super::frame::{BOTTOM, Chart, LEFT, LINE, RIGHT, TOP, drawn, rows, upright_axis};
use super::labels::{Anchor, Labels, Place};
use super::scale::{Scale, Unit};
use crate::render::facts::{self, Part};
use crate::render::figure;
use crate::render::glyphs::UNICODE;
use crate::report::{Benchmark, Change, Point};

/// Legs of the arrow shorter than this have no head.
const SHORTEST_LEG: i32 = 16;

/// About how wide the label of the factors is.
const LABEL: i32 = 220;

/// The figures of the arrow: the corner before, what the faster call alone brings, the corner after.
#[derive(Debug, Clone, Copy)]
struct Corner {
    old_floor: f64,
    new_floor: f64,
    old_wall: f64,
    carried_wall: f64,
    new_wall: f64,
}

impl Corner {
    fn of(benchmark: &Benchmark, change: &Change) -> Option<Self> {
        let old = |n| change.old_points.iter().find(|p| p.threads == n);
        let new_floor = facts::single_call(benchmark)?.latency_ns.estimate;
        let at = benchmark
            .points
            .iter()
            .find(|p| p.threads == change.threads && facts::measured(p))?;
        let old_wall = old(change.threads)?.throughput_per_s;
        let corner = Self {
            old_floor: old(1)?.latency_ns,
            new_floor,
            old_wall,
            carried_wall: old_wall * change.performance.estimate,
            new_wall: at.throughput_per_s.estimate,
        };
        let all = [
            corner.old_floor,
            corner.new_floor,
            corner.old_wall,
            corner.carried_wall,
            corner.new_wall,
        ];
        all.iter()
            .all(|v| v.is_finite() && *v > 0.0)
            .then_some(corner)
    }
}

/// The chart; `None` where no point was measured.
pub(super) fn chart(benchmark: &Benchmark, detail: Detail, shared: &mut Shared) -> Option<Chart> {
    let points = drawn(benchmark);
    let (first, last) = (points.first()?.1, points.last()?.1);
    let change = benchmark.change.as_ref();
    let corner = change.and_then(|c| Corner::of(benchmark, c));
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
    drawing.fragment(&across_axis(&x, shared));
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

fn across_axis(scale: &Scale, shared: &mut Shared) -> String {
    let mut drawing = Drawing::default();
    let mut line = Path::default();
    line.move_to(LEFT, BOTTOM);
    line.line_to(RIGHT, BOTTOM);
    drawing.path("x", &line);
    let mut free_from = i32::MIN;
    for (value, label) in &scale.ticks {
        let x = scale.place(*value);
        let half = 6 * label.chars().count() as i32;
        if x - half >= free_from && x + half <= RIGHT + 20 {
            drawing.text("t", x, BOTTOM + LINE + 4, label);
            free_from = x + half + 24;
        }
    }
    drawing.text("t z", RIGHT, BOTTOM + 2 * LINE + 6, "calls per second");
    shared.reference(drawing.finish())
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

fn draw_arrow(
    drawing: &mut Drawing,
    corner: Corner,
    change: &Change,
    (x, y): (&Scale, &Scale),
    labels: &mut Labels,
) {
    let (old_y, new_y) = (y.place(corner.old_floor), y.place(corner.new_floor));
    let old_x = x.place(corner.old_wall);
    let carried_x = x.place(corner.carried_wall);
    let new_x = x.place(corner.new_wall);
    let leg = |class: &'static str, from: (i32, i32), to: (i32, i32), drawing: &mut Drawing| {
        let long = (from.0 - to.0).abs().max((from.1 - to.1).abs());
        if long >= 2 {
            let class = if long >= SHORTEST_LEG {
                class.to_owned()
            } else {
                format!("{class} h")
            };
            drawing.path(&class, &Path::line([Some(from), Some(to)].into_iter()));
        }
    };
    leg("K", (old_x, new_y), (carried_x, new_y), drawing);
    leg("P", (old_x, old_y), (old_x, new_y), drawing);
    leg("S", (carried_x, new_y), (new_x, new_y), drawing);
    let arrow = [
        (old_x, old_y),
        (old_x, new_y),
        (carried_x, new_y),
        (new_x, new_y),
    ];
    labels.avoid(&arrow);
    name_factors(drawing, labels, change, arrow);
}

/// Writes each factor beside its leg of the arrow where there is room, else both into the corner that hides least.
fn name_factors(
    drawing: &mut Drawing,
    labels: &mut Labels,
    change: &Change,
    [start, corner, carried, end]: [(i32, i32); 4],
) {
    let texts = Part::of(change).map(|part| {
        let factor = figure::factor(part.estimate.estimate, &UNICODE);
        format!("{} {} {factor}", part.arrow(&UNICODE), part.name())
    });
    let down = (start.1 + corner.1) / 2 + 6;
    let beside_down = [
        (start.0 - 16, down, Anchor::End),
        (start.0 + 16, down, Anchor::Start),
    ];
    let (left, right) = extent_of([corner.0, carried.0, end.0].into_iter());
    let beside_across = [
        (left, corner.1 + LINE + 2, Anchor::Start),
        (right, corner.1 + LINE + 2, Anchor::End),
        (right + 18, corner.1 + 6, Anchor::Start),
        (left - 18, corner.1 + 6, Anchor::End),
        (right, corner.1 - 14, Anchor::End),
        (left, corner.1 - 14, Anchor::Start),
        (right - 26, corner.1 - 14, Anchor::End),
        (left + 26, corner.1 - 14, Anchor::Start),
    ];
    let performance = ("n p", texts[0].as_str());
    let scalability = ("n k", texts[1].as_str());
    let (high, low) = (TOP + 16, BOTTOM - LINE - 12);
    let corners = [
        (LEFT + 10, high, Anchor::Start),
        (RIGHT - 6, high, Anchor::End),
        (RIGHT - 6, low, Anchor::End),
        (LEFT + 10, low, Anchor::Start),
    ];
    let beside = |labels: &Labels, text, places: &[Place]| labels.free(text, &inside(places));
    let first = beside(labels, performance, &beside_down);
    match (first, beside(labels, scalability, &beside_across)) {
        (None, None) => labels.put(drawing, &[performance, scalability], &corners),
        (first, second) => {
            let places = |place: Option<Place>| place.map_or(corners.to_vec(), |p| vec![p]);
            labels.put(drawing, &[performance], &places(first));
            // The first label may stand where the second would have.
            let second = second.and_then(|p| labels.free(scalability, &[p]));
            labels.put(drawing, &[scalability], &places(second));
        }
    }
}

/// Those places whose label stays inside the plot.
fn inside(places: &[Place]) -> Vec<Place> {
    let fits = |(x, y, anchor): &Place| {
        let across = match anchor {
            Anchor::Start => *x >= LEFT && x + LABEL <= RIGHT + 10,
            Anchor::End => x - LABEL >= LEFT && *x <= RIGHT + 10,
        };
        across && (TOP..BOTTOM - 4).contains(y)
    };
    places.iter().copied().filter(fits).collect()
}

fn extent_of(values: impl Iterator<Item = i32>) -> (i32, i32) {
    values.fold((i32::MAX, i32::MIN), |(low, high), v| {
        (low.min(v), high.max(v))
    })
}

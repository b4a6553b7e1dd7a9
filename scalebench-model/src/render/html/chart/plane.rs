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

use super::draw::{Drawing, Path, Shared};
use super::frame::{BOTTOM, Chart, LEFT, LINE, RIGHT, TOP, drawn, rows, upright_axis};
use super::scale::{Scale, Unit};
use crate::render::facts::{self, Part};
use crate::render::figure;
use crate::render::glyphs::UNICODE;
use crate::report::{Benchmark, Change, Point};

/// Legs of the arrow shorter than this have no head.
const SHORTEST_LEG: i32 = 16;

/// About how wide the label of a factor is.
const LABEL: i32 = 250;

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
pub(super) fn chart(benchmark: &Benchmark, shared: &mut Shared) -> Option<Chart> {
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
    super::draw_old(&mut drawing, &old_places, benchmark);
    draw_points(&mut drawing, &points, &x, &y);
    if let (Some(corner), Some(change)) = (corner, change) {
        let new = points.iter().map(|(_, p)| place(p, &x, &y));
        let curves: Vec<(i32, i32)> = new.chain(old_places).collect();
        draw_arrow(&mut drawing, corner, change, (&x, &y), &curves);
    }
    let at = |p: &Point| {
        format!(
            "{} at {} with {}",
            figure::time(p.latency_ns.estimate, &UNICODE),
            figure::rate(p.throughput_per_s.estimate, "", &UNICODE),
            super::threads(p.threads)
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
            free_from = x + half + 10;
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

/// The dots joined in the order of thread counts, with the first, the last and those that count named.
fn draw_points(drawing: &mut Drawing, points: &[(usize, &Point)], x: &Scale, y: &Scale) {
    let place = |p: &Point| place(p, x, y);
    let all = points.iter().map(|(_, p)| place(p));
    drawing.path("j", &Path::line(all.clone().map(Some)));
    drawing.path("d", &Path::dots(all));
    let hollow = points.iter().filter(|(_, p)| !p.counted);
    drawing.path("i", &Path::dots(hollow.map(|(_, p)| place(p))));
    let mut taken: Vec<(i32, i32)> = Vec::new();
    // The ends matter most: they get their labels first.
    let ends_first = points.iter().take(1).chain(points.iter().skip(1).rev());
    for (_, p) in ends_first {
        let (px, py) = place(p);
        let right = px > RIGHT - 40;
        let (lx, ly) = if right {
            (px - 14, py - 10)
        } else {
            (px + 12, py - 10)
        };
        let near = |(tx, ty): &(i32, i32)| (tx - lx).abs() < 30 && (ty - ly).abs() < 22;
        if !taken.iter().any(near) {
            drawing.text(
                if right { "n z" } else { "n" },
                lx,
                ly,
                &p.threads.to_string(),
            );
            taken.push((lx, ly));
        }
    }
}

fn draw_arrow(
    drawing: &mut Drawing,
    corner: Corner,
    change: &Change,
    (x, y): (&Scale, &Scale),
    curves: &[(i32, i32)],
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
    let mut busy: Vec<(i32, i32)> = curves.to_vec();
    busy.extend([
        (old_x, old_y),
        (old_x, new_y),
        (carried_x, new_y),
        (new_x, new_y),
    ]);
    label_factors(drawing, change, &busy);
}

/// Writes the two factors into the corner of the plot that is least busy; at the left top where all are alike, because
/// few calls a second that take long are rare.
fn label_factors(drawing: &mut Drawing, change: &Change, busy: &[(i32, i32)]) {
    let (top, low) = (TOP - 2, BOTTOM - 2 * LINE - 2);
    let corners = [(false, top), (true, top), (true, low), (false, low)];
    let crowd = |(right, y): (bool, i32)| {
        let (from, to) = if right {
            (RIGHT - LABEL, RIGHT)
        } else {
            (LEFT, LEFT + LABEL)
        };
        let inside =
            |p: &&(i32, i32)| (from..=to).contains(&p.0) && (y - 8..=y + 2 * LINE).contains(&p.1);
        busy.iter().filter(inside).count()
    };
    let (right, y) = corners
        .into_iter()
        .min_by_key(|c| crowd(*c))
        .unwrap_or(corners[0]);
    let x = if right { RIGHT - 6 } else { LEFT + 10 };
    for (i, part) in Part::of(change).into_iter().enumerate() {
        let class = match (i, right) {
            (0, false) => "n p",
            (0, true) => "n p z",
            (_, false) => "n k",
            (_, true) => "n k z",
        };
        let text = format!(
            "{} {} {}",
            part.arrow(&UNICODE),
            part.name(),
            figure::factor(part.estimate.estimate, &UNICODE)
        );
        drawing.text(class, x, y + LINE * (i as i32 + 1) - 6, &text);
    }
}

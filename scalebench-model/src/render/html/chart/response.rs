//! The picture: response time against offered load. Performance pushes the curve down, scalability to the right.
//!
//! The upright axis is logarithmic, from the unloaded latency (the floor) to what overload brings; the level one is not,
//! so that the wall stands where the capacity is. The arrow of a change stands at the corner of floor and knee.

use super::Detail;
use super::arrow::{Corner, draw_arrow};
use super::draw::{Drawing, Path, Shared};
use super::frame::{BOTTOM, Chart, Dot, LEFT, RIGHT, TOP, across_axis, draw_dots, upright_axis};
use super::labels::{Anchor, Labels, Place};
use super::scale::{Scale, Unit};
use crate::render::facts;
use crate::render::figure;
use crate::render::glyphs::UNICODE;
use crate::report::{Benchmark, Estimate, LoadChange, LoadPoint, OldLoadPoint};

/// Both scales.
struct Scales {
    x: Scale,
    y: Scale,
}

impl Scales {
    /// `None` where there is nothing to show.
    fn of(benchmark: &Benchmark) -> Option<Self> {
        let old = old(benchmark);
        let old_points = old.map_or(&[][..], |load| &load.old_points);
        let rates = benchmark.load.iter().map(|p| p.offered_per_s);
        let most = rates
            .chain(old_points.iter().map(|p| p.offered_per_s))
            .filter(|v| v.is_finite())
            .fold(0.0, f64::max);
        let times = |p: &LoadPoint| [p.response_ns.p50, p.response_ns.p99];
        let shown = benchmark.load.iter().flat_map(times).flatten();
        let mut values: Vec<f64> = shown.flat_map(|e| [e.estimate, e.upper]).collect();
        values.extend(
            old_points
                .iter()
                .flat_map(|p| [p.p50_ns, p.p99_ns])
                .flatten(),
        );
        if values.is_empty() {
            return None;
        }
        values.extend(benchmark.unloaded_latency_ns.map(|e| e.estimate));
        values.extend(old.map(|load| load.old_unloaded_latency_ns));
        values.extend(facts::knee_limit(benchmark));
        if corner(benchmark).is_some() {
            // Room above for the names of the arrow's legs.
            values.push(values.iter().copied().fold(0.0, f64::max) * 3.0);
        }
        // Room below for the name of p50.
        let least = values.iter().copied().filter(|v| *v > 0.0);
        values.push(least.fold(f64::INFINITY, f64::min) / 1.8);
        let (bottom, top) = (f64::from(BOTTOM), f64::from(TOP));
        Some(Self {
            x: Scale::linear(most, Unit::Rate, f64::from(LEFT), f64::from(RIGHT)),
            y: Scale::log(values.into_iter(), Unit::Time, bottom, top),
        })
    }

    fn place(&self, per_s: f64, ns: f64) -> (i32, i32) {
        (self.x.place(per_s), self.y.place(ns))
    }
}

fn old(benchmark: &Benchmark) -> Option<&LoadChange> {
    benchmark.change.as_ref()?.load.as_ref()
}

/// The chart; `None` where no response time is known.
pub(super) fn chart(benchmark: &Benchmark, detail: Detail, shared: &mut Shared) -> Option<Chart> {
    let scales = Scales::of(benchmark)?;
    let mut drawing = Drawing::default();
    drawing.fragment(&upright_axis(&scales.y, RIGHT, shared));
    drawing.fragment(&across_axis(&scales.x, "arrivals per second", shared));
    let mut labels = Labels::default();
    let rows = draw_handles(&mut drawing, benchmark, &scales);
    draw_floor(&mut drawing, &mut labels, benchmark, &scales);
    let before = draw_before(&mut drawing, benchmark, &scales, detail);
    let curves = draw_curves(&mut drawing, benchmark, &scales);
    draw_knee(&mut drawing, benchmark, &scales);
    for line in [&before, &curves[0], &curves[1]] {
        labels.avoid(line);
    }
    // Names come last, so that they keep off all lines; those with the fewest places first.
    name_knee(&mut drawing, &mut labels, benchmark, &scales);
    name_curves(&mut drawing, &mut labels, &curves);
    name_floor(&mut drawing, &mut labels, benchmark, &scales);
    if let (Some(change), Some(corner)) = (&benchmark.change, corner(benchmark)) {
        draw_arrow(
            &mut drawing,
            corner,
            change,
            (&scales.x, &scales.y),
            &mut labels,
        );
    }
    super::name_old(&mut drawing, &mut labels, &before, benchmark);
    Some(Chart {
        kind: 'r',
        caption: "<a href=#g-load>Response time</a> against offered load",
        label: label(benchmark),
        drawing,
        rows: Some(rows),
    })
}

/// Tells the script where each rate stands, and answers the rows that have a place.
fn draw_handles(drawing: &mut Drawing, benchmark: &Benchmark, scales: &Scales) -> Vec<usize> {
    let place = |p: &LoadPoint| {
        let shown = p.response_ns.p99.or(p.response_ns.p50)?;
        Some(scales.place(p.offered_per_s, shown.estimate))
    };
    let rows = benchmark.load.iter().enumerate();
    let (rows, places): (Vec<usize>, Vec<(i32, i32)>) =
        rows.filter_map(|(row, p)| Some((row, place(p)?))).unzip();
    drawing.path("d v", &Path::dots(places.into_iter()));
    rows
}

/// A level line over the whole plot.
fn level(y: i32) -> Path {
    Path::line([Some((LEFT, y)), Some((RIGHT, y))].into_iter())
}

/// The unloaded latency, and the response time at which the knee lies.
fn draw_floor(drawing: &mut Drawing, labels: &mut Labels, benchmark: &Benchmark, scales: &Scales) {
    let unloaded = benchmark.unloaded_latency_ns.map(|e| e.estimate);
    let limit = facts::knee_limit(benchmark);
    for (class, ns) in [("fl", unloaded), ("m", limit)] {
        if let Some(ns) = ns {
            let y = scales.y.place(ns);
            drawing.path(class, &level(y));
            labels.avoid(&[(LEFT, y), (RIGHT, y)]);
        }
    }
}

/// Names both level lines.
fn name_floor(drawing: &mut Drawing, labels: &mut Labels, benchmark: &Benchmark, scales: &Scales) {
    let beside = |ns: f64| {
        let y = scales.y.place(ns);
        [
            (RIGHT - 4, y - 8, Anchor::End),
            (RIGHT - 4, y + 24, Anchor::End),
            (LEFT + 8, y - 8, Anchor::Start),
            (LEFT + 8, y + 24, Anchor::Start),
        ]
    };
    if let Some(unloaded) = benchmark.unloaded_latency_ns {
        let places = beside(unloaded.estimate);
        labels.put(drawing, &[("n p", "unloaded")], &places);
    }
    if let (Some(limit), Some(plan)) = (facts::knee_limit(benchmark), &benchmark.load_plan) {
        let times = figure::short(plan.knee_factor, &UNICODE);
        let text = format!("{times} × unloaded");
        labels.put(drawing, &[("n", text.as_str())], &beside(limit));
    }
}

/// The response times before, grey; answers the places of p99.
fn draw_before(
    drawing: &mut Drawing,
    benchmark: &Benchmark,
    scales: &Scales,
    detail: Detail,
) -> Vec<(i32, i32)> {
    let points = old(benchmark).map_or(&[][..], |load| &load.old_points);
    let places = |figure: fn(&OldLoadPoint) -> Option<f64>| -> Vec<(i32, i32)> {
        let known = points
            .iter()
            .filter_map(|p| Some((p.offered_per_s, figure(p)?)));
        known.map(|(per_s, ns)| scales.place(per_s, ns)).collect()
    };
    let p50 = places(|p| p.p50_ns);
    drawing.path("o h5", &Path::line(p50.into_iter().map(Some)));
    let p99 = places(|p| p.p99_ns);
    super::draw_old(drawing, &p99, detail);
    p99
}

/// p99 with its intervals and p50 below, hollow where they do not count; answers the places of both.
fn draw_curves(
    drawing: &mut Drawing,
    benchmark: &Benchmark,
    scales: &Scales,
) -> [Vec<(i32, i32)>; 2] {
    let dots = |figure: fn(&LoadPoint) -> Option<Estimate>| -> Vec<Dot> {
        let rows = benchmark.load.iter().enumerate();
        rows.filter_map(|(row, p)| {
            let e = figure(p)?;
            Some(Dot {
                at: scales.place(p.offered_per_s, e.estimate),
                ends: (scales.y.place(e.lower), scales.y.place(e.upper)),
                counted: p.counted,
                reference: false,
                row,
            })
        })
        .collect()
    };
    let (p50, p99) = (dots(|p| p.response_ns.p50), dots(|p| p.response_ns.p99));
    let places = |dots: &[Dot]| dots.iter().map(|d| d.at).collect::<Vec<_>>();
    drawing.path("p5", &Path::line(p50.iter().map(|d| Some(d.at))));
    drawing.path("d5", &Path::dots(p50.iter().map(|d| d.at)));
    let hollow = p50.iter().filter(|d| !d.counted);
    drawing.path("i5", &Path::dots(hollow.map(|d| d.at)));
    draw_dots(drawing, &p99, false);
    [places(&p99), places(&p50)]
}

/// Names p99 and p50 near their first dots.
fn name_curves(drawing: &mut Drawing, labels: &mut Labels, [p99, p50]: &[Vec<(i32, i32)>; 2]) {
    for (name, places) in [("p99", p99), ("p50", p50)] {
        let near = places.iter().take(3).flat_map(|(x, y)| {
            [
                (x + 4, y + 28, Anchor::Start),
                (x + 4, y - 14, Anchor::Start),
            ]
        });
        let near: Vec<Place> = near.filter(|(_, y, _)| *y < BOTTOM - 4).collect();
        labels.put(drawing, &[("n", name)], &near);
    }
}

/// Where the knee stands: its rate, its interval, and the response time there.
fn knee_place(benchmark: &Benchmark, scales: &Scales) -> Option<((i32, i32), Estimate)> {
    let (knee, limit) = (benchmark.knee_per_s?, facts::knee_limit(benchmark)?);
    Some((scales.place(knee.estimate, limit), knee))
}

/// An upright line at the knee, from where p99 passes its limit down to the axis, and its interval.
fn draw_knee(drawing: &mut Drawing, benchmark: &Benchmark, scales: &Scales) {
    let Some(((x, y), knee)) = knee_place(benchmark, scales) else {
        return;
    };
    let upright = Path::line([Some((x, y)), Some((x, BOTTOM))].into_iter());
    drawing.path("kn", &upright);
    if knee.level > 0.0 {
        let ends = [knee.lower, knee.upper].map(|per_s| Some((scales.x.place(per_s), y)));
        drawing.path("kn w5", &Path::line(ends.into_iter()));
    }
}

fn name_knee(drawing: &mut Drawing, labels: &mut Labels, benchmark: &Benchmark, scales: &Scales) {
    let Some(((x, y), knee)) = knee_place(benchmark, scales) else {
        return;
    };
    labels.avoid(&[(x, y), (x, BOTTOM)]);
    let text = format!("knee {}", figure::rate(knee.estimate, "", &UNICODE));
    let places = [
        (x + 12, y + 28, Anchor::Start),
        (x + 12, y + 52, Anchor::Start),
        (x - 12, y + 28, Anchor::End),
        (x - 12, y - 14, Anchor::End),
        (x + 12, BOTTOM - 12, Anchor::Start),
        (x - 12, BOTTOM - 12, Anchor::End),
    ];
    let inside = |(x, _, anchor): &Place| *anchor == Anchor::End || x + 130 < RIGHT;
    let places: Vec<Place> = places.into_iter().filter(inside).collect();
    labels.put(drawing, &[("n k", text.as_str())], &places);
}

/// The corner of floor and knee, before and after; `None` unless both sides have a knee.
fn corner(benchmark: &Benchmark) -> Option<Corner> {
    let change = benchmark.change.as_ref()?;
    let load = change.load.as_ref().filter(|load| load.knees_compared)?;
    let old_wall = load.old_knee_per_s?;
    Corner {
        old_floor: load.old_unloaded_latency_ns,
        new_floor: benchmark.unloaded_latency_ns?.estimate,
        old_wall,
        carried_wall: old_wall * change.performance.estimate,
        new_wall: benchmark.knee_per_s?.estimate,
    }
    .known()
}

/// The picture for those who do not see it.
fn label(benchmark: &Benchmark) -> String {
    let unloaded = benchmark.unloaded_latency_ns;
    let unloaded = unloaded.map(|e| format!("unloaded {}", figure::time(e.estimate, &UNICODE)));
    let knee = benchmark.knee_per_s;
    let knee = knee.map_or("no knee".to_owned(), |e| {
        format!("the knee at {}", figure::rate(e.estimate, "", &UNICODE))
    });
    let parts: Vec<String> = unloaded.into_iter().chain([knee]).collect();
    format!("Response time against offered load: {}", parts.join(", "))
}

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
    let before = draw_before(&mut drawing, &mut labels, benchmark, &scales, detail);
    draw_curves(&mut drawing, &mut labels, benchmark, &scales);
    draw_knee(&mut drawing, &mut labels, benchmark, &scales);
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
    if let Some(unloaded) = benchmark.unloaded_latency_ns {
        let y = scales.y.place(unloaded.estimate);
        drawing.path("fl", &level(y));
        labels.avoid(&[(LEFT, y), (RIGHT, y)]);
        let places = [
            (RIGHT - 4, y + 24, Anchor::End),
            (RIGHT - 4, y - 8, Anchor::End),
        ];
        labels.put(drawing, &[("n p", "unloaded")], &places);
    }
    if let (Some(limit), Some(plan)) = (facts::knee_limit(benchmark), &benchmark.load_plan) {
        let y = scales.y.place(limit);
        drawing.path("m", &level(y));
        labels.avoid(&[(LEFT, y), (RIGHT, y)]);
        let times = figure::short(plan.knee_factor, &UNICODE);
        let text = format!("{times} × unloaded");
        let places = [
            (LEFT + 8, y - 8, Anchor::Start),
            (RIGHT - 4, y - 8, Anchor::End),
        ];
        labels.put(drawing, &[("n", text.as_str())], &places);
    }
}

/// The response times before, grey; answers the places of p99.
fn draw_before(
    drawing: &mut Drawing,
    labels: &mut Labels,
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
    let p99 = places(|p| p.p99_ns);
    let p50 = places(|p| p.p50_ns);
    drawing.path("o h5", &Path::line(p50.iter().copied().map(Some)));
    super::draw_old(drawing, &p99, detail);
    labels.avoid(&p99);
    p99
}

/// p99 with its intervals, hollow where it does not count, and p50 below.
fn draw_curves(drawing: &mut Drawing, labels: &mut Labels, benchmark: &Benchmark, scales: &Scales) {
    let dots = |figure: fn(&LoadPoint) -> Option<Estimate>| -> Vec<Dot> {
        let rows = benchmark.load.iter().enumerate();
        rows.filter_map(|(row, p)| {
            let e = figure(p)?;
            Some(Dot {
                at: scales.place(p.offered_per_s, e.estimate),
                ends: (scales.y.place(e.lower), scales.y.place(e.upper)),
                counted: p.counted,
                row,
            })
        })
        .collect()
    };
    let (p50, p99) = (dots(|p| p.response_ns.p50), dots(|p| p.response_ns.p99));
    let line = |dots: &[Dot]| dots.iter().map(|d| d.at).collect::<Vec<_>>();
    drawing.path("p5", &Path::line(line(&p50).into_iter().map(Some)));
    drawing.path("d5", &Path::dots(line(&p50).into_iter()));
    let hollow = p50.iter().filter(|d| !d.counted);
    drawing.path("i5", &Path::dots(hollow.map(|d| d.at)));
    draw_dots(drawing, &p99, false);
    labels.avoid(&line(&p99));
    labels.avoid(&line(&p50));
    for (name, dots) in [("p99", &p99), ("p50", &p50)] {
        if let Some(Dot { at: (x, y), .. }) = dots.first() {
            let places: [Place; 3] = [
                (x + 2, y - 14, Anchor::Start),
                (x + 14, y - 12, Anchor::Start),
                (x + 4, y + 28, Anchor::Start),
            ];
            labels.put(drawing, &[("n", name)], &places);
        }
    }
}

/// An upright line at the knee, from where p99 passes its limit down to the axis, and its interval.
fn draw_knee(drawing: &mut Drawing, labels: &mut Labels, benchmark: &Benchmark, scales: &Scales) {
    let (Some(knee), Some(limit)) = (benchmark.knee_per_s, facts::knee_limit(benchmark)) else {
        return;
    };
    let (x, y) = scales.place(knee.estimate, limit);
    drawing.path(
        "kn",
        &Path::line([Some((x, y)), Some((x, BOTTOM))].into_iter()),
    );
    if knee.level > 0.0 {
        let ends = [knee.lower, knee.upper].map(|per_s| Some((scales.x.place(per_s), y)));
        drawing.path("kn w5", &Path::line(ends.into_iter()));
    }
    labels.avoid(&[(x, y), (x, BOTTOM)]);
    let text = format!("knee {}", figure::rate(knee.estimate, "", &UNICODE));
    let places = [
        (x + 10, BOTTOM - 12, Anchor::Start),
        (x - 10, BOTTOM - 12, Anchor::End),
        (x + 10, y + 26, Anchor::Start),
        (x - 10, y + 26, Anchor::End),
        (x - 10, y - 12, Anchor::End),
    ];
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

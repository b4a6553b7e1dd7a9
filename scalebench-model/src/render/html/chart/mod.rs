//! The charts of a benchmark.

mod draw;
mod efficiency;
mod frame;
mod karp_flatt;
mod latency;
mod law;
mod percentiles;
mod plane;
mod scale;
mod time;

pub(super) use draw::Shared;

use draw::{Drawing, Path, UNITS};
use frame::{LEFT, RIGHT, ThreadAxis};

use crate::report::Benchmark;

/// How much is drawn for each benchmark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Detail {
    /// Every chart.
    Full,
    /// Latency, efficiency and the plane; the figures of the others stand in the data table.
    Brief,
}

/// The charts of a benchmark as HTML, in the order of reading.
pub(super) fn charts(benchmark: &Benchmark, detail: Detail, shared: &mut Shared) -> Vec<String> {
    let axis = ThreadAxis::of(benchmark, 0);
    let mut charts = vec![
        latency::chart(benchmark, &axis, shared),
        efficiency::chart(benchmark, &axis, shared),
        plane::chart(benchmark, shared),
    ];
    if detail == Detail::Full {
        charts.push(time::chart(benchmark, &axis, shared));
        charts.push(karp_flatt::chart(benchmark, &axis, shared));
        charts.push(percentiles::chart(benchmark, shared));
    }
    charts
        .into_iter()
        .flatten()
        .map(frame::Chart::html)
        .collect()
}

/// The figures before, grey, with the baseline's name at the end.
fn draw_old(drawing: &mut Drawing, places: &[(i32, i32)], benchmark: &Benchmark) {
    let (Some((x, y)), Some(change)) = (places.last().copied(), &benchmark.change) else {
        return;
    };
    drawing.path("o", &Path::line(places.iter().copied().map(Some)));
    drawing.path("od", &Path::dots(places.iter().copied()));
    let name = short_name(&change.baseline);
    let width = (name.chars().count() as f64 * 6.5 * UNITS) as i32;
    if x - width > LEFT && x > (LEFT + RIGHT) / 2 {
        drawing.text("n z f", x - 14, y - 10, &name);
    } else {
        drawing.text("n f", x + 14, y - 10, &name);
    }
}

/// The baseline's name where it is short, else what it is.
fn short_name(baseline: &str) -> String {
    let name = crate::render::visible::visible(baseline);
    if name.is_empty() || name.chars().count() > 14 {
        "before".into()
    } else {
        name
    }
}

fn threads(count: u32) -> String {
    if count == 1 {
        "1 thread".into()
    } else {
        format!("{count} threads")
    }
}

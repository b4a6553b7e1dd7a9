//! The charts of a benchmark.

mod arrow;
mod draw;
mod efficiency;
mod frame;
mod history;
mod karp_flatt;
mod labels;
mod latency;
mod law;
mod multiples;
mod percentiles;
mod plane;
mod response;
mod scale;
mod time;

pub(super) use draw::Shared;
pub(super) use history::history_charts;
pub(super) use multiples::Multiples;

use draw::{Drawing, Path};
use frame::{BOTTOM, LEFT, RIGHT, TOP, ThreadAxis};
use labels::{Anchor, Labels, Place};

use crate::render::facts;
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
    if facts::under_load(benchmark) {
        let chart = response::chart(benchmark, detail, shared);
        return chart.into_iter().map(frame::Chart::html).collect();
    }
    let axis = ThreadAxis::of(benchmark, 0);
    let mut charts = vec![
        latency::chart(benchmark, &axis, detail, shared),
        efficiency::chart(benchmark, &axis, detail, shared),
        plane::chart(benchmark, detail, shared),
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

/// The figures before, grey.
fn draw_old(drawing: &mut Drawing, places: &[(i32, i32)], detail: Detail) {
    drawing.path("o", &Path::line(places.iter().copied().map(Some)));
    if detail == Detail::Full {
        drawing.path("od", &Path::dots(places.iter().copied()));
    }
}

/// Names the figures before, at their end or else at their beginning.
fn name_old(
    drawing: &mut Drawing,
    labels: &mut Labels,
    places: &[(i32, i32)],
    benchmark: &Benchmark,
) {
    let (Some(first), Some(last), Some(change)) =
        (places.first(), places.last(), &benchmark.change)
    else {
        return;
    };
    let around = |(x, y): (i32, i32)| {
        [
            (x - 12, y - 12, Anchor::End),
            (x + 12, y + 7, Anchor::Start),
            (x + 6, y - 16, Anchor::Start),
            (x - 12, y + 26, Anchor::End),
            (x + 6, y + 28, Anchor::Start),
        ]
    };
    let places: Vec<Place> = around(*last)
        .into_iter()
        .chain(around(*first))
        .filter(|(x, y, anchor)| {
            let far = if *anchor == Anchor::Start {
                x + 70
            } else {
                x - 70
            };
            (LEFT..=RIGHT).contains(&far) && (TOP..BOTTOM).contains(y)
        })
        .collect();
    labels.put(drawing, &[("n o", &short_name(&change.baseline))], &places);
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

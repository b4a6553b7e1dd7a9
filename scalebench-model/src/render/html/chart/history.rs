//! Single-call latency and efficiency over the stored runs.

use super::draw::{Drawing, Path, Shared};
use super::frame::{BOTTOM, Chart, Dot, LEFT, LINE, RIGHT, TOP, draw_dots, upright_axis};
use super::labels::{Anchor, Labels};
use super::scale::{Scale, Unit};
use crate::render::facts;
use crate::render::figure;
use crate::render::glyphs::UNICODE;
use crate::render::visible::{commit, utc};
use crate::report::{Benchmark, Estimate, HistoryPoint};

/// Room between the edge of the plot and the first and last run.
const PAD: i32 = 30;
/// Cells that the factor beside a mark takes at most.
const LABEL: i32 = 80;

/// One figure over the runs.
struct Series<'a> {
    history: &'a [HistoryPoint],
    figure: fn(&HistoryPoint) -> Option<Estimate>,
    changed: fn(&HistoryPoint) -> Option<Estimate>,
    /// Class of the factor beside a mark.
    class: &'static str,
    scale: Scale,
}

/// The charts as HTML; none where there is no history.
pub(in super::super) fn history_charts(benchmark: &Benchmark, shared: &mut Shared) -> Vec<String> {
    let Some(last) = benchmark.history.last() else {
        return Vec::new();
    };
    let charts = [
        Some(latency(&benchmark.history, last, shared)),
        match facts::under_load(benchmark) {
            true => knee(&benchmark.history, last, shared),
            false => efficiency(benchmark, last, shared),
        },
    ];
    charts.into_iter().flatten().map(Chart::html).collect()
}

fn latency(history: &[HistoryPoint], last: &HistoryPoint, shared: &mut Shared) -> Chart {
    // Equal factors are equal distances; from zero a change of a few percent could not be seen.
    let values = history
        .iter()
        .flat_map(|p| [p.latency_ns.lower, p.latency_ns.upper]);
    let series = Series {
        history,
        figure: |p| Some(p.latency_ns),
        changed: |p| p.performance_changed,
        class: "n p",
        scale: Scale::log(values, Unit::Time, f64::from(BOTTOM), f64::from(TOP)),
    };
    Chart {
        kind: 'h',
        caption: "<a href=#g-latency>Single-call latency</a> over the runs",
        label: format!(
            "Single-call latency over {} runs: {} in the last, {}",
            history.len(),
            figure::time(last.latency_ns.estimate, &UNICODE),
            series.marks_in_words()
        ),
        drawing: series.draw(shared),
        rows: None,
    }
}

fn knee(history: &[HistoryPoint], last: &HistoryPoint, shared: &mut Shared) -> Option<Chart> {
    let end = last.knee_per_s?;
    let knees = history.iter().filter_map(|p| p.knee_per_s);
    let values = knees.flat_map(|e| [e.lower, e.upper]);
    let series = Series {
        history,
        figure: |p| p.knee_per_s,
        changed: |p| p.scalability_changed,
        class: "n k",
        scale: Scale::log(values, Unit::Rate, f64::from(BOTTOM), f64::from(TOP)),
    };
    Some(Chart {
        kind: 'y',
        caption: "<a href=#g-knee>Load carried at the knee</a> over the runs",
        label: format!(
            "Load carried at the knee over {} runs: {} in the last, {}",
            history.len(),
            figure::rate(end.estimate, "", &UNICODE),
            series.marks_in_words()
        ),
        drawing: series.draw(shared),
        rows: None,
    })
}

fn efficiency(benchmark: &Benchmark, last: &HistoryPoint, shared: &mut Shared) -> Option<Chart> {
    let history = &benchmark.history;
    let (threads, end) = (last.threads?, last.efficiency?);
    let most = history
        .iter()
        .filter_map(|p| p.efficiency)
        .map(|e| e.estimate)
        .fold(1.0, f64::max);
    // A little above the ideal is noise and no reason for another scale.
    let most = if most > 1.03 { most } else { 1.0 };
    let series = Series {
        history,
        figure: |p| p.efficiency,
        changed: |p| p.scalability_changed,
        class: "n k",
        scale: Scale::linear(most, Unit::Share, f64::from(BOTTOM), f64::from(TOP)),
    };
    let rows: Vec<usize> = series.dots().iter().map(|dot| dot.row).collect();
    Some(Chart {
        kind: 'y',
        caption: "<a href=#g-efficiency>Efficiency</a> at the most threads over the runs",
        label: format!(
            "Efficiency at {} over {} runs: {} in the last, {}",
            benchmark.axis.count(threads),
            history.len(),
            figure::share(end.estimate, &UNICODE),
            series.marks_in_words()
        ),
        drawing: series.draw(shared),
        rows: (rows.len() != history.len()).then_some(rows),
    })
}

impl Series<'_> {
    fn draw(&self, shared: &mut Shared) -> Drawing {
        let dots = self.dots();
        let mut drawing = Drawing::default();
        drawing.fragment(&upright_axis(&self.scale, RIGHT, shared));
        drawing.fragment(&self.axis(shared));
        let mut labels = Labels::default();
        labels.avoid(&dots.iter().map(|dot| dot.at).collect::<Vec<_>>());
        self.draw_marks(&mut drawing, &mut labels);
        draw_dots(&mut drawing, &dots, false);
        drawing
    }

    /// Runs stand at equal distances: by the clock a busy day would be one blot.
    fn place(&self, row: usize) -> i32 {
        let steps = self.history.len().saturating_sub(1).max(1) as i32;
        LEFT + PAD + (RIGHT - LEFT - 2 * PAD) * row as i32 / steps
    }

    fn dots(&self) -> Vec<Dot> {
        let dot = |(row, p): (usize, &HistoryPoint)| {
            let e = (self.figure)(p).filter(|e| e.estimate.is_finite())?;
            Some(Dot {
                at: (self.place(row), self.scale.place(e.estimate)),
                ends: (self.scale.place(e.lower), self.scale.place(e.upper)),
                counted: true,
                reference: false,
                row,
            })
        };
        self.history.iter().enumerate().filter_map(dot).collect()
    }

    /// The line with the names of the first and the last run.
    fn axis(&self, shared: &mut Shared) -> String {
        let mut drawing = Drawing::default();
        let mut line = Path::default();
        line.move_to(LEFT, BOTTOM);
        line.line_to(RIGHT, BOTTOM);
        drawing.path("x", &line);
        if let [first, .., last] = self.history {
            drawing.text("n", LEFT, BOTTOM + LINE + 4, &name(first));
            drawing.text("n z", RIGHT, BOTTOM + LINE + 4, &name(last));
        }
        drawing.text("z", RIGHT, BOTTOM + 2 * LINE + 6, "runs, oldest first");
        shared.reference(drawing.finish())
    }

    /// An upright line at each run that changed, and the factor beside it.
    fn draw_marks(&self, drawing: &mut Drawing, labels: &mut Labels) {
        let mut lines = Path::default();
        for (row, factor) in self.marks() {
            let x = self.place(row);
            lines.move_to(x, TOP);
            lines.line_to(x, BOTTOM);
            let text = figure::factor(factor.estimate, &UNICODE);
            let heights = [TOP + 16, BOTTOM - 12, TOP + 40];
            let beside = heights.map(|y| match x + LABEL < RIGHT {
                true => (x + 8, y, Anchor::Start),
                false => (x - 8, y, Anchor::End),
            });
            labels.put_if_free(drawing, (self.class, &text), &beside);
        }
        drawing.path("m", &lines);
    }

    fn marks(&self) -> impl Iterator<Item = (usize, Estimate)> + '_ {
        let mark = |(row, p)| (self.changed)(p).map(|factor| (row, factor));
        self.history.iter().enumerate().filter_map(mark)
    }

    fn marks_in_words(&self) -> String {
        match self.marks().count() {
            0 => "no change marked".into(),
            1 => "one change marked".into(),
            more => format!("{more} changes marked"),
        }
    }
}

/// A run by its revision, or else by its day.
fn name(point: &HistoryPoint) -> String {
    let day = || utc(point.started_unix_s).chars().take(10).collect();
    point.revision.as_ref().map_or_else(day, commit)
}

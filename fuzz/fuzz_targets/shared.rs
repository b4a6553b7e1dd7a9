//! What the targets share.

use scalebench_model::data::Run;
use scalebench_model::render;
use scalebench_model::report::Report;

/// Everything that is drawn from a report.
pub fn draw(report: &Report) {
    let json = render::json(report);
    let back: Report = serde_json::from_str(&json).expect("numbers, not null");
    assert!(render::json(&back) == json, "a number changed on the way");
    for width in [0, 60, 200] {
        let style = render::TerminalStyle {
            width,
            color: width > 60,
            unicode: width > 0,
        };
        let _ = render::terminal(report, &style);
        let _ = render::history(report, &style);
    }
    let _ = render::markdown(report);
    let _ = render::csv(report);
    let _ = render::bmf(report);
    let _ = render::github_action_benchmark(report);
    let page = render::html(report).expect("a page");
    assert!(
        !page.contains("<script>alert"),
        "markup came in through a name"
    );
}

/// A small record keeps every step short, so that many are tried.
#[allow(dead_code)]
pub fn is_small(run: &Run) -> bool {
    let samples = |run: &Run| -> usize {
        let all = run.benchmarks.iter().chain(&run.nulls);
        all.flat_map(|each| &each.launches)
            .map(|launch| launch.samples.len())
            .sum()
    };
    samples(run) < 200
        && run
            .compared
            .iter()
            .flat_map(|old| &old.runs)
            .all(|old| samples(old) < 200)
}

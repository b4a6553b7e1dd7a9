//! Benchmarks in load mode show their two figures and the picture, beside others and alone.

use scalebench_model::render::{
    TerminalStyle, bmf, csv, github_action_benchmark, html, markdown, terminal,
};
use scalebench_model::report::Benchmark;
use unicode_width::UnicodeWidthStr;

use crate::fixture;

fn mixed() -> Vec<Benchmark> {
    let mut benchmarks = fixture::under_load();
    benchmarks.extend(fixture::story());
    benchmarks
}

fn on_terminal(benchmarks: Vec<Benchmark>, width: usize, unicode: bool) -> String {
    let style = TerminalStyle {
        width,
        color: false,
        unicode,
    };
    terminal(&fixture::report(benchmarks), &style)
}

#[test]
fn the_table_shows_rates() {
    insta::assert_snapshot!("load_80", on_terminal(fixture::under_load(), 80, true));
}

#[test]
fn no_line_is_too_long() {
    for width in [60, 72, 80, 120, 200] {
        for unicode in [true, false] {
            let text = on_terminal(mixed(), width, unicode);
            let longest = text.lines().map(UnicodeWidthStr::width).max();
            assert!(
                longest.is_some_and(|cells| cells <= width),
                "{width}: {longest:?}"
            );
            assert!(unicode || text.is_ascii(), "{text}");
        }
    }
}

#[test]
fn the_page_has_the_picture() {
    let page = html(&fixture::report(mixed())).expect("a page");
    for words in [
        "data-k=r",
        "aria-label=\"Response time against offered load: unloaded 1.00 ms, the knee at 736 /s\"",
        ">arrivals per second</text>",
        ">10 × unloaded</text>",
        ">knee 736 /s</text>",
        "<dt>unloaded latency</dt>",
        "<dt>load carried at the knee</dt>",
        "<dt>closed loop of 64</dt>",
        "<th>Offered</th>",
        "<th>p99 before</th>",
        "<small>load</small>",
        "at the knee</small>",
        "Efficiency, or load carried",
        "load carried ×2.00",
        "id=g-knee",
        "not compared",
        "Poisson arrivals",
    ] {
        assert!(page.contains(words), "{words}");
    }
    let alone = html(&fixture::report(fixture::story())).expect("a page");
    assert!(!alone.contains("svg class=c data-k=r") && !alone.contains("load carried at"));
}

#[test]
fn several_values_stand_side_by_side_under_load() {
    let page = html(&fixture::report(fixture::values_under_load())).expect("a page");
    let from = page.find("class=values").expect("a section of the values");
    let section = &page[from..];
    let section = &section[..section.find("</section>").expect("an end")];
    for words in [
        "3 values of size",
        "1 without figures",
        "a curve for the p99 response time against offered load",
        "<b class=p>1.00 ms</b> <b class=k>knee 736 /s</b>",
        "<b class=p>4.00 ms</b> <b class=k>no knee</b>",
    ] {
        assert!(section.contains(words), "{words}\n{section}");
    }
    let sizes: Vec<&str> = section
        .split("<bdi>size = ")
        .skip(1)
        .map(|rest| &rest[..rest.find('<').expect("the value ends")])
        .collect();
    assert_eq!(sizes, ["16", "1024", "4096"]);
    let charts = section.matches("<svg class=\"c sm r\"").count();
    // A curve in each, and an upright line where there is a knee.
    assert_eq!((charts, section.matches("<path class=j ").count()), (3, 3));
    assert_eq!(section.matches("<path class=kn ").count(), 2);
    assert!(page.contains(">arrivals per second</text>"));
    // The grey curves of all three are drawn once and stand behind each.
    assert_eq!(page.matches("<path class=f ").count(), 3);
    let alone = html(&fixture::report(fixture::under_load())).expect("a page");
    assert!(!alone.contains("class=values"));
}

#[test]
fn a_point_that_is_refused_is_hollow() {
    let page = html(&fixture::report(fixture::under_load())).expect("a page");
    let of = |id: &str| {
        let from = page
            .find(&format!(">{id}</bdi></a></h2>"))
            .expect("a section");
        let rest = &page[from..];
        rest[..rest.find("</section>").expect("an end")].to_owned()
    };
    assert!(of("load::late").contains("<path class=i "));
    assert!(!of("load::service").contains("<path class=i "));
}

#[test]
fn the_summary_names_the_knee() {
    let summary = markdown(&fixture::report(mixed()));
    assert!(
        summary.contains("| Efficiency, or load carried |"),
        "{summary}"
    );
    assert!(summary.contains("736 /s ± 22 at the knee"), "{summary}");
    assert!(summary.contains("– not compared"), "{summary}");
    let alone = markdown(&fixture::report(fixture::under_load()));
    assert!(alone.contains("| Load carried |"), "{alone}");
}

#[test]
fn every_line_of_values_has_all_columns() {
    let text = csv(&fixture::report(mixed()));
    let columns: Vec<usize> = text.lines().map(|l| l.matches(',').count()).collect();
    assert!(columns.iter().all(|n| *n == columns[0]), "{text}");
    let line = text
        .lines()
        .find(|l| l.starts_with("load::service,load,ok,,"));
    let line = line.expect("a line of a rate");
    assert!(line.contains(",true,,25,25,"), "{line}");
}

#[test]
fn other_programs_get_the_two_figures() {
    let report = fixture::report(fixture::under_load());
    let bmf: serde_json::Value = serde_json::from_str(&bmf(&report)).expect("JSON");
    assert_eq!(
        bmf["load::wider under load"]["load-at-knee"]["value"],
        736.0
    );
    assert_eq!(bmf["load::wider under load"]["latency"]["value"], 2e6);
    assert!(bmf["load::late under load"].get("load-at-knee").is_none());
    let files = github_action_benchmark(&report);
    assert!(files.smaller_is_better.contains("load::wider unloaded"));
    assert!(files.bigger_is_better.contains("load::wider at the knee"));
}

#[test]
fn histories_show_the_knee() {
    let mut service = fixture::under_load().remove(2);
    let mut template = fixture::over_runs(3);
    for point in &mut template.history {
        point.threads = None;
        point.efficiency = None;
        point.knee_per_s = Some(fixture::about(368.0, 0.03));
    }
    template.history[1].knee_per_s = None;
    service.history = template.history;
    let report = fixture::report(vec![service]);
    let style = TerminalStyle {
        width: 80,
        color: false,
        unicode: true,
    };
    let text = scalebench_model::render::history(&report, &style);
    assert!(
        text.starts_with("load::service · load carried at the knee"),
        "{text}"
    );
    assert_eq!(text.matches("368 /s ± 11").count(), 2, "{text}");
    let page = html(&report).expect("a page");
    for words in [
        "<th>Load carried</th>",
        "Load carried at the knee over 3 runs",
    ] {
        assert!(page.contains(words), "{words}");
    }
}

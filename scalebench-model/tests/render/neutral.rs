//! A change of efficiency that is neither better nor worse, in every form.

use scalebench_model::render::{
    TerminalStyle, bmf, csv, github_action_benchmark, html, json, markdown, terminal,
};
use scalebench_model::report::{Pattern, Report, Verdict};

use crate::fixture;

const SHORT: &str = "performance ×2.00 faster; scalability: saturated (the call got faster, throughput at 8 threads stayed)";

/// The story's first benchmark got faster, and none of it reached 8 threads.
fn saturated(sentence: &str) -> Report {
    let mut report = fixture::report(fixture::story());
    let change = report.benchmarks[0].change.as_mut().expect("a change");
    change.scalability_verdict = Verdict::Neutral;
    change.pattern = Some(Pattern::Saturated);
    change.sentence = sentence.into();
    change.short = SHORT.into();
    report
}

#[test]
fn it_is_said_in_words_and_never_as_a_loss() {
    let report = saturated("A sentence of the model's.");
    let style = TerminalStyle {
        width: 100,
        color: false,
        unicode: true,
    };
    let table = terminal(&report, &style);
    let line = table.lines().find(|line| line.contains("~ scalability"));
    assert!(
        line.is_some_and(|line| line.ends_with("saturated")),
        "{table}"
    );
    assert!(table.contains("1 better, 1 neutral"), "{table}");
    let summary = markdown(&report);
    assert!(summary.contains("saturated |"), "{summary}");
    let page = html(&report).expect("a page");
    assert!(
        page.contains("saturated") && !page.contains("dn\">"),
        "{page}"
    );
    for text in [table, summary, page] {
        assert!(text.contains("A sentence of the model"));
        assert!(!text.contains("elsewhere"));
    }
}

#[test]
fn other_programs_get_the_few_words() {
    let report = saturated("");
    let quoted = format!("\"{SHORT}\"");
    let lines = csv(&report);
    let of_the_first = lines.lines().filter(|line| line.ends_with(&quoted)).count();
    assert_eq!(of_the_first, report.benchmarks[0].points.len());
    let files = github_action_benchmark(&report);
    assert!(
        files
            .bigger_is_better
            .contains(&format!("against main: {SHORT}"))
    );
    let read: Report = serde_json::from_str(&json(&report)).expect("a report");
    assert_eq!(read, report);
    assert!(json(&report).contains("\"pattern\": \"saturated\""));
    // Its metrics are numbers alone.
    assert!(!bmf(&report).contains("saturated"));
}

#[test]
fn without_a_sentence_the_page_says_why_efficiency_moved() {
    let page = html(&saturated("")).expect("a page");
    assert!(page.contains("Why efficiency moved: saturated."));
}

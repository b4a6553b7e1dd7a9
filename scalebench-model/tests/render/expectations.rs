//! What was expected and what became of it stands in every text that people read.

use scalebench_model::data::Mode;
use scalebench_model::render::{TerminalStyle, html, json, markdown, terminal};
use scalebench_model::report::{Expectation, ExpectationVerdict, Report};

use crate::fixture::{self, curve};

const ALL: [ExpectationVerdict; 4] = [
    ExpectationVerdict::Passed,
    ExpectationVerdict::Failed,
    ExpectationVerdict::Undecided,
    ExpectationVerdict::NotApplicable,
];

fn report(verdicts: &[ExpectationVerdict]) -> Report {
    let mut benchmark = curve("maps::insert", Mode::Concurrent, &[1, 4], |n| 100.0 + n);
    for (place, &verdict) in verdicts.iter().enumerate() {
        benchmark.expectations.push(Expectation {
            text: format!("latency < {place}ns"),
            verdict,
            estimate: None,
            sentence: format!("Sentence {place} about <latency>."),
        });
    }
    fixture::report(vec![benchmark])
}

fn table(report: &Report) -> String {
    let style = TerminalStyle {
        width: 100,
        color: false,
        unicode: true,
    };
    terminal(report, &style)
}

#[test]
fn the_table_has_each_and_counts_them() {
    let table = table(&report(&ALL));
    assert!(
        table.contains("expect  Sentence 1 about <latency>."),
        "{table}"
    );
    let counts = "Expectations: 1 failed, 1 undecided, 1 not applicable, 1 passed.";
    assert!(table.contains(counts), "{table}");
}

#[test]
fn the_page_has_a_mark_and_a_section() {
    let page = html(&report(&ALL)).expect("a page");
    for part in [
        "<em>expected: 1 failed, 1 undecided, 1 not applicable, 1 passed</em>",
        "<h3>Expectations</h3>",
        "<li><em>failed</em> Sentence 1 about &lt;",
        "<li><small>passed</small> Sentence 0",
        "id=g-expectation",
    ] {
        assert!(page.contains(part), "{part}");
    }
    let fine = html(&report(&ALL[..1])).expect("a page");
    assert!(fine.contains("<small>expected: 1 passed</small>"));
}

#[test]
fn the_summary_lists_what_did_not_pass() {
    let summary = markdown(&report(&ALL));
    assert!(summary.contains("\n- **failed** `maps::insert`: Sentence 1 about &lt;latency&gt;."));
    assert!(summary.contains("\n- undecided `maps::insert`"));
    assert!(!summary.contains("Sentence 0"), "{summary}");
    assert!(markdown(&report(&ALL[..1])).contains("\nExpectations: 1 passed.\n"));
}

#[test]
fn without_expectations_nothing_is_said_of_them() {
    let none = report(&[]);
    assert!(!table(&none).contains("xpect") && !markdown(&none).contains("xpect"));
    assert!(
        !html(&none)
            .expect("a page")
            .contains("<h3>Expectations</h3>")
    );
    assert!(!json(&none).contains("expectations"));
}

#[test]
fn json_can_be_read_back() {
    let report = report(&ALL);
    let back: Report = serde_json::from_str(&json(&report)).expect("a report");
    assert_eq!(
        back.benchmarks[0].expectations,
        report.benchmarks[0].expectations
    );
}

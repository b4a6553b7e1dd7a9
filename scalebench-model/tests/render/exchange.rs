//! The forms that other programs read.

use scalebench_model::render::{bmf, csv, github_action_benchmark, json};
use scalebench_model::report::Report;
use serde_json::Value;

use crate::fixture;

/// The records of comma-separated values.
fn records(text: &str) -> Vec<Vec<String>> {
    let mut records = vec![vec![String::new()]];
    let mut quoted = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let record = records.last_mut().expect("there is a record");
        match (c, quoted) {
            ('"', true) if chars.peek() == Some(&'"') => {
                chars.next();
                record.last_mut().expect("a field").push('"');
            }
            ('"', _) => quoted = !quoted,
            (',', false) => record.push(String::new()),
            ('\n', false) => records.push(vec![String::new()]),
            _ => record.last_mut().expect("a field").push(c),
        }
    }
    assert!(!quoted);
    assert_eq!(
        records.pop(),
        Some(vec![String::new()]),
        "the last line ends"
    );
    records
}

#[test]
fn csv_has_a_line_for_each_point() {
    insta::assert_snapshot!(csv(&fixture::everything()));
}

#[test]
fn csv_holds_every_figure_exactly() {
    let report = fixture::everything();
    let records = records(&csv(&report));
    let column = |name| {
        records[0]
            .iter()
            .position(|t| t == name)
            .expect("the column is there")
    };
    let (id, threads, latency) = (column("benchmark"), column("threads"), column("latency_ns"));
    for benchmark in &report.benchmarks {
        for point in &benchmark.points {
            let record = records
                .iter()
                .find(|r| r[id] == benchmark.id && r[threads] == point.threads.to_string())
                .expect("every point has a record");
            let measured = !record[column("flags")].contains("not_measured");
            let read = record[latency].parse::<f64>().ok();
            assert_eq!(read, measured.then_some(point.latency_ns.estimate));
        }
    }
}

#[test]
fn csv_stays_a_table_whatever_the_names() {
    let report = fixture::report(fixture::hostile());
    let records = records(&csv(&report));
    assert!(records.iter().all(|r| r.len() == records[0].len()));
    let points: usize = report
        .benchmarks
        .iter()
        .map(|b| b.points.len().max(1))
        .sum();
    assert_eq!(records.len(), 1 + points);
    assert!(
        records
            .iter()
            .any(|r| r[0] == "\"><img src=x onerror=alert(1)>'")
    );
}

#[test]
fn csv_holds_no_formula() {
    let names = [
        "=cmd|' /C calc'!A0",
        "@SUM(1)",
        "+1",
        " -1",
        "\t=1",
        "\r=1",
        "a=1",
    ];
    let mut benchmarks = fixture::hostile();
    benchmarks.truncate(names.len());
    assert_eq!(benchmarks.len(), names.len());
    for (benchmark, name) in benchmarks.iter_mut().zip(names) {
        benchmark.id = name.to_owned();
    }
    let records = records(&csv(&fixture::report(benchmarks)));
    for record in &records {
        assert!(
            !record[0]
                .trim_start()
                .starts_with(['=', '+', '-', '@', '\t', '\r'])
        );
    }
    let named = |name: &str| records.iter().any(|record| record[0] == name);
    assert!(named("'@SUM(1)") && named("' -1") && named("a=1"));
}

#[test]
fn bencher_gets_three_measures() {
    let text = bmf(&fixture::report(fixture::story()));
    insta::assert_snapshot!(text);
    let value: Value = serde_json::from_str(&text).expect("valid JSON");
    let efficiency = &value["story::wider at 8 threads"]["scaling-efficiency"];
    assert_eq!(efficiency["value"], 0.25);
    assert!(value["story::wider at 1 thread"]["scaling-efficiency"].is_null());
}

#[test]
fn trackers_get_only_what_counts() {
    let names = |text: &str| -> Vec<String> {
        let value: Value = serde_json::from_str(text).expect("valid JSON");
        match value {
            Value::Array(entries) => entries
                .iter()
                .map(|e| e["name"].as_str().unwrap_or_default().into())
                .collect(),
            Value::Object(map) => map.keys().cloned().collect(),
            _ => vec![],
        }
    };
    let report = fixture::everything();
    let files = github_action_benchmark(&report);
    for text in [
        bmf(&report),
        files.smaller_is_better,
        files.bigger_is_better,
    ] {
        let names = names(&text);
        assert!(names.contains(&"maps::mutex_insert at 8 threads".to_owned()));
        assert!(
            !names
                .iter()
                .any(|n| n == "maps::mutex_insert at 12 threads"),
            "not counted"
        );
        assert!(
            !names
                .iter()
                .any(|n| n == "awkward::seldom_together at 2 threads"),
            "not measured"
        );
    }
}

#[test]
fn github_action_benchmark_gets_two_files() {
    let files = github_action_benchmark(&fixture::report(fixture::story()));
    insta::assert_snapshot!("smaller_is_better", files.smaller_is_better);
    insta::assert_snapshot!("bigger_is_better", files.bigger_is_better);
}

#[test]
fn names_pass_through_json_unchanged() {
    let report = fixture::report(fixture::hostile());
    let tracked: Value = serde_json::from_str(&bmf(&report)).expect("valid JSON");
    assert!(tracked.get("nul\0and\u{1b}[31mred at 1 thread").is_some());
    for report in [report, fixture::everything(), fixture::report(vec![])] {
        let text = json(&report);
        let back: Report = serde_json::from_str(&text).expect("valid JSON");
        assert_eq!(back, report);
        assert_eq!(json(&back), text);
    }
}

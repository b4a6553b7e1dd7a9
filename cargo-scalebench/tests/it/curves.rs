//! What `analyze` says of curves of all kinds: every sentence stands in a snapshot, to be read by eye.
//!
//! The curves are made of the models with and without noise, or drawn by hand; those of `published/` are Gunther's raytracer and
//! SPEC SDM91 and Schwartz's cisco data. Their names say what they are.

use std::fmt::Write;
use std::process::Command;

use scalebench_model::report::{Benchmark, Report};

const CURVES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/curves.csv");

fn analyzed(mode: &str) -> Report {
    let output = Command::new(env!("CARGO_BIN_EXE_cargo-scalebench"))
        .args(["scalebench", "analyze", CURVES, "--json", "--mode", mode])
        .output()
        .expect("the subcommand starts");
    assert!(output.status.success(), "{output:?}");
    serde_json::from_slice(&output.stdout).expect("a report")
}

/// Throughput by thread count, the first sentence, the model's.
fn said(benchmark: &Benchmark) -> String {
    let points = benchmark.points.iter().map(|p| {
        let per_s = p.throughput_per_s.estimate;
        format!("{}: {}", p.threads, digits(per_s))
    });
    let points: Vec<String> = points.collect();
    let mut said = format!("{}\n    {}\n", benchmark.id, points.join(", "));
    let law = benchmark.laws.as_ref().map(|laws| laws.sentence.clone());
    for sentence in benchmark.summary.clone().into_iter().chain(law) {
        let _ = writeln!(said, "  {sentence}");
    }
    said
}

/// A number to three digits.
fn digits(value: f64) -> String {
    let text = format!("{value:.2e}");
    let short: f64 = text.parse().expect("a number");
    short.to_string()
}

fn all_said(mode: &str) -> String {
    let report = analyzed(mode);
    assert!(report.benchmarks.len() >= 60);
    let warnings = report.warnings.iter().map(|w| format!("{w}\n"));
    let curves = report.benchmarks.iter().map(said);
    warnings.chain(curves).collect::<Vec<_>>().join("\n")
}

#[test]
fn of_concurrent_calls() {
    insta::assert_snapshot!(all_said("concurrent"));
}

#[test]
fn of_parallel_calls() {
    insta::assert_snapshot!(all_said("parallel"));
}

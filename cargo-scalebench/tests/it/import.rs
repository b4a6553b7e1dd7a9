//! `cargo scalebench import` as a process.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use scalebench_model::report::Report;

fn import(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_cargo-scalebench"))
        .args(["scalebench", "import"])
        .args(arguments)
        .current_dir(folder)
        .env("NO_COLOR", "1")
        .env("LC_ALL", "C.UTF-8")
        .env("SCALEBENCH_HOME", folder.join("results"))
        .env_remove("CRITERION_HOME")
        .output()
        .expect("the subcommand starts")
}

#[track_caller]
fn fails(output: &Output, code: i32, part: &str) {
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{error}");
    assert!(error.contains(part), "{error}");
}

/// A result folder of criterion with samples of `ns` per iteration.
fn criterion(folder: &Path, id: &str, ns: f64) {
    let new = folder.join("criterion").join(id).join("new");
    fs::create_dir_all(&new).expect("writable");
    let benchmark = format!(r#"{{"group_id":"g","full_id":"{id}","throughput":null}}"#);
    let iterations = [100.0, 200.0, 300.0, 400.0];
    let times = iterations.map(|count| count * ns);
    let sample =
        format!(r#"{{"sampling_mode":"Linear","iters":{iterations:?},"times":{times:?}}}"#);
    fs::write(new.join("benchmark.json"), benchmark).expect("writable");
    fs::write(new.join("sample.json"), sample).expect("writable");
}

#[test]
fn a_sweep_of_criterion_becomes_a_report_and_a_page() {
    let folder = tempfile::tempdir().expect("a folder");
    for (threads, ns) in [(1, 50.0), (2, 60.0), (4, 100.0)] {
        criterion(folder.path(), &format!("maps/insert/threads/{threads}"), ns);
    }
    let output = import(folder.path(), &["criterion", "criterion", "--json"]);
    let report: Report = serde_json::from_slice(&output.stdout).expect("a report and nothing else");
    let points = &report.benchmarks[0].points;
    assert_eq!(report.benchmarks[0].id, "maps/insert");
    let efficiencies: Vec<f64> = points
        .iter()
        .filter_map(|point| Some(point.efficiency?.estimate))
        .collect();
    assert!((points[0].latency_ns.estimate - 50.0).abs() < 1e-9);
    assert!((efficiencies[2] - 0.5).abs() < 1e-9, "{efficiencies:?}");
    assert!(folder.path().join("results/report/index.html").exists());
}

#[test]
fn what_cannot_be_used_is_said_with_the_right_code() {
    let folder = tempfile::tempdir().expect("a folder");
    let json = |text: &str| {
        fs::write(folder.path().join("file.json"), text).expect("writable");
        "file.json"
    };
    fails(
        &import(folder.path(), &["jmh", "gone.json"]),
        4,
        "could not read `gone.json`",
    );
    fails(
        &import(folder.path(), &["jmh", json("{")]),
        2,
        "no result file of JMH",
    );
    fails(
        &import(folder.path(), &["google-benchmark", json("[]")]),
        2,
        "no result file of Google Benchmark",
    );
    fails(
        &import(folder.path(), &["criterion", "nowhere"]),
        4,
        "there is no folder `nowhere`",
    );
    fails(
        &import(folder.path(), &["criterion", "."]),
        4,
        "holds no criterion results",
    );
    criterion(folder.path(), "maps/insert/4", 50.0);
    fails(
        &import(folder.path(), &["criterion", "criterion"]),
        2,
        "--pattern",
    );
    fails(
        &import(folder.path(), &["divan"]),
        2,
        "criterion, jmh or google-benchmark",
    );
    assert!(!folder.path().join("results").exists());
}

//! `cargo nextest`, where it is installed.

use std::process::Command;

use super::run::{Ran, Results, run};

/// What nextest did with `arguments`; `None` where it is not installed.
fn nextest(results: &Results, arguments: &[&str]) -> Option<Ran> {
    let installed = Command::new(env!("CARGO"))
        .args(["nextest", "--version"])
        .output();
    if !installed.is_ok_and(|output| output.status.success()) {
        eprintln!("cargo-nextest is not installed: nothing was tested");
        return None;
    }
    let mut command = results.cargo(&[&["nextest"], arguments].concat());
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("NEXTEST") {
            command.env_remove(name);
        }
    }
    command.env("NEXTEST_EXPERIMENTAL_BENCHMARKS", "1");
    Some(run(&mut command))
}

#[test]
fn lists_all_benchmarks_and_knows_the_ignored_ones() {
    let results = Results::new("nextest-list");
    let Some(ran) = nextest(&results, &["list", "--benches"]) else {
        return;
    };
    let ran = ran.ended(0);
    for line in [
        "alpha::bench/maps maps::shared\n",
        "alpha::bench/maps maps::sized/size=1\n",
        "alpha::bench/two-words two_words::private count\n",
        "beta::bench/maps maps::nested\n",
        "only::bench/alone alone::alone\n",
    ] {
        ran.said(line);
    }
    assert!(!ran.out.contains("later"), "{}", ran.out);
    let Some(ran) = nextest(&results, &["list", "--benches", "--run-ignored", "only"]) else {
        return;
    };
    assert_eq!(ran.ended(0).out, "alpha::bench/maps maps::later\n");
}

#[test]
fn runs_every_benchmark_by_its_own_name() {
    let results = Results::new("nextest-run");
    let Some(ran) = nextest(&results, &["run", "--benches", "--run-ignored", "all"]) else {
        return;
    };
    ran.ended(0).warned("7 tests run: 7 passed, 0 skipped");
    assert!(!results.folder().exists());
    let Some(ran) = nextest(
        &results,
        &["run", "-p", "faults", "--benches", "--no-fail-fast"],
    ) else {
        return;
    };
    ran.ended(100).warned("2 tests run: 1 passed, 1 failed");
}

#[test]
fn measures_every_benchmark_by_its_own_name_onto_one_page() {
    let results = Results::new("nextest-bench");
    // Not an argument: nextest hands none on to benchmarks.
    let filter = ["bench", "-p", "alpha"];
    let installed = Command::new(env!("CARGO"))
        .args(["nextest", "bench", "--help"])
        .output();
    if !installed.is_ok_and(|output| output.status.success()) {
        return;
    }
    let mut command = results.cargo(&[&["nextest"], &filter[..]].concat());
    for (name, value) in [("QUICK", "1"), ("ROUNDS", "3"), ("WINDOW", "1ms")] {
        command.env(format!("SCALEBENCH_{name}"), value);
    }
    command.env("NEXTEST_EXPERIMENTAL_BENCHMARKS", "1");
    run(&mut command).ended(0);
    let expected = [
        "maps::shared",
        "maps::sized/size=1",
        "maps::sized/size=2",
        "two_words::private count",
    ];
    assert_eq!(results.ids(), expected);
}

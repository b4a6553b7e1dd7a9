//! Bad input: what is said, and the exit code.

use std::fs;

use crate::run::{SMALL, bench, command, planned, run};

#[test]
fn a_filter_that_matches_nothing_is_said() {
    let run = bench(&["no_such_benchmark"]);
    assert_eq!(run.code(), 0);
    assert!(
        run.stderr()
            .contains("no benchmark of `subjects` matches `no_such_benchmark`"),
        "{}",
        run.stderr()
    );
}

#[test]
fn an_unknown_exact_name_fails() {
    let run = bench(&["--exact", "subjects::known::free_wai"]);
    assert_eq!(run.code(), 2);
    assert!(
        run.stderr()
            .contains("has the id `subjects::known::free_wai`"),
        "{}",
        run.stderr()
    );
}

#[test]
fn an_unknown_flag_fails() {
    let run = run(&["--bench", "--frobnicate"]);
    assert_eq!(run.code(), 2);
    assert!(
        run.stderr().contains("unknown flag `--frobnicate`"),
        "{}",
        run.stderr()
    );
}

#[test]
fn an_unwritable_folder_leaves_the_results_on_the_terminal() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let blocked = folder.path().join("file");
    fs::write(&blocked, "not a folder").expect("written");
    let output = command(&blocked, &SMALL).output().expect("it starts");
    let (out, err) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    assert_eq!(output.status.code(), Some(4), "{err}");
    assert!(out.contains("known::counter"), "{out}");
    assert!(
        err.contains("could not write") && err.contains("SCALEBENCH_HOME"),
        "{err}"
    );
}

#[test]
fn the_test_mode_calls_everything_once() {
    let run = run(&["known::"]);
    assert_eq!(run.code(), 0, "{}", run.stderr());
    assert!(
        run.stdout()
            .contains("test subjects::known::counter ... ok"),
        "{}",
        run.stdout()
    );
    let called = run.stdout().matches(" ... ok\n").count();
    let sum = format!("test result: ok. {called} passed; 0 failed");
    assert!(run.stdout().contains(&sum), "{sum}: {}", run.stdout());
}

#[test]
fn ids_round_trip_through_the_list() {
    let list = run(&["--list", "--format", "terse"]).stdout();
    let ids: Vec<&str> = list
        .lines()
        .map(|line| line.strip_suffix(": benchmark").expect("terse"))
        .collect();
    assert!(
        ids.contains(&"subjects::known::with_values/size=2"),
        "{ids:?}"
    );
    let ignored = run(&["--list", "--format", "terse", "--ignored"]).stdout();
    assert!(
        ignored.contains("known::left_out: benchmark") && !ignored.contains("known::counter"),
        "{ignored}"
    );
    let run = run(&["--exact", "subjects::known::with_values/size=2"]);
    assert!(run.stdout().contains("1 passed"), "{}", run.stdout());
}

#[test]
fn two_runs_at_once_take_turns() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let arguments = planned("1", "3", "20ms", &["known::counter"]);
    let first = command(home.path(), &arguments).spawn().expect("it starts");
    let second = command(home.path(), &arguments).spawn().expect("it starts");
    for mut child in [first, second] {
        assert!(child.wait().expect("it ends").success());
    }
    let runs = fs::read_dir(home.path().join("runs"))
        .expect("runs")
        .count();
    assert!((1..=2).contains(&runs), "{runs}");
}

//! `cargo bench`.

use super::project::{cargo_in, target, workspace};
use super::run::{Results, ids, run};

/// As little measuring as there can be.
const QUICK: [&str; 5] = ["--quick", "--rounds", "3", "--window", "1ms"];

fn quick<'a>(before: &[&'a str]) -> Vec<&'a str> {
    [before, &["--"], &QUICK].concat()
}

#[test]
fn every_bench_target_of_a_workspace_is_on_one_page() {
    let results = Results::new("one-page");
    run(&mut results.cargo(&quick(&["bench"]))).ended(0);
    let expected = [
        "alone::alone",
        "maps::nested",
        "maps::shared",
        "maps::sized/size=1",
        "maps::sized/size=2",
        "two_words::private count",
    ];
    assert_eq!(results.ids(), expected);
}

#[test]
fn benchmarks_of_one_id_are_told_apart_and_chosen_by_their_package() {
    let results = Results::new("twins");
    let both = ["bench", "-p", "alpha", "-p", "twin", "--bench", "maps"];
    let ran = run(&mut results.cargo(&quick(&[&both[..], &["shared"]].concat()))).ended(0);
    ran.said("1 benchmark of alpha");
    ran.said("1 benchmark of twin");
    assert_eq!(results.ids(), ["alpha::maps::shared", "twin::maps::shared"]);
    let results = Results::new("twin");
    let one = [&both[..], &["twin::maps::shared", "--", "--exact"], &QUICK].concat();
    run(&mut results.cargo(&one))
        .ended(0)
        .said("1 benchmark of twin");
    assert_eq!(results.ids(), ["maps::shared"]);
    let wrong = [&both[..], &["twin::maps::shred", "--", "--exact"]].concat();
    run(&mut results.cargo(&wrong)).ended(2);
}

#[test]
fn a_name_selects_and_the_other_targets_say_that_they_have_none() {
    let results = Results::new("by-name");
    let ran = run(&mut results.cargo(&quick(&["bench", "private"]))).ended(0);
    ran.warned("no benchmark of `maps` matches `private`");
    assert_eq!(results.ids(), ["two_words::private count"]);
}

#[test]
fn a_package_in_a_subfolder_shares_the_results_of_its_workspace() {
    let folder = workspace().join("nested/beta");
    let mut command = cargo_in(&folder, &quick(&["bench"]));
    // Relative to where cargo is called, which is not where it runs the bench.
    command.env("CARGO_TARGET_DIR", "../../../conventions-target");
    run(&mut command).ended(0);
    assert_eq!(ids(&target().join("scalebench")), ["maps::nested"]);
    assert!(!folder.join("scalebench").exists());
}

#[test]
fn variables_mirror_flags() {
    let results = Results::new("variables");
    let mut command = results.cargo(&["bench", "--bench", "alone"]);
    for (name, value) in [
        ("QUICK", "1"),
        ("ROUNDS", "3"),
        ("WINDOW", "1ms"),
        ("THREADS", "1,3"),
    ] {
        command.env(format!("SCALEBENCH_{name}"), value);
    }
    let ran = run(&mut command).ended(0);
    assert!(
        ran.out
            .lines()
            .any(|line| line.trim_start().starts_with("3 ")),
        "{}",
        ran.out
    );
}

#[test]
fn an_exact_id_runs_in_its_target_and_a_typing_error_fails() {
    let results = Results::new("exact");
    let arguments = ["bench", "two_words::private count", "--", "--exact"];
    let ran = run(&mut results.cargo(&[&arguments[..], &QUICK].concat())).ended(0);
    ran.warned("no benchmark of `alone` matches `two_words::private count`");
    assert_eq!(results.ids(), ["two_words::private count"]);
    for wrong in ["two_words::privat", "tow_words::private", "private"] {
        let ran = run(&mut results.cargo(&["bench", wrong, "--", "--exact"])).ended(2);
        ran.warned(&format!("has the id `{wrong}`; `--list` prints them"));
    }
}

#[test]
fn an_unknown_flag_is_named() {
    let results = Results::new("unknown-flag");
    let ran = run(&mut results.cargo(&["bench", "--", "--frobnicate"])).ended(2);
    ran.warned("unknown flag `--frobnicate`");
}

#[test]
fn a_panic_is_told_and_the_others_still_run() {
    let results = Results::new("panic");
    let ran = run(&mut results.cargo(&quick(&["bench", "-p", "faults", "--bench", "faults"])));
    let ran = ran.ended(3);
    ran.warned("nothing is owned");
    assert_eq!(results.ids(), ["faults::sound", "faults::unsound"]);
}

#[test]
fn a_target_without_benchmarks_says_so() {
    let results = Results::new("empty");
    let ran = run(&mut results.cargo(&["bench", "-p", "faults", "--bench", "empty"])).ended(0);
    ran.warned("`empty` has no benchmarks: put #[scale_bench] on a function");
}

/// A library that keeps its harness is run too, and that harness knows no flag of ours. The guide says to write
/// `[lib] bench = false`; without flags nothing is in the way.
#[test]
fn the_harness_of_a_library_refuses_flags_but_nothing_else() {
    let results = Results::new("libtest");
    let ran = run(&mut results.cargo(&quick(&["bench", "-p", "plain"])));
    assert_ne!(ran.code, Some(0));
    ran.warned("Unrecognized option: 'quick'");
    let mut command = results.cargo(&["bench", "-p", "plain"]);
    command
        .env("SCALEBENCH_QUICK", "1")
        .env("SCALEBENCH_WINDOW", "1ms");
    run(&mut command).ended(0);
    assert_eq!(results.ids(), ["plain::alone"]);
}

#[test]
fn a_profile_calls_and_leaves_nothing_behind() {
    let results = Results::new("profile");
    let arguments = ["bench", "--bench", "alone", "--", "--profile-time", "20ms"];
    let ran = run(&mut results.cargo(&arguments)).ended(0);
    ran.warned("Calling alone::alone with 1 thread for 0.02 s");
    assert!(!results.folder().exists());
    run(&mut results.cargo(&["bench", "--bench", "alone", "--", "--profile-time", "soon"]))
        .ended(2)
        .warned("`--profile-time` takes a time above 0");
}

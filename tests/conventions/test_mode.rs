//! `cargo test`: each benchmark once, and nothing measured.

use super::run::{Results, run};

#[test]
fn all_targets_run_each_benchmark_once_and_write_nothing() {
    let results = Results::new("all-targets");
    for targets in ["--all-targets", "--benches"] {
        let ran = run(&mut results.cargo(&["test", targets])).ended(0);
        for line in [
            "test maps::shared ... ok",
            "test maps::sized/size=2 ... ok",
            "test maps::later ... ignored",
            "test two_words::private count ... ok",
            "test maps::nested ... ok",
            "test alone::alone ... ok",
            "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out",
        ] {
            ran.said(line);
        }
        // With `bench = false` the library's own tests are no part of `--benches`.
        assert_eq!(
            ran.out.contains("test tests::ordinary ... ok"),
            targets == "--all-targets"
        );
    }
    assert!(!results.folder().exists());
}

#[test]
fn flags_of_the_test_harness_are_understood() {
    let results = Results::new("test-flags");
    let ran = run(&mut results.cargo(&[
        "test",
        "--bench",
        "maps",
        "-p",
        "alpha",
        "--",
        "--include-ignored",
        "--nocapture",
        "--test-threads",
        "1",
        "--skip",
        "sized",
        "--color",
        "never",
    ]))
    .ended(0);
    ran.said("test maps::later ... ok");
    // Values of what is left out are not evaluated, so that it counts once.
    ran.said("test result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 1 filtered out");
}

#[test]
fn a_broken_benchmark_fails_the_tests() {
    let results = Results::new("broken-test");
    let ran = run(&mut results.cargo(&["test", "-p", "faults", "--bench", "faults"]));
    assert_ne!(ran.code, Some(0));
    ran.said("test faults::sound ... ok");
    ran.said("test faults::unsound ... FAILED");
    ran.said("panicked: nothing is owned at faults/benches/faults.rs:5:");
}

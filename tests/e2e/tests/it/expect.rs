//! Expectations: what they do to the report and to the exit code.

use scalebench_model::report::{ExpectationVerdict, Flag};

use crate::run::{Run, bench, command, planned, run};

/// The verdicts on what the benchmark expects, with the texts.
fn verdicts(run: &Run, name: &str) -> Vec<(String, ExpectationVerdict)> {
    let expectations = run.benchmark(name).expectations.into_iter();
    expectations.map(|each| (each.text, each.verdict)).collect()
}

fn expected(name: &str, more: &[&str]) -> Run {
    bench(&[&["--ignored", name], more].concat())
}

/// How many runs were stored: none where nothing was measured.
fn runs(run: &Run) -> usize {
    std::fs::read_dir(run.home.path().join("runs")).map_or(0, Iterator::count)
}

#[test]
fn what_is_met_passes_and_refers_to_a_point_that_nobody_asked_for() {
    let run = expected("expected::met", &[]);
    assert_eq!(run.code(), 0, "{}", run.stderr());
    let all = verdicts(&run, "expected::met");
    assert_eq!(all.len(), 2);
    assert!(
        all.iter()
            .all(|(_, verdict)| *verdict == ExpectationVerdict::Passed),
        "{all:?}"
    );
    let points = run.benchmark("expected::met").points;
    let reference: Vec<(u32, bool)> = points
        .iter()
        .map(|point| (point.threads, point.flags.contains(&Flag::Reference)))
        .collect();
    assert_eq!(reference, [(1, true), (2, false)]);
    assert!(run.stdout().contains("reference"), "{}", run.stdout());
    assert!(
        run.stdout().contains("Expectations: 2 passed."),
        "{}",
        run.stdout()
    );
}

#[test]
fn what_is_missed_fails_the_run_and_is_named() {
    let run = expected("expected::missed", &[]);
    assert_eq!(run.code(), 1, "{}", run.stderr());
    let all = verdicts(&run, "expected::missed");
    let texts: Vec<&str> = all.iter().map(|(text, _)| text.as_str()).collect();
    assert_eq!(texts, ["efficiency(2) >= 90%", "latency < 1s"]);
    assert_eq!(all[0].1, ExpectationVerdict::Failed);
    assert_eq!(all[1].1, ExpectationVerdict::Passed);
    let named = "gate: subjects::expected::missed: efficiency(2) >= 90% failed";
    assert!(run.stderr().contains(named), "{}", run.stderr());
    // The run counts and is stored all the same.
    assert_eq!(runs(&run), 1);
}

#[test]
fn more_threads_than_cpus_are_no_fault() {
    let run = expected("expected::elsewhere", &["--gate-strict"]);
    assert_eq!(run.code(), 0, "{}", run.stderr());
    let all = verdicts(&run, "expected::elsewhere");
    assert_eq!(all[0].1, ExpectationVerdict::NotApplicable);
    assert!(
        run.stdout().contains("100000 threads are more than"),
        "{}",
        run.stdout()
    );
}

#[test]
fn what_the_data_cannot_tell_fails_only_strictly() {
    let little = planned(
        "1",
        "1",
        "10ms",
        &["known::free_wait", "--expect", "latency < 1s"],
    );
    let usual = run(&little);
    assert_eq!(usual.code(), 0, "{}", usual.stderr());
    assert_eq!(
        verdicts(&usual, "known::free_wait"),
        [("latency < 1s".to_owned(), ExpectationVerdict::Undecided)]
    );
    let strict = run(&[&little[..], &["--gate-strict"]].concat());
    assert_eq!(strict.code(), 1, "{}", strict.stderr());
}

#[test]
fn flags_add_to_what_attributes_expect_and_have_a_variable() {
    let both = expected(
        "expected::met",
        &["--expect", "latency < 1us, efficiency(2) >= 70%"],
    );
    assert_eq!(both.code(), 1, "{}", both.stderr());
    let texts: Vec<String> = verdicts(&both, "expected::met")
        .into_iter()
        .map(|(text, _)| text)
        .collect();
    assert_eq!(
        texts,
        ["efficiency(2) >= 70%", "latency < 1s", "latency < 1us"]
    );
    let home = tempfile::tempdir().expect("a temporary folder");
    let arguments = planned("3", "3", "10ms", &["known::free_wait", "--threads", "1"]);
    let mut command = command(home.path(), &arguments);
    let output = command.env("SCALEBENCH_EXPECT", "latency < 1us").output();
    assert_eq!(output.expect("it starts").status.code(), Some(1));
}

#[test]
fn what_cannot_be_read_or_measured_is_refused_before_anything_is_measured() {
    for (text, parts) in [
        (
            "latncy < 1us",
            [
                "error: there is no metric `latncy`",
                "help: write one of latency",
            ],
        ),
        (
            "latency < 1",
            [
                "error: the unit of `1` is missing",
                "help: write a number with ns, us",
            ],
        ),
        (
            "p99(2) < 1us",
            ["`p99` cannot be expected", "help: write one of"],
        ),
        (
            "efficiency(7) > 1%",
            [
                "names 7 threads, which no selected benchmark",
                "help: name one of 1, 2, 4",
            ],
        ),
    ] {
        let refused = bench(&["known::free_wait", "--expect", text]);
        assert_eq!(refused.code(), 2, "{}", refused.stderr());
        assert_eq!(runs(&refused), 0);
        for part in parts {
            assert!(
                refused.stderr().contains(part),
                "{part}: {}",
                refused.stderr()
            );
        }
    }
    let refused = expected("expected::unmeasured", &[]);
    assert_eq!(
        (refused.code(), runs(&refused)),
        (2, 0),
        "{}",
        refused.stderr()
    );
    for part in [
        "`subjects::expected::unmeasured` expects",
        "help: name one of 1, 2",
    ] {
        assert!(
            refused.stderr().contains(part),
            "{part}: {}",
            refused.stderr()
        );
    }
    // One run with other counts is no fault of the attribute.
    let other = expected("expected::unmeasured", &["--threads", "1"]);
    assert_eq!(other.code(), 0, "{}", other.stderr());
}

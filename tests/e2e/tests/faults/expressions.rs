//! `#[values]` and `throughput` that panic, exit, abort or never end: their function fails, with message and place, and
//! all others go on.

use scalebench_model::data::Status;
use scalebench_model::report::Report;

use crate::counts::Counts;
use crate::patience::output;
use crate::run::{Run, command_of, planned};

const EXPRESSIONS: &str = env!("CARGO_BIN_EXE_expressions");

/// What is broken, how it ends, and a part of what is said of it.
const BROKEN: [(&str, Status, &str); 7] = [
    (
        "panics_in_values",
        Status::Failed,
        "the planted panic in values",
    ),
    (
        "panics_in_throughput",
        Status::Failed,
        "the planted panic in throughput",
    ),
    ("exits_in_values", Status::Failed, "exit code 0"),
    ("aborts_in_values", Status::Failed, "SIGABRT"),
    (
        "hangs_in_values",
        Status::TimedOut,
        "`--timeout SECONDS` allows more",
    ),
    (
        "group::reads",
        Status::Failed,
        "the planted panic in a group",
    ),
    (
        "group::writes",
        Status::Failed,
        "the planted panic in a group",
    ),
];

const FINE: [&str; 3] = ["plain", "with_values/size=1", "with_values/size=2"];

fn run(arguments: &[&str]) -> Run {
    let home = tempfile::tempdir().expect("a temporary folder");
    let output = output(&mut command_of(
        EXPRESSIONS.as_ref(),
        home.path(),
        arguments,
    ));
    Run { output, home }
}

fn named(name: &str) -> String {
    format!("expressions::{name}")
}

/// Every broken function, by what its benchmark says in the report.
fn check_report(report: &Report) {
    let of = |name: &str| {
        let mut benchmarks = report.benchmarks.iter();
        let found = benchmarks.find(|each| each.id == named(name));
        found.unwrap_or_else(|| panic!("{name} is not in the report"))
    };
    for name in FINE {
        assert_eq!(
            (of(name).status, of(name).points.len()),
            (Status::Ok, 1),
            "{name}"
        );
    }
    for (name, status, says) in BROKEN {
        let failure = of(name).failure.as_ref().expect("a failure");
        assert_eq!(of(name).status, status, "{name}");
        assert!(failure.message.contains(says), "{name}: {failure:?}");
        let has_place = says.contains("planted");
        assert_eq!(failure.place.is_some(), has_place, "{name}: {failure:?}");
    }
}

fn measured() -> Counts {
    let run = run(&planned("1", "2", "1ms", &["--timeout", "2"]));
    assert_eq!(run.code(), 3, "{}", run.stderr());
    check_report(&run.report());
    for (name, _, says) in BROKEN {
        let (out, err) = (run.stdout(), run.stderr());
        assert!(
            err.contains(&named(name)) && err.contains(says),
            "{name}: {err}"
        );
        assert!(out.contains(&named(name)), "{name}: {out}");
    }
    Counts::faults(BROKEN.len())
}

fn listed() -> Counts {
    let run = run(&["--list", "--format", "terse", "--timeout", "2"]);
    assert_eq!(run.code(), 3, "{}", run.stderr());
    let out = run.stdout();
    for name in FINE {
        assert!(
            out.contains(&format!("{}: benchmark\n", named(name))),
            "{out}"
        );
    }
    for (name, _, says) in BROKEN {
        let err = run.stderr();
        assert!(!out.contains(&named(name)), "{out}");
        assert!(
            err.contains(&format!("error: `{}` failed", named(name))),
            "{err}"
        );
        assert!(err.contains(says), "{err}");
    }
    Counts::faults(BROKEN.len())
}

fn tested() -> Counts {
    let run = run(&["--test", "--timeout", "2"]);
    let out = run.stdout();
    assert_eq!(run.code(), 3, "{out}");
    for name in FINE {
        assert!(
            out.contains(&format!("test {} ... ok", named(name))),
            "{out}"
        );
    }
    for (name, _, says) in BROKEN {
        assert!(
            out.contains(&format!("test {} ... FAILED", named(name))),
            "{out}"
        );
        assert!(out.contains(says), "{out}");
    }
    assert!(out.contains("3 passed; 7 failed; 3 ignored"), "{out}");
    Counts::faults(BROKEN.len())
}

/// What a filter leaves out fails nothing, and by its whole name nobody else is asked.
fn left_out() -> Counts {
    let by_part = run(&["--list", "--timeout", "2", "plain"]);
    assert_eq!(by_part.code(), 0, "{}", by_part.stderr());
    let exact = [
        "--list",
        "--timeout",
        "600",
        "--exact",
        "expressions::with_values/size=2",
    ];
    let by_name = run(&exact);
    assert_eq!(by_name.code(), 0, "{}", by_name.stderr());
    let broken = [
        "--list",
        "--timeout",
        "600",
        "--exact",
        "expressions::exits_in_values/size=1",
    ];
    assert_eq!(run(&broken).code(), 3);
    Counts::faults(1)
}

/// Nobody is left to ask where the worker is this process, so only panics can be survived.
fn in_process() -> Counts {
    let part = [
        "--in-process",
        "--skip",
        "exits",
        "--skip",
        "aborts",
        "--skip",
        "hangs",
    ];
    let run = run(&planned("1", "2", "1ms", &part));
    assert_eq!(run.code(), 3, "{}", run.stderr());
    let report = run.report();
    let failed = report
        .benchmarks
        .iter()
        .filter(|each| each.status == Status::Failed);
    assert_eq!(failed.count(), 4, "{}", run.stdout());
    assert!(
        run.stdout().contains("the planted panic in values"),
        "{}",
        run.stdout()
    );
    Counts::faults(1)
}

/// What the other build of a comparison cannot list is not compared, and the rest is.
fn other_build() -> Counts {
    let rest = [
        "--timeout",
        "2",
        "--against",
        EXPRESSIONS,
        "--exact",
        "expressions::plain",
    ];
    let run = run(&planned("1", "2", "1ms", &rest));
    assert_eq!(run.code(), 0, "{}", run.stderr());
    for (name, _, says) in BROKEN {
        let said = format!("{} (old side): ", named(name));
        let line = run
            .stderr()
            .lines()
            .find(|line| line.contains(&said))
            .map(str::to_owned);
        let is_group = name.starts_with("group");
        assert!(
            is_group || line.is_some_and(|line| line.contains(says)),
            "{}",
            run.stderr()
        );
    }
    Counts::faults(1)
}

/// Ids are printed as they are asked for, on one line each, whatever is in their values.
fn printed() -> Counts {
    let all = run(&["--list", "--format", "terse", "--timeout", "2", "odd_text"]);
    let out = all.stdout();
    assert!(!out.contains(['\u{1b}', '\0', '\u{202e}']), "{out:?}");
    let ids: Vec<&str> = out
        .lines()
        .map(|line| line.trim_end_matches(": benchmark"))
        .collect();
    assert_eq!(ids.len(), 3, "{out:?}");
    for id in ids {
        let one = run(&planned(
            "1",
            "1",
            "1ms",
            &["--include-ignored", "--exact", id],
        ));
        assert_eq!(one.code(), 0, "{id}: {}", one.stderr());
        assert_eq!(one.report().benchmarks[0].id, id);
    }
    Counts::inputs(3)
}

/// All of it.
pub(crate) fn whole() -> Counts {
    let mut counts = listed();
    for part in [tested, measured, left_out, in_process, other_build, printed] {
        counts += part();
    }
    counts
}

#[test]
fn broken_expressions_fail_one_function_in_a_list() {
    listed();
    left_out();
}

#[test]
fn broken_expressions_fail_one_function_in_a_test() {
    tested();
}

#[test]
fn broken_expressions_fail_one_function_in_a_run() {
    measured();
    in_process();
    other_build();
}

#[test]
fn odd_values_are_printed_and_taken_back() {
    printed();
}

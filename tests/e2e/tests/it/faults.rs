//! Code under measurement that goes wrong: the message and place are shown, the others are complete, and nothing hangs.

use scalebench_model::data::Status;

use crate::run::{Run, bench, run};

/// Measures the faulty benchmark beside one that behaves, which must be complete.
fn faulty(name: &str) -> Run {
    let run = bench(&[
        "--include-ignored",
        "--timeout",
        "5",
        "known::counter",
        &format!("faults::{name}"),
    ]);
    assert_eq!(run.code(), 3, "{}\n{}", run.stdout(), run.stderr());
    let healthy = run.benchmark("known::counter");
    assert_eq!((healthy.status, healthy.points.len()), (Status::Ok, 2));
    run
}

fn failure(run: &Run, name: &str) -> (Status, String, Option<String>) {
    let benchmark = run.benchmark(&format!("faults::{name}"));
    let failure = benchmark.failure.expect("a failure");
    assert!(
        run.stdout().contains(&failure.message[..20]),
        "the table says it: {}",
        run.stdout()
    );
    (benchmark.status, failure.message, failure.place)
}

#[test]
fn panics_show_message_and_place() {
    for (name, message) in [
        ("panics_in_the_call", "the planted panic in the call"),
        ("panics_in_setup", "the planted panic in setup"),
        ("panics_in_one_thread", "the planted panic in one thread"),
        ("panics_in_teardown", "the planted panic in teardown"),
    ] {
        let run = faulty(name);
        let (status, text, place) = failure(&run, name);
        assert_eq!(status, Status::Failed);
        assert!(text.contains(message), "{name}: {text}");
        assert!(place.expect("a place").contains("faults.rs:"), "{name}");
    }
}

#[test]
fn processes_that_end_say_how() {
    for (name, message) in [
        ("aborts", "SIGABRT"),
        ("exits", "exit code 7"),
        ("segfaults", "SIGSEGV"),
        ("too_many_threads", "could not start 100000 threads"),
    ] {
        let run = faulty(name);
        let (status, text, _) = failure(&run, name);
        assert_eq!(status, Status::Failed);
        assert!(text.contains(message), "{name}: {text}");
    }
}

#[test]
fn what_never_ends_is_ended() {
    for name in ["deadlocks", "never_returns"] {
        let run = faulty(name);
        let (status, text, _) = failure(&run, name);
        assert_eq!(status, Status::TimedOut, "{name}: {text}");
        assert!(text.contains("--timeout"), "{text}");
    }
}

#[test]
fn prints_do_not_disturb_and_can_be_seen() {
    let quiet = bench(&["--ignored", "faults::prints"]);
    assert_eq!(quiet.code(), 0, "{}", quiet.stderr());
    assert!(!quiet.stderr().contains("a line on standard"));
    let loud = run(&["--ignored", "faults::prints", "--nocapture"]);
    assert!(
        loud.stderr().contains("a line on standard output"),
        "{}",
        loud.stderr()
    );
    assert!(loud.stderr().contains("a line on standard error"));
}

#[cfg(target_os = "linux")]
#[test]
fn no_process_is_left_behind() {
    let run = run(&["--ignored", "faults::leaves_a_child_behind"]);
    assert_eq!(run.code(), 0, "{}", run.stderr());
    let left = std::fs::read_dir("/proc")
        .expect("a /proc")
        .flatten()
        .any(|process| {
            let of = |file: &str| std::fs::read(process.path().join(file)).unwrap_or_default();
            let home = run.home.path().to_string_lossy().into_owned();
            of("cmdline").starts_with(b"sleep\x001000")
                && String::from_utf8_lossy(&of("environ"))
                    .contains(&format!("SCALEBENCH_HOME={home}"))
        });
    assert!(!left);
}

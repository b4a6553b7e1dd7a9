//! A program built with `panic = "abort"`: a panic ends the worker, and message and place are still shown.

use std::path::Path;
use std::process::Command;

use scalebench_model::data::Status;

use crate::counts::Counts;
use crate::patience::output;
use crate::run::{Run, command_of, planned};

/// Builds the subjects once more; the first time takes a minute.
pub(crate) fn whole() -> Counts {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("panic-abort");
    let built = Command::new(env!("CARGO"))
        .args([
            "build",
            "--quiet",
            "-p",
            "scalebench-e2e",
            "--bin",
            "subjects",
        ])
        .args([
            "--config",
            "profile.dev.panic=\"abort\"",
            "--config",
            "profile.dev.debug=false",
            "--target-dir",
        ])
        .arg(&target)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .status();
    assert!(built.expect("cargo runs").success());
    let binary = target.join("debug/subjects");
    let names = [
        "panics_in_the_call",
        "panics_in_setup",
        "panics_in_one_thread",
        "panics_in_teardown",
    ];
    // Frames come after the message, and there are more of them than of the lines that are shown.
    for backtrace in ["0", "1", "full"] {
        for name in names {
            panics(&binary, name, backtrace);
        }
    }
    Counts::faults(3 * names.len())
}

fn panics(binary: &Path, name: &str, backtrace: &str) {
    let home = tempfile::tempdir().expect("a temporary folder");
    let faulty = format!("subjects::faults::{name}");
    let arguments = planned(
        "1",
        "3",
        "1ms",
        &[
            "--include-ignored",
            "--exact",
            "subjects::known::counter",
            &faulty,
        ],
    );
    let output =
        output(command_of(binary, home.path(), &arguments).env("RUST_BACKTRACE", backtrace));
    let run = Run { output, home };
    assert_eq!(run.code(), 3, "{name}: {}", run.stderr());
    assert_eq!(run.benchmark("known::counter").status, Status::Ok);
    let failure = run
        .benchmark(&format!("faults::{name}"))
        .failure
        .expect("it failed");
    let (message, place) = (&failure.message, failure.place.as_deref());
    assert!(
        message.contains("SIGABRT") && message.contains("the planted panic"),
        "{failure:?}"
    );
    assert!(
        place.is_some_and(|place| place.contains("faults.rs:")),
        "{failure:?}"
    );
    // Wherever its lines break.
    let table: Vec<String> = run.stdout().split_whitespace().map(str::to_owned).collect();
    assert!(
        table.join(" ").contains("the planted panic"),
        "{}",
        run.stdout()
    );
}

//! Starts the subjects and reads what they leave.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use scalebench_model::report::{Benchmark, Report};
use tempfile::TempDir;

/// One run of the subjects in a folder of its own.
pub(crate) struct Run {
    pub(crate) output: Output,
    pub(crate) home: TempDir,
}

/// The command that cargo would run, with a home of its own and no settings from outside.
pub(crate) fn command(home: &Path, arguments: &[&str]) -> Command {
    command_of(env!("CARGO_BIN_EXE_subjects").as_ref(), home, arguments)
}

/// The same for any binary of benchmarks.
pub(crate) fn command_of(binary: &Path, home: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(binary);
    command.env_clear();
    for kept in ["PATH", "HOME", "LLVM_PROFILE_FILE"] {
        if let Some(value) = std::env::var_os(kept) {
            command.env(kept, value);
        }
    }
    command
        .env("SCALEBENCH_HOME", home)
        .args(arguments)
        .stdin(Stdio::null());
    command
}

/// Runs the subjects to their end.
pub(crate) fn run(arguments: &[&str]) -> Run {
    let home = tempfile::tempdir().expect("a temporary folder");
    let output = command(home.path(), arguments)
        .output()
        .expect("the subjects start");
    Run { output, home }
}

/// A run of half a second that measures, prints and stores.
pub(crate) const SMALL: [&str; 10] = [
    "--bench",
    "--launches",
    "1",
    "--rounds",
    "3",
    "--window",
    "1ms",
    "--threads",
    "1",
    "known::counter",
];

/// The arguments of a run with a plan of its own.
pub(crate) fn planned<'a>(
    launches: &'a str,
    rounds: &'a str,
    window: &'a str,
    rest: &[&'a str],
) -> Vec<&'a str> {
    let plan = [
        "--bench",
        "--launches",
        launches,
        "--rounds",
        rounds,
        "--window",
        window,
    ];
    [&plan, rest].concat()
}

/// Runs them as `cargo bench` would, with a small plan.
pub(crate) fn bench(arguments: &[&str]) -> Run {
    run(&planned("3", "3", "10ms", arguments))
}

impl Run {
    pub(crate) fn code(&self) -> i32 {
        self.output.status.code().expect("it ended by itself")
    }

    pub(crate) fn stdout(&self) -> String {
        String::from_utf8(self.output.stdout.clone()).expect("UTF-8")
    }

    pub(crate) fn stderr(&self) -> String {
        String::from_utf8(self.output.stderr.clone()).expect("UTF-8")
    }

    pub(crate) fn report(&self) -> Report {
        let path = self.home.path().join("report/report.json");
        let text = std::fs::read_to_string(&path)
            .unwrap_or_else(|error| panic!("{error}\n{}", self.stderr()));
        serde_json::from_str(&text).expect("a report")
    }

    pub(crate) fn benchmark(&self, name: &str) -> Benchmark {
        let id = format!("subjects::{name}");
        self.report()
            .benchmarks
            .into_iter()
            .find(|each| each.id == id)
            .expect("the benchmark is on the report")
    }
}

//! Running a tool and reading what it did.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use super::project::{cargo_in, workspace};

/// What a run left behind.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    /// Checks the exit code, and shows everything where it is another.
    #[track_caller]
    pub(crate) fn ended(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "\n{}\n{}", self.out, self.err);
        self
    }

    #[track_caller]
    pub(crate) fn said(&self, part: &str) {
        assert!(
            self.out.contains(part),
            "no `{part}` in\n{}\n{}",
            self.out,
            self.err
        );
    }

    #[track_caller]
    pub(crate) fn warned(&self, part: &str) {
        assert!(
            self.err.contains(part),
            "no `{part}` in\n{}\n{}",
            self.out,
            self.err
        );
    }
}

pub(crate) fn run(command: &mut Command) -> Ran {
    let output = command.output().expect("the tool starts");
    Ran {
        code: output.status.code(),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// A results folder of one test's own, empty at first.
#[derive(Debug)]
pub(crate) struct Results(PathBuf);

impl Results {
    pub(crate) fn new(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
            .join("conventions-results")
            .join(name);
        // Nothing is there the first time.
        let _ = fs::remove_dir_all(&folder);
        Self(folder)
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.0
    }

    /// `cargo ARGUMENTS` at the root of the workspace, with results here.
    pub(crate) fn cargo(&self, arguments: &[&str]) -> Command {
        let mut command = cargo_in(workspace(), arguments);
        command.env("SCALEBENCH_HOME", &self.0);
        command
    }

    /// The ids on the page, in order.
    pub(crate) fn ids(&self) -> Vec<String> {
        ids(&self.0)
    }
}

/// The ids on the page of a results folder, in order.
pub(crate) fn ids(results: &Path) -> Vec<String> {
    let text = fs::read_to_string(results.join("report/report.json")).expect("a report");
    let report: Value = serde_json::from_str(&text).expect("JSON");
    let benchmarks = report["benchmarks"].as_array().expect("benchmarks");
    benchmarks
        .iter()
        .map(|each| each["id"].as_str().expect("an id").to_owned())
        .collect()
}

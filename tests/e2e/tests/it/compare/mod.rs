//! Comparing runs of real processes: baselines, two binaries side by side, the gate.

mod baselines;
mod gate;
mod paired;

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use scalebench_model::data::Run;
use scalebench_model::report::{Benchmark, Change, Report};
use serde_json::Value;
use tempfile::TempDir;

use crate::run::command_of;

const SERVICE: &str = "scalebench_e2e::planted::service";
const STEADY: &str = "scalebench_e2e::planted::steady";
const BREAKABLE: &str = "scalebench_e2e::planted::breakable";
const EXTRA: &str = "planted_more::extra";

/// A folder with results, and with binaries that have a change planted.
struct Project {
    folder: TempDir,
}

/// How a run ended and what it said.
struct Ended {
    code: Option<i32>,
    out: String,
    err: String,
}

impl Ended {
    #[track_caller]
    fn with(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "\n{}\n{}", self.out, self.err);
        self
    }

    #[track_caller]
    fn warned(&self, part: &str) {
        assert!(self.err.contains(part), "no `{part}` in\n{}", self.err);
    }
}

fn planted() -> PathBuf {
    env!("CARGO_BIN_EXE_planted").into()
}

fn planted_more() -> PathBuf {
    env!("CARGO_BIN_EXE_planted_more").into()
}

impl Project {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        Self { folder }
    }

    fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    /// The planted binary under a name that plants `change`.
    fn plant(&self, change: &str) -> PathBuf {
        let copy = self.folder.path().join(format!("planted@{change}"));
        fs::copy(planted(), &copy).expect("copied");
        copy
    }

    /// Each run is a session of its own, as each `cargo bench` is.
    fn command(&self, binary: &Path, arguments: &[&str]) -> Command {
        static SESSIONS: AtomicU32 = AtomicU32::new(0);
        let session = SESSIONS.fetch_add(1, Ordering::Relaxed).to_string();
        let mut command = command_of(binary, &self.home(), arguments);
        command.env("SCALEBENCH_SESSION", session);
        command
    }

    /// Runs `binary` as `cargo bench` would, with a small plan.
    fn bench(&self, binary: &Path, arguments: &[&str]) -> Ended {
        let small = "--bench --launches 3 --rounds 3 --window 12ms".split(' ');
        let all: Vec<&str> = small.chain(arguments.iter().copied()).collect();
        ended(&mut self.command(binary, &all))
    }

    fn report(&self) -> Report {
        let text = fs::read(self.home().join("report/report.json")).expect("a report");
        serde_json::from_slice(&text).expect("a report")
    }

    fn benchmark(&self, id: &str) -> Benchmark {
        let benchmarks = self.report().benchmarks;
        let found = benchmarks.into_iter().find(|each| each.id == id);
        found.expect("the benchmark is on the report")
    }

    #[track_caller]
    fn change(&self, id: &str) -> Change {
        let warnings = self.report().warnings;
        let change = self.benchmark(id).change;
        change.unwrap_or_else(|| panic!("{id} was not compared: {warnings:?}"))
    }

    fn runs(&self) -> usize {
        fs::read_dir(self.home().join("runs")).map_or(0, Iterator::count)
    }

    fn baseline_file(&self, name: &str) -> PathBuf {
        let folder = self.home().join("baselines").join(name);
        let mut files = fs::read_dir(folder).expect("a baseline");
        files.next().expect("a file").expect("readable").path()
    }

    fn baseline(&self, name: &str) -> Run {
        let text = fs::read(self.baseline_file(name)).expect("readable");
        serde_json::from_slice(&text).expect("a run")
    }

    /// Changes the file of a baseline by hand.
    fn edit_baseline(&self, name: &str, edit: impl FnOnce(&mut Value)) {
        let file = self.baseline_file(name);
        let mut value = serde_json::from_slice(&fs::read(&file).expect("readable")).expect("JSON");
        edit(&mut value);
        fs::write(&file, value.to_string()).expect("writable");
    }

    #[track_caller]
    fn warned(&self, part: &str) {
        let warnings = self.report().warnings;
        assert!(
            warnings.iter().any(|warning| warning.contains(part)),
            "no `{part}` in {warnings:#?}"
        );
    }
}

/// Binaries are copied and started at once; another test that starts a process in between has the copy open for a moment.
fn output(command: &mut Command) -> Output {
    loop {
        match command.output() {
            Err(error) if error.kind() == ErrorKind::ExecutableFileBusy => {
                std::thread::sleep(Duration::from_millis(10));
            }
            other => return other.expect("it starts"),
        }
    }
}

fn ended(command: &mut Command) -> Ended {
    let output = output(command);
    Ended {
        code: output.status.code(),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// Sleeps end late on a busy machine, so factors of 2 come out only about right.
#[track_caller]
fn about(expected: f64, factor: f64) {
    let ratio = factor / expected;
    assert!((0.7..1.4).contains(&ratio), "{factor}, not {expected}");
}

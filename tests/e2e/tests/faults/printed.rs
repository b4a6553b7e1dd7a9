//! What is printed, and where: a standard output that is full, text of the benchmarks that would be a command to GitHub's runner,
//! a job's summary that cannot be written.
#![cfg(target_os = "linux")]

use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use crate::counts::Counts;
use crate::flags::subcommand;
use crate::patience::{no_panic, output, wait};
use crate::run::{SMALL, command, command_of, planned};

/// Runs the command with a standard output that takes nothing.
fn into_full(command: &mut Command) -> Output {
    let full = File::options().write(true).open("/dev/full");
    let child = command
        .stdout(full.expect("a device"))
        .stderr(Stdio::piped())
        .spawn();
    wait(child.expect("it starts"))
}

/// Whatever prints to a full standard output says so, and nothing panics.
fn full_output() -> Counts {
    let home = tempfile::tempdir().expect("a temporary folder");
    let saving = [&SMALL[..], &["--save-baseline", "main"]].concat();
    let saved = output(&mut command(home.path(), &saving));
    assert_eq!(saved.status.code(), Some(0), "{saved:?}");
    let table = home.path().join("figures.csv");
    fs::write(&table, "threads,latency_ns\n1,5\n2,6\n").expect("writable");
    let run = fs::read_dir(home.path().join("runs")).expect("runs").next();
    let run = run.expect("a run").expect("readable").path();
    let (folder, table, run) = (text(home.path()), text(&table), text(&run));
    let benches: [&[&str]; 6] = [
        &["--help"],
        &["--version"],
        &["--list"],
        &["--test", "known::counter"],
        &["--bench", "--load-baseline", "main"],
        &SMALL,
    ];
    let commands: [&[&str]; 14] = [
        &["--help"],
        &["--version"],
        &["report"],
        &["report", "--format", "csv"],
        &["report", "--format", "json"],
        &["report", "--format", "html"],
        &["report", "--format", "markdown"],
        &["report", "--format", "bmf"],
        &["history"],
        &["history", "--json"],
        &["analyze", table],
        &["analyze", table, "--json"],
        &["export-schema", folder],
        &["compare", run, run],
    ];
    let of_benches = benches.map(|arguments| command(home.path(), arguments));
    let of_commands = commands.map(|arguments| command_of(subcommand(), home.path(), arguments));
    for mut command in of_benches.into_iter().chain(of_commands) {
        let full = into_full(&mut command);
        let said = no_panic(&full, &command);
        assert_eq!(full.status.code(), Some(4), "{command:?}: {said}");
        assert!(
            said.contains("error: could not print"),
            "{command:?}: {said}"
        );
    }
    Counts::faults(benches.len() + commands.len())
}

fn text(path: &Path) -> &str {
    path.to_str().expect("text")
}

/// Nothing in what was printed is a command to GitHub's runner, though all of `shown` is there.
fn orders_nothing(output: &Output, shown: &str) -> String {
    let printed = [&output.stdout[..], &output.stderr[..]].concat();
    let printed = String::from_utf8(printed).expect("text");
    for line in printed.split(['\n', '\r']) {
        assert!(!line.trim_start().starts_with("::"), "{printed}");
        assert!(!line.contains("##["), "{printed}");
    }
    assert!(printed.contains(shown), "{printed}");
    printed
}

/// Messages and names that begin like a command.
fn commands_to_the_runner() -> Counts {
    let home = tempfile::tempdir().expect("a temporary folder");
    let panics = ["--include-ignored", "printed::orders_the_runner"];
    let measured = planned("1", "3", "1ms", &panics);
    for arguments in [&measured[..], &[&["--test"][..], &panics].concat()] {
        let failed = output(&mut command(home.path(), arguments));
        assert_eq!(failed.status.code(), Some(3));
        orders_nothing(&failed, "error::planted");
    }
    let long = format!("{} ::error::planted", "long ".repeat(11));
    let names = [
        "::error::planted",
        " ::stop-commands::planted",
        "##[error]planted",
        &long,
    ];
    let rows = names.map(|name| format!("{name},1,5\n{name},2,6\n"));
    let table = home.path().join("figures.csv");
    let header = "benchmark,threads,latency_ns\n";
    fs::write(&table, format!("{header}{}", rows.concat())).expect("writable");
    let table = text(&table);
    let mut analyzed = command_of(subcommand(), home.path(), &["analyze", table]);
    orders_nothing(&output(&mut analyzed), "planted");
    let mut analyzed = command_of(subcommand(), home.path(), &["analyze", table, "--json"]);
    let json = orders_nothing(&output(&mut analyzed), "planted");
    let report: serde_json::Value = serde_json::from_str(&json).expect("JSON as before");
    let ids = report["benchmarks"].as_array().expect("benchmarks");
    let mut ids = ids.iter().filter_map(|benchmark| benchmark["id"].as_str());
    assert!(ids.any(|id| id == "##[error]planted"));
    let mut missing = command_of(subcommand(), home.path(), &["\n::error::planted"]);
    orders_nothing(&output(&mut missing), "planted");
    Counts::inputs(2 + names.len() + 1)
}

/// The summary of a job that cannot be written is said and costs nothing else; nobody waits for a pipe that nobody reads.
fn summaries() -> Counts {
    let home = tempfile::tempdir().expect("a temporary folder");
    let pipe = home.path().join("pipe");
    let made = Command::new("mkfifo").arg(&pipe).status();
    assert!(made.expect("mkfifo runs").success());
    let places = [
        pipe,
        home.path().to_owned(),
        home.path().join("no/such/folder/summary.md"),
        "/dev/full".into(),
    ];
    for place in &places {
        let mut command = command(home.path(), &SMALL);
        let ended = output(command.env("GITHUB_STEP_SUMMARY", place));
        let said = no_panic(&ended, place);
        assert_eq!(ended.status.code(), Some(4), "{place:?}: {said}");
        assert!(said.contains(text(place)), "{said}");
        assert!(said.contains("GITHUB_STEP_SUMMARY"), "{said}");
        let table = String::from_utf8_lossy(&ended.stdout).into_owned();
        assert!(table.contains("known::counter"), "{table}");
    }
    let runs = fs::read_dir(home.path().join("runs")).expect("runs");
    assert_eq!(runs.count(), places.len());
    Counts::faults(places.len())
}

/// A run that lies anywhere becomes a text without a project.
fn report_without_a_project() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let measured = output(&mut command(home.path(), &SMALL));
    assert_eq!(measured.status.code(), Some(0), "{measured:?}");
    let run = fs::read_dir(home.path().join("runs")).expect("runs").next();
    let run = run.expect("a run").expect("readable").path();
    let nowhere = tempfile::tempdir().expect("a temporary folder");
    let report = |arguments: &[&str]| {
        let mut command = command_of(subcommand(), home.path(), arguments);
        command.env_remove("SCALEBENCH_HOME").current_dir(&nowhere);
        output(&mut command)
    };
    let csv = report(&["report", text(&run), "--format", "csv"]);
    let said = no_panic(&csv, &"csv");
    assert_eq!(csv.status.code(), Some(0), "{said}");
    assert!(String::from_utf8_lossy(&csv.stdout).contains("known::counter"));
    // The page is drawn in a project.
    assert_eq!(report(&["report", text(&run)]).status.code(), Some(2));
}

/// All of them.
pub(crate) fn whole() -> Counts {
    let mut counts = full_output();
    counts += commands_to_the_runner();
    counts += summaries();
    counts
}

#[test]
fn a_full_standard_output_is_told() {
    full_output();
}

#[test]
fn nothing_printed_orders_the_runner() {
    commands_to_the_runner();
}

#[test]
fn a_summary_that_cannot_be_written_is_told() {
    summaries();
}

#[test]
fn a_run_is_shown_without_a_project() {
    report_without_a_project();
}

//! `cargo scalebench`: what stands around the bench binaries, which alone measure.
#![forbid(unsafe_code)]

mod analyze;
mod calibrate;
mod child;
mod compare;
mod exit;
mod export_schema;
mod filter;
mod format;
mod gate;
mod history;
mod import;
mod init;
mod report;
mod screen;
mod target;

use std::ffi::OsString;
use std::process::ExitCode;

use exit::Failure;
use screen::say;

const HELP: &str = "\
What `cargo bench` with scalebench does not do by itself: compare revisions,
judge, and read what was measured.

Usage: cargo scalebench COMMAND [OPTIONS]

Commands
  compare    what changed between two revisions, or between two stored runs
  calibrate  measure how much this machine varies by itself
  gate       fail when a report holds a regression
  report     draw the page again from the stored runs
  history    the two figures of each benchmark over the stored runs
  analyze    efficiency and scaling laws of figures measured anywhere (CSV)
  import     make the report from results of criterion, JMH or Google Benchmark
  init       add scalebench to the package in this folder
  export-schema  write the JSON Schemas of run records and reports

`cargo scalebench COMMAND --help` says more, `cargo scalebench --version` which
version this is.
Exit codes: 0 fine, 1 gate failed, 2 usage, 3 a benchmark failed, 4 could not
read or write, 130 interrupted.
";

fn main() -> ExitCode {
    let mut arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    // cargo hands its own name for the subcommand on.
    if arguments.first().is_some_and(|first| first == "scalebench") {
        arguments.remove(0);
    }
    match command(arguments).and_then(|()| said()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}

/// What standard output did not take is a file that could not be written.
fn said() -> Result<(), Failure> {
    match scalebench_store::refused() {
        None => Ok(()),
        Some(error) => Err(Failure::files(format!(
            "error: could not print everything: {error}\nhelp: make room where standard output goes, or send it elsewhere"
        ))),
    }
}

fn command(mut arguments: Vec<OsString>) -> Result<(), Failure> {
    if arguments.is_empty() {
        return Err(Failure::usage(
            "say what to do; `cargo scalebench --help` lists the commands",
        ));
    }
    let name = arguments.remove(0);
    match name.to_str() {
        Some("calibrate") => calibrate::run(arguments),
        Some("compare") => compare::run(arguments),
        Some("gate") => gate::run(arguments),
        Some("report") => report::run(arguments),
        Some("history") => history::run(arguments),
        Some("analyze") => analyze::run(arguments),
        Some("import") => import::run(arguments),
        Some("init") => init::run(arguments),
        Some("export-schema") => export_schema::run(arguments),
        Some("-h" | "--help" | "help") => {
            say(HELP);
            Ok(())
        }
        Some("-V" | "--version") => {
            say(concat!(
                "cargo-scalebench ",
                env!("CARGO_PKG_VERSION"),
                "\n"
            ));
            Ok(())
        }
        _ => Err(Failure::usage(format!(
            "there is no command `{}`; `cargo scalebench --help` lists them",
            name.to_string_lossy()
        ))),
    }
}

//! `cargo scalebench report`: draw the page again from the stored runs.

use std::ffi::OsString;
use std::path::PathBuf;

use lexopt::{Arg, Parser};
use scalebench_model::report::Report;
use scalebench_model::{build, render};
use scalebench_store::{FoundRuns, Home};

use crate::exit::Failure;
use crate::target;

const HELP: &str = "\
Draws report.json, summary.md and index.html again from stored runs.

Usage: cargo scalebench report [RUN.json...]

Without files: the runs of the newest `cargo bench`.
";

/// Runs the command.
///
/// # Errors
/// When no run is stored, or a file cannot be read or written.
pub(crate) fn run(arguments: Vec<OsString>) -> Result<(), Failure> {
    let mut parser = Parser::from_args(arguments);
    let mut files: Vec<PathBuf> = Vec::new();
    while let Some(argument) = parser.next()? {
        match argument {
            Arg::Value(file) => files.push(file.into()),
            Arg::Long("help") | Arg::Short('h') => {
                print!("{HELP}");
                return Ok(());
            }
            other => return Err(other.unexpected().into()),
        }
    }
    let home = target::home()?;
    let found = find(&home, &files)?;
    for problem in &found.problems {
        eprintln!("cargo scalebench: {problem}");
    }
    if found.runs.is_empty() {
        return Err(Failure::files(format!(
            "no run is stored in `{}`; `cargo bench` makes one",
            home.runs().display()
        )));
    }
    draw(&home, &build::session(&found.runs))
}

fn find(home: &Home, files: &[PathBuf]) -> Result<FoundRuns, Failure> {
    if files.is_empty() {
        return Ok(home.newest_session()?);
    }
    let runs = files
        .iter()
        .map(|file| Home::read_run(file))
        .collect::<Result<_, _>>()?;
    Ok(FoundRuns {
        runs,
        problems: Vec::new(),
    })
}

fn draw(home: &Home, report: &Report) -> Result<(), Failure> {
    let files = render::folder(report).map_err(|error| Failure::files(error.to_string()))?;
    for (name, text) in files {
        home.write_report(name, &text)?;
    }
    println!("Report: {}", home.report().join("index.html").display());
    Ok(())
}

//! `cargo scalebench report`: draw the page again from the stored runs.

use std::ffi::OsString;
use std::path::PathBuf;

use lexopt::{Arg, Parser, ValueExt};
use scalebench_model::data::Run;
use scalebench_model::report::Report;
use scalebench_model::{build, render};
use scalebench_store::{FoundRuns, Home};

use crate::exit::Failure;
use crate::filter;
use crate::format::Format;
use crate::screen::{say, tell};
use crate::target;

const HELP: &str = "\
Draws report.json, summary.md and index.html again from stored runs.

Usage: cargo scalebench report [RUN.json...] [--filter NAME]
                               [--format FORMAT [--output PATH]]

Without files: the runs of the newest `cargo bench`. With --filter only the
benchmarks with NAME in their names; it may be repeated. With --format one text
goes to standard output, or to PATH:
  html, json, markdown, csv
  bmf                       Bencher Metric Format
  github-action-benchmark   two files, latency.json and efficiency.json, in the
                            folder PATH
";

/// Runs the command.
///
/// # Errors
/// When no run is stored, or a file cannot be read or written.
pub(crate) fn run(arguments: Vec<OsString>) -> Result<(), Failure> {
    let mut parser = Parser::from_args(arguments);
    let mut files: Vec<PathBuf> = Vec::new();
    let mut filters: Vec<String> = Vec::new();
    let (mut format, mut output) = (None, None);
    while let Some(argument) = parser.next()? {
        match argument {
            Arg::Value(file) => files.push(file.into()),
            Arg::Long("format") => format = Some(Format::parse(&parser.value()?.string()?)?),
            Arg::Long("filter") => filters.push(parser.value()?.string()?),
            Arg::Long("output") => output = Some(PathBuf::from(parser.value()?)),
            Arg::Long("help") | Arg::Short('h') => {
                say(HELP);
                return Ok(());
            }
            other => return Err(other.unexpected().into()),
        }
    }
    if output.is_some() && format.is_none() {
        return Err(Failure::usage("`--output` goes with `--format`"));
    }
    let home = match target::home() {
        // What is named and goes elsewhere needs no project; only its history stands there.
        Err(_) if format.is_some() && !files.is_empty() => None,
        home => Some(home?),
    };
    let runs = match &home {
        Some(home) if files.is_empty() => newest(home)?,
        _ => read(&files)?,
    };
    let older = match &home {
        Some(home) => home.older_runs(&runs)?,
        None => FoundRuns::default(),
    };
    let mut report = build::session_with_history(&runs, &older.runs);
    filter::keep(&mut report, &filters)?;
    match (format, &home) {
        (Some(format), _) => format.write(&report, output.as_deref()),
        (None, Some(home)) => draw(home, &report),
        (None, None) => Ok(()),
    }
}

/// The stored runs of the newest session.
fn newest(home: &Home) -> Result<Vec<Run>, Failure> {
    let found = home.newest_session()?;
    for problem in &found.problems {
        tell(problem);
    }
    match found.runs.is_empty() {
        false => Ok(found.runs),
        true => Err(Failure::files(format!(
            "no run is stored in `{}`; `cargo bench` makes one",
            home.runs().display()
        ))),
    }
}

fn read(files: &[PathBuf]) -> Result<Vec<Run>, Failure> {
    let runs = files.iter().map(|file| Home::read_run(file));
    Ok(runs.collect::<Result<_, _>>()?)
}

fn draw(home: &Home, report: &Report) -> Result<(), Failure> {
    let files = render::folder(report).map_err(|error| Failure::files(error.to_string()))?;
    for (name, text) in files {
        home.write_report(name, &text)?;
    }
    say(&format!(
        "Report: {}\n",
        home.report().join("index.html").display()
    ));
    Ok(())
}

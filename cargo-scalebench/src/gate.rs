//! `cargo scalebench gate`: fails when a report holds a regression.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use lexopt::{Arg, Parser, ValueExt};
use scalebench_model::data::{ESTIMATOR, Schema, Status};
use scalebench_model::expect;
use scalebench_model::gate::{Limits, Violation, violations};
use scalebench_model::report::{Benchmark, Report};

use scalebench_store::{LARGEST, parse_document, read_file};

use crate::exit::Failure;
use crate::screen::{command, say, tell};
use crate::target;

const HELP: &str = "\
Fails when a benchmark has lost more than is allowed, or misses what is expected
of it.

Usage: cargo scalebench gate [--gate LIMITS] [--gate-strict] [report.json]

Without a file: the report of the newest run.

  --gate performance=5%,scalability=5%   how much of each may be lost
  --gate-strict   fail also where the data cannot tell, and where efficiency
                  fell with a faster call (absorbed, saturated)
  -h, --help      print this

Only a verdict of `changed` beyond its limit counts as a loss. Expectations are
those of the run: expect(...) in an attribute, or --expect. On GitHub what fails
is shown beside the benchmark. Exit codes: 0 passed, 1 failed, 2 usage,
3 a benchmark of the report had failed, 4 could not read.
";

/// Runs the command.
///
/// # Errors
/// [`Failure::Gate`] for a regression or an expectation that failed; others when the report cannot be read or judged.
pub(crate) fn run(arguments: Vec<OsString>) -> Result<(), Failure> {
    let mut parser = Parser::from_args(arguments);
    let (mut limits, mut strict, mut file) = (None, false, None);
    while let Some(argument) = parser.next()? {
        match argument {
            Arg::Value(path) if file.is_none() => file = Some(PathBuf::from(path)),
            Arg::Long("gate") => {
                let text = parser.value()?.string()?;
                let read = Limits::parse(&text);
                limits = Some(read.map_err(|error| Failure::usage(error.to_string()))?);
            }
            Arg::Long("gate-strict") => strict = true,
            Arg::Long("help") | Arg::Short('h') => {
                say(HELP);
                return Ok(());
            }
            other => return Err(other.unexpected().into()),
        }
    }
    let file = match file {
        Some(file) => file,
        None => target::home()?.report().join("report.json"),
    };
    let report = read(&file)?;
    if !is_asked(&report, limits.as_ref()) {
        return Err(Failure::usage(
            "nothing is expected in this report: say what may be lost, such as --gate performance=5%,scalability=5%",
        ));
    }
    judge(&report, limits.as_ref(), strict, |id| {
        format!("cargo bench -- --exact '{id}' --ci")
    })
}

/// Whether there is anything to judge: limits, or expectations in the report.
fn is_asked(report: &Report, limits: Option<&Limits>) -> bool {
    let expects = |each: &Benchmark| !each.expectations.is_empty();
    limits.is_some() || report.benchmarks.iter().any(expects)
}

/// Says which benchmarks of `report` have lost more than `limits` allow, where there are any, or miss what is expected of
/// them. With `strict` what the data cannot tell fails, too. `again` is the command that measures one of them again.
///
/// # Errors
/// [`Failure::Gate`] when there is one; [`Failure::Broken`] when a benchmark had failed, which no gate lets pass.
pub(crate) fn judge(
    report: &Report,
    limits: Option<&Limits>,
    strict: bool,
    again: impl Fn(&str) -> String,
) -> Result<(), Failure> {
    if !is_asked(report, limits) {
        return Ok(());
    }
    let failed = |status| matches!(status, Status::Failed | Status::TimedOut);
    if let Some(broken) = report.benchmarks.iter().find(|each| failed(each.status)) {
        return Err(Failure::broken(format!("{} had failed", broken.id)));
    }
    if report.runs.iter().any(|run| run.estimator != ESTIMATOR) {
        tell(
            "gate: the report stands on runs by another estimator than this version's; measure both sides again",
        );
    }
    let mut found = match limits {
        Some(limits) => losses(report, &Limits { strict, ..*limits }),
        None => Vec::new(),
    };
    found.extend(expect::violations(report, strict));
    for violation in &found {
        tell(format_args!("gate: {}", violation.sentence));
        // GitHub's runner reads standard output.
        if std::env::var_os("GITHUB_ACTIONS").is_some() {
            command(&violation.annotation());
        }
    }
    match found.first() {
        None => Ok(()),
        Some(first) => {
            let again = again(&first.id);
            tell(format_args!("to look at it again: {again}"));
            Err(Failure::Gate)
        }
    }
}

/// What was lost beyond the limits.
fn losses(report: &Report, limits: &Limits) -> Vec<Violation> {
    if report.benchmarks.iter().all(|each| each.change.is_none()) {
        tell("gate: nothing was compared, so nothing was judged");
    }
    violations(report, limits)
}

fn read(file: &Path) -> Result<Report, Failure> {
    let name = file.display();
    let bytes = read_file(file, LARGEST)
        .map_err(|error| Failure::files(format!("could not read `{name}`: {error}")))?;
    parse_document(&bytes, &Schema::report())
        .map_err(|problem| Failure::files(format!("`{name}` is not usable: {problem}")))
}

//! `cargo scalebench history`: the two figures of each benchmark over the stored runs.

use std::collections::BTreeSet;
use std::ffi::OsString;

use lexopt::{Arg, Parser, ValueExt};
use scalebench_model::data::Run;
use scalebench_model::{build, render};

use crate::exit::Failure;
use crate::screen::{say, say_json, tell};
use crate::{screen, target};

const HELP: &str = "\
Shows single-call latency and efficiency over the stored runs, oldest first.

Usage: cargo scalebench history [--json] [FILTER...]

  FILTER   benchmarks whose id contains FILTER (several: any of them)
  --json   a scalebench.report of the newest run, with each benchmark's history

The benchmarks are those of the newest `cargo bench`. Runs on unlike machines or by
another estimator are left out, and so are runs in which a benchmark failed. A step is marked where the
verdict on it is \"changed\"; runs of fewer than 3 launches decide none.
SCALEBENCH_KEEP_RUNS says how many runs of each target stay: 50 unless set, 0 all.
";

/// Runs the command.
///
/// # Errors
/// When no run is stored, or the folder cannot be read.
pub(crate) fn run(arguments: Vec<OsString>) -> Result<(), Failure> {
    let mut parser = Parser::from_args(arguments);
    let mut filters: Vec<String> = Vec::new();
    let mut json = false;
    while let Some(argument) = parser.next()? {
        match argument {
            Arg::Value(filter) => filters.push(filter.string()?),
            Arg::Long("json") => json = true,
            Arg::Long("help") | Arg::Short('h') => {
                say(HELP);
                return Ok(());
            }
            other => return Err(other.unexpected().into()),
        }
    }
    let home = target::home()?;
    let newest = home.newest_session()?;
    if newest.runs.is_empty() {
        return Err(Failure::files(format!(
            "no run is stored in `{}`; `cargo bench` makes one",
            home.runs().display()
        )));
    }
    let older = home.older_runs(&newest.runs)?;
    for problem in newest.problems.iter().chain(&older.problems) {
        tell(problem);
    }
    // The table has no room for what is to be known of the whole.
    let notes: BTreeSet<String> = newest.runs.iter().filter_map(Run::estimator_note).collect();
    let left_out = build::left_out_of_history(&newest.runs, &older.runs);
    for note in notes.into_iter().chain(left_out) {
        tell(note);
    }
    let mut report = build::session_with_history(&newest.runs, &older.runs);
    if !filters.is_empty() {
        let wanted = |id: &str| filters.iter().any(|filter| id.contains(filter.as_str()));
        report.benchmarks.retain(|each| wanted(&each.id));
    }
    match json {
        true => say_json(&render::json(&report)),
        false => say(&render::history(&report, &screen::style())),
    }
    if report.benchmarks.iter().all(|each| each.history.is_empty()) {
        tell(format_args!("{}", nothing(report.benchmarks.is_empty())));
    }
    Ok(())
}

/// Why there is no history.
fn nothing(no_benchmark: bool) -> &'static str {
    if no_benchmark {
        "no benchmark of the newest run matches"
    } else {
        "no benchmark has figures in two comparable runs yet; run `cargo bench` again"
    }
}

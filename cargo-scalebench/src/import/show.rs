//! Table and page of an imported run.

use std::path::Path;

use scalebench_model::data::Run;
use scalebench_model::report::Report;
use scalebench_model::{build, render};
use scalebench_store::Keep;

use super::options::Options;
use crate::exit::Failure;
use crate::screen::{hint, tell};
use crate::{screen, target};

/// Prints the report and writes the page.
///
/// # Errors
/// When the page cannot be written.
pub(super) fn show(run: &Run, options: &Options) -> Result<(), Failure> {
    let report = build::report(std::slice::from_ref(run), None);
    screen::show(&report, options.json);
    let page = match &options.html {
        Some(file) => Some(write(file, &report)?),
        None => save(run)?,
    };
    if let Some(page) = page {
        // Standard output holds nothing but the JSON that was asked for.
        hint(format_args!("Report: {page}"));
    }
    Ok(())
}

fn write(file: &Path, report: &Report) -> Result<String, Failure> {
    let page = render::html(report).map_err(|error| Failure::files(error.to_string()))?;
    scalebench_store::write_atomic(file, page.as_bytes())?;
    Ok(file.display().to_string())
}

/// Keeps the run and draws the page as after `cargo bench`, where there is a project to keep it in.
fn save(run: &Run) -> Result<Option<String>, Failure> {
    let Ok(home) = target::home() else {
        return Ok(None);
    };
    home.save_run(run)?;
    match Keep::from_environment() {
        Ok(keep) => {
            home.prune_runs(run, keep)?;
        }
        Err(problem) => tell(problem),
    }
    let runs = std::slice::from_ref(run);
    let report = build::session_with_history(runs, &home.older_runs(runs)?.runs);
    let files = render::folder(&report).map_err(|error| Failure::files(error.to_string()))?;
    for (name, text) in files {
        home.write_report(name, &text)?;
    }
    Ok(Some(home.report().join("index.html").display().to_string()))
}

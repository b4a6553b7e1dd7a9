//! The report folder and the summary of a CI job; without the feature `report`, how to get them.

use scalebench_model::data::Run;
use scalebench_model::report::Report;
use scalebench_store::{Home, StoreError};

/// Which runs the page shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    /// All that the session of this run has stored.
    Session,
    /// This run, which is not stored.
    Alone,
}

/// Draws the page; returns the line that says where it is.
#[cfg(feature = "report")]
pub(super) fn draw(home: &Home, run: &Run, shown: Shown) -> Result<String, String> {
    use scalebench_model::{build, render};

    let text = |error: StoreError| error.to_string();
    let runs = match shown {
        Shown::Alone => vec![run.clone()],
        Shown::Session => {
            let found = home.session_runs(&run.session).map_err(text)?;
            for problem in &found.problems {
                crate::say::tell(problem);
            }
            found.runs
        }
    };
    let older = home.older_runs(&runs).map_err(text)?;
    let report = build::session_with_history(&runs, &older.runs);
    let files = render::folder(&report).map_err(|error| error.to_string())?;
    for (name, contents) in files {
        home.write_report(name, &contents).map_err(text)?;
    }
    let page = home.report().join("index.html");
    Ok(format!("Report: {}\n", page.display()))
}

/// Says what draws the page.
#[cfg(not(feature = "report"))]
pub(super) fn draw(_home: &Home, _run: &Run, shown: Shown) -> Result<String, String> {
    Ok(match shown {
        Shown::Session => "Saved. `cargo scalebench report` draws the page; the feature `report` of scalebench draws \
                           it after every run.\n"
            .to_owned(),
        Shown::Alone => String::new(),
    })
}

/// Adds the report to the summary of the running CI job, where there is one.
#[cfg(feature = "report")]
pub(super) fn add_to_job(report: &Report) -> Result<(), StoreError> {
    scalebench_store::append_job_summary(&scalebench_model::render::markdown(report))
}

/// Only with the feature `report`.
#[cfg(not(feature = "report"))]
pub(super) fn add_to_job(_report: &Report) -> Result<(), StoreError> {
    Ok(())
}

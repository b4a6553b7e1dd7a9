//! Table, page and JSON of a comparison.

use scalebench_model::render;
use scalebench_model::report::Report;
use scalebench_store::{Home, write_atomic};

use super::options::Output;
use crate::exit::Failure;
use crate::screen::{self, hint};

/// Shows `report` as asked for, and draws its page where there is a home for it.
///
/// # Errors
/// When something cannot be written.
pub(super) fn show(report: &Report, output: &Output, home: Option<&Home>) -> Result<(), Failure> {
    screen::show(report, output.json);
    let drawn = |error: render::RenderError| Failure::files(error.to_string());
    if let Some(home) = home {
        for (name, text) in render::folder(report).map_err(drawn)? {
            home.write_report(name, &text)?;
        }
        // Standard output holds nothing but the JSON that was asked for.
        hint(format_args!(
            "Report: {}",
            home.report().join("index.html").display()
        ));
    }
    if let Some(path) = &output.html {
        write_atomic(path, render::html(report).map_err(drawn)?.as_bytes())?;
    }
    Ok(())
}

//! Table, page and JSON of a comparison.

use std::io::{self, Write};

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
    let text = match output.json {
        true => render::json(report),
        false => render::terminal(report, &screen::style()),
    };
    // A reader that has seen enough (`| head`) is no failure.
    match io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            return Err(Failure::files(format!("could not print: {error}")));
        }
        _ => {}
    }
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

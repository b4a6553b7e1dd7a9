//! The page: one self-contained HTML file.

mod chart;
mod data_table;
mod escape;
mod glossary;
mod history_table;
mod load_table;
mod noteworthy;
mod page;
mod policy;
mod row;
mod section;
mod values;

use std::fmt;

use tinytemplate::TinyTemplate;

use crate::report::Report;

/// The page could not be drawn: one of the crate's own templates does not fit its data.
///
/// This is a defect of the crate and never the report's fault.
#[derive(Debug)]
pub struct RenderError {
    source: tinytemplate::error::Error,
}

impl fmt::Display for RenderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the page could not be drawn from its template")
    }
}

impl std::error::Error for RenderError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.source)
    }
}

impl From<tinytemplate::error::Error> for RenderError {
    fn from(source: tinytemplate::error::Error) -> Self {
        Self { source }
    }
}

/// The report as one self-contained HTML page.
///
/// It refers to nothing outside itself, its policy allows no network and no script but its own, and it reads well
/// without scripts. Up to 150 benchmarks have six charts each; above that, three, and the figures of the others stand in
/// the benchmark's table. A function measured with several values has a section of its own before theirs, with a small
/// chart for each. Of more than 2,000 benchmarks the most noteworthy have a section, and of more than 20,000 a row of the
/// table; the page says so.
///
/// # Errors
///
/// [`RenderError`] when a template of this crate is defective.
///
/// ```
/// # use scalebench_model::{data::{Host, Schema}, render, report::Report};
/// # let report = Report { schema: Schema::report(), host: Host::default(), runs: vec![], warnings: vec![], benchmarks: vec![] };
/// let page = render::html(&report)?;
/// assert!(page.starts_with("<!DOCTYPE html>"));
/// # Ok::<(), render::RenderError>(())
/// ```
pub fn html(report: &Report) -> Result<String, RenderError> {
    let mut templates = TinyTemplate::new();
    templates.add_template("page", include_str!("../templates/page.html"))?;
    templates.add_template("row", include_str!("../templates/row.html"))?;
    templates.add_template("section", include_str!("../templates/section.html"))?;
    templates.add_template("values", include_str!("../templates/values.html"))?;
    templates.add_template("change", include_str!("../templates/change.html"))?;
    Ok(templates.render("page", &page::Page::of(report))?)
}

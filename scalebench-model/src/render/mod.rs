//! Renderers: each takes a [`Report`] and nothing else, and returns text.
//!
//! They are pure and deterministic: no files, no clock, no randomness. A report drawn right after the run and one drawn
//! from the stored run are identical.
//!
//! Names and messages may hold anything. Every renderer shows them as text; characters that would act on the reader's
//! screen (control characters, line breaks, bidirectional controls) are written out, for example `\n`.
//!
//! ```
//! # use scalebench_model::{data::{Host, Schema}, render, report::Report};
//! let report = Report {
//!     schema: Schema::report(),
//!     host: Host::default(),
//!     runs: vec![],
//!     warnings: vec![],
//!     benchmarks: vec![],
//! };
//! let style = render::TerminalStyle { width: 80, color: false, unicode: true };
//! assert!(render::terminal(&report, &style).contains("0 benchmarks"));
//! ```

mod about;
mod csv;
mod exchange;
mod facts;
mod figure;
mod glyphs;
mod html;
mod markdown;
mod terminal;
mod visible;

use crate::report::Report;

pub use csv::csv;
pub use exchange::{GithubActionBenchmark, bmf, github_action_benchmark};
pub use html::{RenderError, html};
pub use markdown::markdown;
pub use terminal::{TerminalStyle, history, terminal};

/// The report as pretty-printed JSON (`scalebench.report`), the form that other programs read.
///
/// Names stand in it unchanged. Reading it back gives the same report.
#[must_use]
pub fn json(report: &Report) -> String {
    let mut text = serde_json::to_string_pretty(report).unwrap_or_default();
    text.push('\n');
    text
}

/// The files of the report folder: their names and texts.
///
/// # Errors
/// When the page cannot be drawn, see [`RenderError`].
pub fn folder(report: &Report) -> Result<Vec<(&'static str, String)>, RenderError> {
    Ok(vec![
        ("report.json", json(report)),
        ("summary.md", markdown(report)),
        ("index.html", html(report)?),
    ])
}

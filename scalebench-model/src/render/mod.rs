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

#[cfg(feature = "report")]
mod about;
#[cfg(feature = "tools")]
mod csv;
#[cfg(feature = "tools")]
mod exchange;
// The table alone needs only a part of these.
#[cfg_attr(not(feature = "report"), expect(dead_code))]
mod facts;
#[cfg_attr(not(feature = "report"), expect(dead_code))]
mod figure;
mod glyphs;
#[cfg(feature = "report")]
mod html;
#[cfg(feature = "report")]
mod markdown;
mod terminal;
#[cfg_attr(not(feature = "report"), expect(dead_code))]
mod visible;

#[cfg(feature = "report")]
use crate::report::Report;

#[cfg(feature = "tools")]
pub use csv::csv;
#[cfg(feature = "tools")]
pub use exchange::{GithubActionBenchmark, bmf, github_action_benchmark};
#[cfg(feature = "report")]
pub use html::{RenderError, html};
#[cfg(feature = "report")]
pub use markdown::markdown;
#[cfg(feature = "tools")]
pub use terminal::history;
pub use terminal::{TerminalStyle, terminal};
pub use visible::{acts_on_screen, visible};

/// The report as pretty-printed JSON (`scalebench.report`), the form that other programs read.
///
/// Names stand in it unchanged. Reading it back gives the same report.
#[cfg(feature = "report")]
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
#[cfg(feature = "report")]
pub fn folder(report: &Report) -> Result<Vec<(&'static str, String)>, RenderError> {
    Ok(vec![
        ("report.json", json(report)),
        ("summary.md", markdown(report)),
        ("index.html", html(report)?),
    ])
}

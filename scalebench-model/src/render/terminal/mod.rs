//! The table on the terminal.

mod bar;
mod block;
mod columns;
mod frame;
#[cfg(feature = "tools")]
mod history;
mod load;
mod paint;
mod wrap;

use super::glyphs::{ASCII, Glyphs, UNICODE};
use super::{facts, visible};
use crate::report::Report;
use columns::Columns;
use paint::Painter;

#[cfg(feature = "tools")]
pub use history::history;

/// Narrower than this, lines are drawn as if the terminal had so many cells.
const NARROWEST: usize = 60;

/// Longest line of running text; longer ones are hard to read.
const MEASURE: usize = 100;

/// How the terminal shows things.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TerminalStyle {
    /// Cells in a line. Below 60 the output is drawn for 60.
    pub width: usize,
    /// Whether ANSI colours are wanted.
    pub color: bool,
    /// Whether the terminal shows UTF-8; otherwise the output is ASCII.
    pub unicode: bool,
}

/// Everything that stays the same from line to line.
#[derive(Debug)]
struct Screen<'a> {
    /// Cells in a line.
    width: usize,
    /// Cells in a line of running text.
    measure: usize,
    glyphs: &'static Glyphs,
    painter: Painter,
    columns: &'a Columns,
    unicode: bool,
    /// Whether all intervals stand on the same; then the header says it once.
    same_scope: bool,
}

impl Screen<'_> {
    /// Text as this terminal can show it.
    fn text(&self, text: &str) -> String {
        if self.unicode {
            text.to_owned()
        } else {
            visible::ascii(text)
        }
    }
}

/// The report as a table for the terminal.
///
/// For every benchmark one line a thread count: latency and efficiency with half the width of their intervals (`± 0.4`,
/// in the unit before it), the efficiency also as a bar with the machine's ceiling marked, and throughput as the lesser
/// figure (in parallel mode the speedup). Then what the curve does, cause, law and, last, the change against the baseline.
///
/// No line takes more than `style.width` display cells (60 where it is less).
///
/// ```
/// # use scalebench_model::{data::{Host, Schema}, render, report::Report};
/// # let report = Report { schema: Schema::report(), host: Host::default(), runs: vec![], warnings: vec![], benchmarks: vec![] };
/// let style = render::TerminalStyle { width: 80, color: true, unicode: true };
/// print!("{}", render::terminal(&report, &style));
/// ```
#[must_use]
pub fn terminal(report: &Report, style: &TerminalStyle) -> String {
    let width = style.width.max(NARROWEST);
    let glyphs = if style.unicode { &UNICODE } else { &ASCII };
    let columns = Columns::fit(report, width, glyphs);
    let screen = Screen {
        width,
        measure: width.min(MEASURE),
        glyphs,
        painter: Painter { color: style.color },
        columns: &columns,
        unicode: style.unicode,
        same_scope: facts::common_scope(report).is_some(),
    };
    let mut lines = frame::header(report, &screen);
    for benchmark in &report.benchmarks {
        lines.extend(block::block(benchmark, &screen));
    }
    lines.extend(frame::footer(report, &screen));
    let mut text = lines.join("\n");
    text.push('\n');
    text
}

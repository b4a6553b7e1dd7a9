//! Colour, where it is wanted.

use anstyle::{AnsiColor, Style};

/// What a piece of text is; decides how it is painted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ink {
    /// As it is.
    Plain,
    /// Names.
    Name,
    /// Performance: the single-call latency.
    Performance,
    /// Scalability: the efficiency.
    Scalability,
    /// Lesser figures and rules.
    Dim,
    /// Something to look at.
    Caution,
    /// Failures and losses.
    Bad,
}

/// Paints, or leaves everything plain.
#[derive(Debug, Clone, Copy)]
pub(super) struct Painter {
    /// Whether colour is wanted.
    pub(super) color: bool,
}

impl Painter {
    /// The text with its colour; widths must be measured before.
    pub(super) fn paint(self, ink: Ink, text: &str) -> String {
        if !self.color || text.is_empty() {
            return text.to_owned();
        }
        let style = match ink {
            Ink::Plain => return text.to_owned(),
            Ink::Name => Style::new().bold(),
            Ink::Performance => Style::new().bold().fg_color(Some(AnsiColor::Cyan.into())),
            Ink::Scalability => Style::new().bold().fg_color(Some(AnsiColor::Yellow.into())),
            Ink::Dim => Style::new().dimmed(),
            Ink::Caution => Style::new().fg_color(Some(AnsiColor::Yellow.into())),
            Ink::Bad => Style::new().bold().fg_color(Some(AnsiColor::Red.into())),
        };
        format!("{style}{text}{style:#}")
    }
}

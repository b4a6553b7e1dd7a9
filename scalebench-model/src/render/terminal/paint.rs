//! Colour, where it is wanted.

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
        // "Select graphic rendition" of ECMA-48: 1 bold, 2 faint, 31 red, 33 yellow, 36 cyan.
        let codes = match ink {
            Ink::Plain => return text.to_owned(),
            Ink::Name => "\x1b[1m",
            Ink::Performance => "\x1b[1m\x1b[36m",
            Ink::Scalability => "\x1b[1m\x1b[33m",
            Ink::Dim => "\x1b[2m",
            Ink::Caution => "\x1b[33m",
            Ink::Bad => "\x1b[1m\x1b[31m",
        };
        format!("{codes}{text}\x1b[0m")
    }
}

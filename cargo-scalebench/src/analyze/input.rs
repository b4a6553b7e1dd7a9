//! What can be wrong with a file, and where.

use std::fmt;
use std::io;

/// Why a file could not be used.
#[derive(Debug)]
pub(super) enum InputError {
    /// It could not be read.
    Read(io::Error),
    /// It was read and makes no sense.
    Bad(BadInput),
}

impl From<BadInput> for InputError {
    fn from(bad: BadInput) -> Self {
        Self::Bad(bad)
    }
}

impl From<io::Error> for InputError {
    fn from(error: io::Error) -> Self {
        Self::Read(error)
    }
}

/// What makes no sense, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct BadInput {
    /// Line, from 1; 0 where it is the file as a whole.
    pub(super) line: u64,
    /// Place of the column, from 1, and its name.
    pub(super) column: Option<(usize, String)>,
    /// What is wrong.
    pub(super) message: String,
}

impl BadInput {
    /// Something about the whole file.
    pub(super) fn file(message: impl Into<String>) -> Self {
        Self::line(0, message)
    }

    /// Something about a line.
    pub(super) fn line(line: u64, message: impl Into<String>) -> Self {
        Self {
            line,
            column: None,
            message: message.into(),
        }
    }

    /// Something about a field.
    pub(super) fn field(line: u64, place: usize, name: &str, message: impl Into<String>) -> Self {
        Self {
            line,
            column: Some((place + 1, name.to_owned())),
            message: message.into(),
        }
    }
}

impl fmt::Display for BadInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line > 0 {
            write!(f, "line {}", self.line)?;
            if let Some((place, name)) = &self.column {
                write!(f, ", column {place} ({name})")?;
            }
            write!(f, ": ")?;
        }
        f.write_str(&self.message)
    }
}

/// A field's text as a message shows it: short, and without what would act on the screen.
pub(super) fn shown(text: &str) -> String {
    const LONGEST: usize = 40;
    let mut short = String::from("`");
    for (place, letter) in text.chars().enumerate() {
        match letter {
            _ if place == LONGEST => {
                short.push_str("...");
                break;
            }
            // Quotes need no escape between backticks.
            '"' | '\'' => short.push(letter),
            _ => short.extend(letter.escape_debug()),
        }
    }
    short.push('`');
    short
}

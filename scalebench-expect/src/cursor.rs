//! A place in a text that moves on.

use std::ops::Range;

/// Reads a text from its beginning to its end. Places are in bytes.
#[derive(Debug)]
pub(crate) struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    pub(crate) fn at(&self) -> usize {
        self.at
    }

    /// What stands at these places.
    pub(crate) fn text(&self, range: &Range<usize>) -> &'a str {
        self.text.get(range.clone()).unwrap_or_default()
    }

    /// The next letter that is no space.
    pub(crate) fn peek(&mut self) -> Option<char> {
        self.take_while(char::is_whitespace);
        self.text[self.at..].chars().next()
    }

    /// Passes `letter` where it comes next, spaces before it included.
    pub(crate) fn passes(&mut self, letter: char) -> bool {
        let passes = self.peek() == Some(letter);
        if passes {
            self.at += letter.len_utf8();
        }
        passes
    }

    /// Passes the letters that come next, after spaces, as long as they are such.
    pub(crate) fn word(&mut self, is_part: impl Fn(char) -> bool) -> Range<usize> {
        self.peek();
        self.take_while(is_part)
    }

    /// Passes everything up to a space, a parenthesis' end or the end of the expectation.
    pub(crate) fn anything(&mut self) -> Range<usize> {
        self.word(|letter| !letter.is_whitespace() && !matches!(letter, ',' | ')'))
    }

    fn take_while(&mut self, is_part: impl Fn(char) -> bool) -> Range<usize> {
        let rest = &self.text[self.at..];
        let length = rest.find(|letter| !is_part(letter)).unwrap_or(rest.len());
        let begin = self.at;
        self.at += length;
        begin..self.at
    }
}

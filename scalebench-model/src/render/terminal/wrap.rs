//! Widths and line breaks in display cells.

use unicode_width::UnicodeWidthStr;

/// Display cells that a text takes.
pub(super) fn cells(text: &str) -> usize {
    UnicodeWidthStr::width(text)
}

/// Keeps two words on one line; becomes a space.
pub(super) const TIE: char = '\u{a0}';

/// Breaks a text into lines of at most `first` cells for the first line and `rest` for the others. Words longer than
/// a line are broken inside.
pub(super) fn wrap(text: &str, first: usize, rest: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in text
        .split(|c: char| c.is_whitespace() && c != TIE)
        // A tie with nothing to keep together would become a space at the end of a line.
        .map(|word| word.trim_matches(TIE))
        .filter(|w| !w.is_empty())
    {
        let room = |lines: &Vec<String>| if lines.is_empty() { first } else { rest }.max(1);
        let joined = if line.is_empty() {
            word.to_owned()
        } else {
            format!("{line} {word}")
        };
        if cells(&joined) <= room(&lines) {
            line = joined;
            continue;
        }
        if !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        for piece in break_word(word, room(&lines), rest.max(1)) {
            if !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            line = piece;
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    let lines = lines.iter().map(|l| l.trim_matches(TIE).replace(TIE, " "));
    lines.filter(|l| !l.is_empty()).collect()
}

/// Breaks one word; most words come back whole.
fn break_word(word: &str, first: usize, rest: usize) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    let mut piece = String::new();
    for c in word.chars() {
        let room = if pieces.is_empty() { first } else { rest };
        piece.push(c);
        // Measured as a whole: joined signs such as emoji are wider or narrower than the sum of their parts.
        if cells(&piece) > room && piece.chars().count() > 1 {
            piece.pop();
            pieces.push(std::mem::replace(&mut piece, c.to_string()));
        }
    }
    pieces.push(piece);
    pieces
}

/// Text padded on the left to so many cells.
pub(super) fn right(text: &str, width: usize) -> String {
    format!("{}{text}", " ".repeat(width.saturating_sub(cells(text))))
}

/// Text padded on the right to so many cells.
pub(super) fn left(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(cells(text))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_as_full_as_they_may_be() {
        assert_eq!(wrap("one two three", 7, 5), ["one two", "three"]);
        assert_eq!(wrap("one two\u{a0}three", 7, 9), ["one", "two three"]);
        assert_eq!(wrap("", 7, 7), Vec::<String>::new());
        assert_eq!(wrap("\u{a0} one\u{a0} two", 3, 3), ["one", "two"]);
        assert_eq!(wrap("abcdefgh ij", 3, 4), ["abc", "defg", "h ij"]);
    }

    #[test]
    fn wide_signs_count_as_two() {
        assert_eq!(wrap("日本語", 4, 4), ["日本", "語"]);
        assert_eq!(right("語", 4), "  語");
        assert_eq!(left("語", 3), "語 ");
    }
}

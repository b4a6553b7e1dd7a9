//! Texts from code under measurement, cut to what somebody reads: nobody knows how long they are.

use std::borrow::Cow;

/// Of a text from code under measurement no more is kept, bytes.
pub const MOST_TEXT: usize = 64 * 1024;

/// And no more of it stands in the midst of other text, bytes.
pub const SHORT_TEXT: usize = 2 * 1024;

/// What the words on a cut take at most, bytes.
pub const CUT_WORDS: usize = 64;

/// The start and the end of a text in at most `most` bytes, and how much was cut between them; all of it where it is no
/// longer.
///
/// ```
/// use scalebench_model::excerpt::excerpt;
/// let cut = excerpt(&"a panic ".repeat(1000), 200).into_owned();
/// assert!(cut.starts_with("a panic") && cut.contains("bytes left out") && cut.len() <= 200);
/// ```
#[must_use]
pub fn excerpt(text: &str, most: usize) -> Cow<'_, str> {
    if text.len() <= most {
        return Cow::Borrowed(text);
    }
    let half = most.saturating_sub(CUT_WORDS) / 2;
    let is_edge = |place: &usize| text.is_char_boundary(*place);
    let start = (0..=half).rev().find(is_edge).unwrap_or(0);
    let end = (text.len() - half..=text.len()).find(is_edge);
    let end = end.unwrap_or(text.len());
    let cut = cut(length(&text[start..end]));
    Cow::Owned(format!("{}{cut}{}", &text[..start], &text[end..]))
}

/// How long a text is with what was left out of it before.
fn length(text: &str) -> u64 {
    let cut_before = || {
        let (before, rest) = text.split_once(BEFORE)?;
        let (number, after) = rest.split_once(AFTER)?;
        let number: u64 = number.parse().ok()?;
        Some(number.saturating_add((before.len() + after.len()) as u64))
    };
    cut_before().unwrap_or(text.len() as u64)
}

const BEFORE: &str = "\n[… ";
const AFTER: &str = " bytes left out …]\n";

/// The words that stand where so many bytes were cut, on a line of their own.
#[must_use]
pub fn cut(bytes: u64) -> String {
    format!("{BEFORE}{bytes}{AFTER}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_short_stays() {
        assert_eq!(excerpt("ä", 2), "ä");
        assert_eq!(excerpt("", 0), "");
    }

    /// How many bytes the words on the cut say.
    fn said(cut: &str) -> usize {
        let words = cut.lines().nth(1).expect("a line of its own");
        let digits: String = words.chars().filter(char::is_ascii_digit).collect();
        digits.parse::<usize>().expect("a number") - words.len() - 2
    }

    #[test]
    fn start_and_end_stay_and_the_cut_is_said() {
        let text = format!("start{}end", "x".repeat(50_000_000));
        let cut = excerpt(&text, MOST_TEXT);
        assert!(cut.starts_with("start") && cut.ends_with("end"));
        assert!(cut.len() <= MOST_TEXT, "{}", cut.len());
        assert_eq!(said(&cut) + cut.len(), text.len());
        // Cut once, it is not cut again.
        assert_eq!(excerpt(&cut, MOST_TEXT), cut);
    }

    #[test]
    fn what_is_cut_twice_says_all_of_it() {
        let text = "x".repeat(1_000_000);
        let twice = excerpt(&excerpt(&text, MOST_TEXT), SHORT_TEXT).into_owned();
        assert!(twice.len() <= SHORT_TEXT);
        assert_eq!(said(&twice) + twice.len(), text.len());
    }

    #[test]
    fn no_letter_is_cut_in_two() {
        let text = "ä€😀".repeat(1000);
        for most in 0..300 {
            let cut = excerpt(&text, most);
            assert!(cut.len() <= most.max(CUT_WORDS), "{most}: {}", cut.len());
        }
    }

    #[test]
    fn the_words_take_no_more_than_is_kept_for_them() {
        assert!(cut(u64::MAX).len() <= CUT_WORDS);
    }
}

//! Names and sentences made safe to look at: what cannot be seen is written out.

use crate::data::Revision;

/// Writes out characters that would act on the reader's screen and not be seen: control characters, line and
/// paragraph separators, bidirectional controls and other invisible ones. `line\nbreak` becomes `line\nbreak` with a
/// backslash and an `n`.
///
/// ```
/// assert_eq!(scalebench_model::render::visible("a\u{1b}[2J"), "a\\u{1b}[2J");
/// ```
#[must_use]
pub fn visible(text: &str) -> String {
    if !text.contains(acts_on_screen) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if acts_on_screen(c) {
            out.extend(c.escape_default());
        } else {
            out.push(c);
        }
    }
    out
}

/// The same for text of several lines: line breaks stay.
pub(super) fn visible_lines(text: &str) -> String {
    text.lines().map(visible).collect::<Vec<_>>().join("\n")
}

/// Whether a character would act on the reader's screen, or on what stands around it, and not be seen.
#[must_use]
pub fn acts_on_screen(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// ASCII only: known signs by their usual stand-ins, everything else written out.
pub(super) fn ascii(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            ' '..='~' => out.push(c),
            '\u{a0}' | '\u{202f}' => out.push(' '),
            '−' | '–' | '—' | '‑' => out.push('-'),
            '×' => out.push('x'),
            '±' => out.push_str("+-"),
            'µ' | 'μ' => out.push('u'),
            'σ' => out.push_str("sigma"),
            'κ' => out.push_str("kappa"),
            'λ' => out.push_str("lambda"),
            'η' => out.push_str("eta"),
            '≥' => out.push_str(">="),
            '≤' => out.push_str("<="),
            '≈' => out.push('~'),
            '…' => out.push_str("..."),
            '·' => out.push('*'),
            '²' => out.push_str("^2"),
            '→' => out.push_str("->"),
            '←' => out.push_str("<-"),
            '’' | '‘' => out.push('\''),
            '“' | '”' => out.push('"'),
            _ => out.extend(c.escape_default()),
        }
    }
    out
}

/// A UTC time as `2026-03-01 14:05 UTC`, from seconds since 1970-01-01.
///
/// Source of the calendar arithmetic: Howard Hinnant, "chrono-compatible low-level date algorithms", 2013.
pub(super) fn utc(unix_s: u64) -> String {
    let days = (unix_s / 86_400) as i64;
    let of_day = unix_s % 86_400;
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 {
        month_from_march + 3
    } else {
        month_from_march - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!(
        "{year:04}-{month:02}-{day:02} {:02}:{:02} UTC",
        of_day / 3_600,
        of_day % 3_600 / 60
    )
}

/// A revision's name as people write it: the first letters of the commit, and a `+` for uncommitted changes.
pub(super) fn commit(revision: &Revision) -> String {
    let mut short: String = visible(&revision.commit).chars().take(8).collect();
    if revision.dirty {
        short.push('+');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_acts_on_the_screen_is_written_out() {
        assert_eq!(
            visible("a\nb\0c\u{202e}d\u{1b}[31m"),
            "a\\nb\\u{0}c\\u{202e}d\\u{1b}[31m"
        );
        assert_eq!(visible("né 👩‍🔬 שלום"), "né 👩‍🔬 שלום");
        assert_eq!(visible_lines("a\r\nb\0"), "a\nb\\u{0}");
    }

    #[test]
    fn ascii_leaves_only_ascii() {
        let text = ascii("σ ≈ 0.04, 5 µs × 2 – שלום");
        assert!(text.is_ascii());
        assert!(text.starts_with("sigma ~ 0.04, 5 us x 2 - \\u{5e9}"));
    }

    #[test]
    fn dates_agree_with_the_calendar() {
        assert_eq!(utc(0), "1970-01-01 00:00 UTC");
        assert_eq!(utc(951_826_140), "2000-02-29 12:09 UTC");
        assert_eq!(utc(1_767_225_599), "2025-12-31 23:59 UTC");
        // No date is too far away to print.
        assert!(utc(u64::MAX).ends_with("UTC"));
    }
}

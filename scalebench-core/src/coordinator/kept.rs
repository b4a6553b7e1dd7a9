//! The start and the end of what a worker prints.

use scalebench_model::excerpt::{CUT_WORDS, MOST_TEXT, cut, excerpt};

/// How much is kept of each, bytes.
const HALF: usize = (MOST_TEXT - CUT_WORDS) / 2;

/// What was printed, however much it is: what lies between its start and its end is only counted.
#[derive(Debug, Default)]
pub(super) struct Kept {
    start: Vec<u8>,
    end: Vec<u8>,
    left_out: u64,
}

impl Kept {
    pub(super) fn add(&mut self, bytes: &[u8]) {
        let (first, rest) = bytes.split_at(bytes.len().min(HALF - self.start.len()));
        self.start.extend_from_slice(first);
        self.end.extend_from_slice(rest);
        let excess = self.end.len().saturating_sub(HALF);
        self.end.drain(..excess);
        self.left_out += excess as u64;
    }

    /// As text; what is no UTF-8 is shown as such.
    pub(super) fn text(&self) -> String {
        let mut bytes = self.start.clone();
        if self.left_out > 0 {
            bytes.extend_from_slice(cut(self.left_out).as_bytes());
        }
        bytes.extend_from_slice(&self.end);
        // Signs for what is no UTF-8 take more bytes than that.
        let text = String::from_utf8_lossy(&bytes);
        excerpt(text.trim_end(), MOST_TEXT).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn little_is_kept_as_it_is() {
        let mut kept = Kept::default();
        kept.add(b"one\n");
        kept.add(b"two \xff\n\n");
        assert_eq!(kept.text(), "one\ntwo \u{fffd}");
    }

    #[test]
    fn of_a_flood_start_and_end_stay() {
        let mut kept = Kept::default();
        kept.add(b"start");
        for _ in 0..1000 {
            kept.add(&[b'x'; 4096]);
        }
        kept.add(b"end");
        let text = kept.text();
        assert!(text.starts_with("startx") && text.ends_with("xend"));
        assert!(text.len() <= MOST_TEXT, "{}", text.len());
        let left_out = 8 + 4_096_000 - 2 * HALF;
        assert!(text.contains(&format!(" {left_out} bytes")), "{left_out}");
    }

    #[test]
    fn bytes_that_are_no_text_take_no_more() {
        let mut kept = Kept::default();
        kept.add(&[0xff; 1 << 20]);
        assert!(kept.text().len() <= MOST_TEXT);
    }
}

//! Reads a worker's replies, line by line, and no more of a line than a reply can be long: code under measurement may have
//! got at the pipe.

use std::io::{BufRead, BufReader, Read};
use std::sync::{Arc, Mutex, PoisonError};

use scalebench_model::excerpt::{SHORT_TEXT, excerpt};

use super::kept::Kept;
use crate::channel::Sender;
use crate::protocol::Reply;

/// What was printed, while it is being read.
pub(super) type Printed = Arc<Mutex<Kept>>;

/// What was printed so far.
pub(super) fn text_of(printed: &Printed) -> String {
    let kept = printed.lock().unwrap_or_else(PoisonError::into_inner);
    kept.text()
}

/// Adds to what was printed.
pub(super) fn keep(printed: &Printed, bytes: &[u8]) {
    let mut kept = printed.lock().unwrap_or_else(PoisonError::into_inner);
    kept.add(bytes);
}

/// Launchers and start-up code may print so much before the worker takes its pipe, bytes.
const MOST_BANNER: usize = 64 * 1024;

/// A reply is no longer than this, bytes …
const MOST_REPLY: usize = 1 << 20;

/// … unless it grows with the callers, the benchmarks or what the user shares.
const MOST_LONG_REPLY: usize = 1 << 30;

/// How replies begin that may be that long.
const LONG_REPLIES: [&[u8]; 4] = [
    br#"{"logs":"#,
    br#"{"list":"#,
    br#"{"kept":"#,
    br#"{"samples":"#,
];

/// Sends every reply on, or in words why the last one is none, until the pipe is closed. `banner` gets what comes before the
/// first one.
pub(super) fn read_replies(
    pipe: impl Read,
    banner: &Printed,
    replies: &Sender<Result<Reply, String>>,
) {
    let mut pipe = BufReader::new(pipe);
    let Some(first) = after_banner(&mut pipe, banner) else {
        return;
    };
    let mut next = first;
    loop {
        let is_last = next.is_err();
        if replies.send(next).is_err() || is_last {
            return;
        }
        let Some(line) = read_line(&mut pipe) else {
            return;
        };
        next = line.and_then(|line| read_reply(&line));
    }
}

/// The first reply, or why there is none; `None` when the pipe is closed.
fn after_banner(pipe: &mut impl BufRead, banner: &Printed) -> Option<Result<Reply, String>> {
    let mut skipped = 0;
    loop {
        let mut line = Vec::new();
        let most = (MOST_BANNER - skipped) as u64;
        match pipe.by_ref().take(most).read_until(b'\n', &mut line) {
            Ok(1..) => {}
            // Either it has ended, or this was too much.
            _ if skipped < MOST_BANNER => return None,
            _ => {
                return Some(Err(format!(
                    "it printed {MOST_BANNER} bytes that are no reply"
                )));
            }
        }
        if let Ok(reply) = Reply::read(&line) {
            return Some(Ok(reply));
        }
        skipped += line.len();
        keep(banner, &line);
    }
}

/// A whole line, or in words that it is too long to be a reply; `None` when the pipe is closed, in the midst of a line or not.
fn read_line(pipe: &mut impl BufRead) -> Option<Result<Vec<u8>, String>> {
    let mut line = Vec::new();
    for most in [MOST_REPLY, MOST_LONG_REPLY] {
        let rest = (most - line.len()) as u64;
        pipe.by_ref().take(rest).read_until(b'\n', &mut line).ok()?;
        if line.last() == Some(&b'\n') {
            return Some(Ok(line));
        }
        if line.len() < most {
            return None;
        }
        if !LONG_REPLIES.iter().any(|begin| line.starts_with(begin)) {
            break;
        }
    }
    Some(Err(format!(
        "the worker sent a line that is no reply: more than {} bytes, which begin with {}",
        line.len(),
        shown(&line[..SHORT_TEXT])
    )))
}

fn read_reply(line: &[u8]) -> Result<Reply, String> {
    Reply::read(line).map_err(|error| {
        let error = error.to_string();
        format!(
            "the worker sent a line that is no reply ({}): {}",
            excerpt(&error, SHORT_TEXT),
            shown(line)
        )
    })
}

fn shown(line: &[u8]) -> String {
    let text = String::from_utf8_lossy(line);
    excerpt(text.trim_end(), SHORT_TEXT).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channel::unbounded;

    /// Bytes without end.
    struct Endless(&'static [u8], u64);

    impl Read for Endless {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            if !self.0.is_empty() {
                return self.0.read(buffer);
            }
            self.1 += buffer.len() as u64;
            assert!(self.1 < 16 << 20, "it goes on reading");
            buffer.fill(b'x');
            Ok(buffer.len())
        }
    }

    fn replies(pipe: impl Read) -> Vec<Result<Reply, String>> {
        let (sender, receiver) = unbounded();
        read_replies(pipe, &Printed::default(), &sender);
        drop(sender);
        receiver.iter().collect()
    }

    #[test]
    fn an_endless_line_is_no_reply() {
        let found = replies(Endless(b"\"done\"\n", 0));
        assert_eq!(found[0], Ok(Reply::Done));
        let Err(why) = &found[1] else {
            panic!("{found:?}");
        };
        assert!(
            why.contains("no reply") && why.len() < 2 * SHORT_TEXT,
            "{why}"
        );
        assert_eq!(found.len(), 2);
    }

    #[test]
    fn what_is_no_reply_is_shown_in_part() {
        let long = format!("\"done\"\n\"{}\"\n\"done\"\n", "x".repeat(500_000));
        let found = replies(long.as_bytes());
        let Err(why) = &found[1] else {
            panic!("{found:?}");
        };
        assert!(why.len() < 3 * SHORT_TEXT, "{}", why.len());
        assert_eq!(found.len(), 2, "nothing is believed after that");
    }

    #[test]
    fn replies_that_grow_with_the_callers_may_be_long() {
        let reply = Reply::Kept {
            shared: "x".repeat(3 * MOST_REPLY),
        };
        let sent = format!("\"done\"\n{}\n", reply.line());
        assert_eq!(replies(sent.as_bytes()), [Ok(Reply::Done), Ok(reply)]);
    }

    #[test]
    fn who_dies_in_the_midst_of_a_line_has_not_replied() {
        assert_eq!(replies(&b"\"done\"\n\"do"[..]), [Ok(Reply::Done)]);
    }
}

//! Standard output, a file like others: what it refuses is an error. And text of others on it, which must order nothing.

use std::borrow::Cow;
use std::io::{self, ErrorKind, Write};
use std::sync::OnceLock;

/// Why standard output first refused something.
static REFUSED: OnceLock<io::Error> = OnceLock::new();

/// Writes to standard output. What it refuses is remembered, see [`refused`]: `print!` would panic.
pub fn print(text: &str) {
    let mut out = io::stdout().lock();
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    if let Err(error) = written
        && error.kind() != ErrorKind::BrokenPipe
        && !is_closed_terminal(&error)
    {
        let _ = REFUSED.set(error);
    }
}

/// Why standard output did not take all that was written to it, where it did not. Whoever closes a pipe or a terminal has read
/// enough, which is no reason.
#[must_use]
pub fn refused() -> Option<&'static io::Error> {
    REFUSED.get()
}

/// A terminal that was closed answers as a broken disk does, and is no longer one; but it is a device.
#[cfg(unix)]
fn is_closed_terminal(error: &io::Error) -> bool {
    use std::fs::File;
    use std::os::fd::AsFd;
    use std::os::unix::fs::FileTypeExt;

    const EIO: i32 = 5;
    let is_device = || -> io::Result<bool> {
        let out = File::from(io::stdout().as_fd().try_clone_to_owned()?);
        Ok(out.metadata()?.file_type().is_char_device())
    };
    error.raw_os_error() == Some(EIO) && is_device().unwrap_or(true)
}

/// Elsewhere nothing tells.
#[cfg(not(unix))]
fn is_closed_terminal(_error: &io::Error) -> bool {
    false
}

/// The text without what GitHub's runner takes for a command: it reads what a step prints and obeys a line that begins with
/// `::`, blanks before it or not, and `##[` wherever it stands. Names and messages may begin like that.
///
/// Source: `ActionCommand.cs` of github.com/actions/runner.
#[must_use]
pub fn without_commands(text: &str) -> Cow<'_, str> {
    let lines = || text.split_inclusive(['\n', '\r']);
    let commands = |line: &str| line.trim_start().starts_with("::") || line.contains("##[");
    if !lines().any(commands) {
        return Cow::Borrowed(text);
    }
    let mut harmless = String::with_capacity(text.len());
    for line in lines() {
        let mut rest = line.trim_start();
        harmless.push_str(&line[..line.len() - rest.len()]);
        if let Some(command) = rest.strip_prefix("::") {
            harmless.push_str("\\u{3a}:");
            rest = command;
        }
        harmless.push_str(&rest.replace("##[", "\\u{23}#["));
    }
    Cow::Owned(harmless)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_orders_the_runner() {
        for (text, harmless) in [
            ("::error::boom", "\\u{3a}:error::boom"),
            ("why\n \t::error::boom\n", "why\n \t\\u{3a}:error::boom\n"),
            ("a\r::stop::b\r\n::x", "a\r\\u{3a}:stop::b\r\n\\u{3a}:x"),
            ("a ##[error]b", "a \\u{23}#[error]b"),
            ("::##[a]###[b]", "\\u{3a}:\\u{23}#[a]#\\u{23}#[b]"),
        ] {
            assert_eq!(without_commands(text), harmless);
        }
        for text in ["", "maps::get\n  at ::1\n", "## [x]\n# #[x]", "a\n\n"] {
            assert!(matches!(without_commands(text), Cow::Borrowed(same) if same == text));
        }
    }
}

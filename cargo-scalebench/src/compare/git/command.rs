//! How git is asked.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::child;
use crate::exit::Failure;

/// What a surrounding hook says about another repository.
const FOREIGN: [&str; 4] = ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"];

/// Neither hooks nor a daemon, and full paths in what git writes of a worktree.
const SETTINGS: [&str; 3] = [
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "worktree.useRelativePaths=false",
];

/// git in `folder`: on this clone alone, as nothing connects and nothing is asked of the user, and without refreshing the
/// user's index on the way.
pub(super) fn git(folder: &Path) -> Command {
    let mut command = Command::new("git");
    for name in FOREIGN {
        command.env_remove(name);
    }
    command.current_dir(folder).arg("--no-optional-locks");
    for setting in SETTINGS {
        command.args(["-c", setting]);
    }
    command
        .env("GIT_ALLOW_PROTOCOL", "none")
        .env("GIT_NO_LAZY_FETCH", "1")
        .env("GIT_TERMINAL_PROMPT", "0")
        .stdin(Stdio::null())
        .stderr(Stdio::piped());
    command
}

/// How git ends, and what it says.
///
/// # Errors
/// When it does not start, or is interrupted.
pub(super) fn start(command: &mut Command) -> Result<Output, Failure> {
    child::capture(command, |error| {
        Failure::usage(format!(
            "comparing revisions needs git, which did not start: {error}"
        ))
    })
}

/// What git answers, where it succeeds.
///
/// # Errors
/// When it does not start, or is interrupted.
pub(super) fn answer(command: &mut Command) -> Result<Option<Vec<u8>>, Failure> {
    let output = start(command)?;
    Ok(output.status.success().then_some(output.stdout))
}

/// What git answers with `-z`, piece by piece.
pub(super) fn pieces(answer: &[u8]) -> impl Iterator<Item = &[u8]> {
    let pieces = answer.split(|&byte| byte == 0);
    pieces.filter(|piece| !piece.is_empty())
}

/// What git answers in one line, without its end.
pub(super) fn line(answer: &[u8]) -> &[u8] {
    answer.strip_suffix(b"\n").unwrap_or(answer)
}

/// A path that git wrote, whatever its bytes are.
pub(super) fn path(bytes: &[u8]) -> PathBuf {
    #[cfg(unix)]
    return <std::ffi::OsStr as std::os::unix::ffi::OsStrExt>::from_bytes(bytes).into();
    #[cfg(not(unix))]
    return String::from_utf8_lossy(bytes).into_owned().into();
}

/// All that git said, since its last line alone may be the end of an advice.
pub(super) fn complaint(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stderr);
    match text.trim() {
        "" => output.status.to_string(),
        // Filters speak there, too. git writes out what could act on a terminal in the same way.
        text => text.replace(|c: char| c.is_control() && !matches!(c, '\n' | '\t'), "?"),
    }
}

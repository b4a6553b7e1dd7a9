//! Which revision of the source is measured.

use std::process::{Command, Stdio};

use scalebench_model::data::Revision;

/// Asks git, where there is one and the current folder is in a repository.
pub(crate) fn current() -> Option<Revision> {
    let commit = git(&["rev-parse", "HEAD"])?;
    let changes = git(&["status", "--porcelain", "--untracked-files=no"])?;
    Some(Revision {
        commit,
        dirty: !changes.is_empty(),
    })
}

fn git(arguments: &[&str]) -> Option<String> {
    // It only looks: neither is the user's index refreshed on the way, nor a daemon started for it.
    let output = Command::new("git")
        .args(["--no-optional-locks", "-c", "core.fsmonitor=false"])
        .args(arguments)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

//! Ending worker processes and whatever they have started.

use std::process::{Child, ExitStatus};

/// Kills the process group that `child` leads, and waits for it.
pub(crate) fn end_group(child: &mut Child) -> std::io::Result<ExitStatus> {
    kill_group(child);
    // The group is gone already when the worker ended by itself; killing the child alone covers the rest.
    let _ = child.kill();
    child.wait()
}

/// Makes the process a group of its own, so that an interrupt from the terminal reaches the coordinator only.
pub(crate) fn own_group(command: &mut std::process::Command) {
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(command, 0);
    #[cfg(not(unix))]
    let _ = command;
}

#[cfg(unix)]
fn kill_group(child: &Child) {
    use nix::sys::signal::{Signal, killpg};
    if let Ok(group) = i32::try_from(child.id()) {
        // Nothing of the group may be left, which is the aim.
        let _ = killpg(nix::unistd::Pid::from_raw(group), Signal::SIGKILL);
    }
}

#[cfg(not(unix))]
fn kill_group(_child: &Child) {}

/// Kills the process group of this process, if it leads one: a worker does, unless a launcher started it. Returns otherwise.
pub(crate) fn end_own_group() {
    #[cfg(unix)]
    {
        use nix::sys::signal::{Signal, killpg};
        let group = nix::unistd::getpgrp();
        if group == nix::unistd::getpid() {
            let _ = killpg(group, Signal::SIGKILL);
        }
    }
}

/// How a process ended, in words.
pub(crate) fn describe_end(status: ExitStatus) -> String {
    #[cfg(unix)]
    if let Some(number) = std::os::unix::process::ExitStatusExt::signal(&status) {
        let name = nix::sys::signal::Signal::try_from(number)
            .map_or("unknown signal", nix::sys::signal::Signal::as_str);
        return format!("its process was ended by signal {number} ({name})");
    }
    match status.code() {
        Some(code) => format!("its process ended by itself with exit code {code}"),
        None => "its process ended".to_owned(),
    }
}

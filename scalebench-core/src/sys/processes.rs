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

/// Makes the process a session of its own, without a terminal: what would ask for a password there fails instead of
/// waiting. Its process group is its own, too.
pub(crate) fn own_session(command: &mut std::process::Command) {
    #[cfg(unix)]
    {
        use std::os::unix::process::CommandExt;
        // SAFETY: `setsid` is async-signal-safe, and nothing else is done; it touches no memory of the parent.
        #[allow(unsafe_code)]
        unsafe {
            command.pre_exec(super::unix::setsid)
        };
    }
    #[cfg(not(unix))]
    let _ = command;
}

/// Makes this process lead a group of its own, where it does not yet. One that leads a session cannot and need not.
pub(crate) fn lead_group() {
    #[cfg(unix)]
    let _ = super::unix::lead_group();
}

/// Asks the process group that `child` leads to end (SIGTERM), so that a launcher can tidy up where it has started things.
pub(crate) fn ask_group_to_end(child: &Child) {
    #[cfg(unix)]
    let _ = super::unix::signal_group(child.id(), libc::SIGTERM);
    #[cfg(not(unix))]
    let _ = child;
}

#[cfg(unix)]
fn kill_group(child: &Child) {
    // Nothing of the group may be left, which is the aim.
    let _ = super::unix::signal_group(child.id(), libc::SIGKILL);
}

#[cfg(not(unix))]
fn kill_group(_child: &Child) {}

/// Kills the process group of this process, if it leads one: a worker does, unless a launcher started it. Returns otherwise.
pub(crate) fn end_own_group() {
    #[cfg(unix)]
    if super::unix::leads_group() {
        let _ = super::unix::signal_group(std::process::id(), libc::SIGKILL);
    }
}

/// How a process ended, in words.
pub(crate) fn describe_end(status: ExitStatus) -> String {
    #[cfg(unix)]
    if let Some(number) = std::os::unix::process::ExitStatusExt::signal(&status) {
        let name = signal_name(number);
        // Nobody else sends this one to a worker unless asked to.
        let hint = match number {
            libc::SIGKILL => ", as the system does when memory runs out",
            _ => "",
        };
        return format!("its process was ended by signal {number} ({name}){hint}");
    }
    match status.code() {
        Some(code) => format!("its process ended by itself with exit code {code}"),
        None => "its process ended".to_owned(),
    }
}

#[cfg(unix)]
fn signal_name(number: i32) -> &'static str {
    match number {
        libc::SIGABRT => "SIGABRT",
        libc::SIGALRM => "SIGALRM",
        libc::SIGBUS => "SIGBUS",
        libc::SIGFPE => "SIGFPE",
        libc::SIGHUP => "SIGHUP",
        libc::SIGILL => "SIGILL",
        libc::SIGINT => "SIGINT",
        libc::SIGKILL => "SIGKILL",
        libc::SIGPIPE => "SIGPIPE",
        libc::SIGQUIT => "SIGQUIT",
        libc::SIGSEGV => "SIGSEGV",
        libc::SIGSYS => "SIGSYS",
        libc::SIGTERM => "SIGTERM",
        libc::SIGTRAP => "SIGTRAP",
        libc::SIGUSR1 => "SIGUSR1",
        libc::SIGUSR2 => "SIGUSR2",
        libc::SIGVTALRM => "SIGVTALRM",
        libc::SIGXCPU => "SIGXCPU",
        libc::SIGXFSZ => "SIGXFSZ",
        _ => "unknown signal",
    }
}

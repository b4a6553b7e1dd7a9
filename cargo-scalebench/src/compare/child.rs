//! Programs that run for long, and interrupts that end them first.
//!
//! A child gets a process group of its own, and an interrupt of ours is handed on to all of it: the bench binary saves
//! what it has, cargo stops its compilers, and then it is our turn to clean up.

use std::io::{self, Read};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use crate::exit::Failure;

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// The process number of the child that runs; 0 for none.
static CHILD: AtomicU32 = AtomicU32::new(0);

/// Starts to watch for SIGINT, SIGTERM and SIGHUP. From now on they do not end this process. A SIGHUP that was ignored
/// before stays so: `nohup` is asked for so that a comparison outlives its terminal.
///
/// # Errors
/// When the handler cannot be installed.
pub(crate) fn watch() -> Result<(), Failure> {
    on_each(|| {
        INTERRUPTED.store(true, Ordering::SeqCst);
        let child = CHILD.load(Ordering::SeqCst);
        if child != 0 {
            interrupt(child);
        }
    })
    .map_err(|error| Failure::files(format!("could not watch for interrupts: {error}")))
}

/// Calls `note`, on a thread of its own, at each of the signals.
#[cfg(unix)]
fn on_each(note: impl Fn() + Send + 'static) -> io::Result<()> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    let hangup = (!hangups_are_ignored()).then_some(SIGHUP);
    let watched = [SIGINT, SIGTERM].into_iter().chain(hangup);
    let mut signals = signal_hook::iterator::Signals::new(watched)?;
    let watch = move || signals.forever().for_each(|_| note());
    std::thread::Builder::new()
        .name("interrupts".to_owned())
        .spawn(watch)?;
    Ok(())
}

/// Whether whoever started this process made it ignore SIGHUP (1). Only Linux can be asked without `unsafe`; elsewhere a
/// hangup is an interrupt in any case.
#[cfg(unix)]
fn hangups_are_ignored() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let bits = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    bits.is_some_and(|bits| bits & 1 != 0)
}

/// The same where the console hands out interrupts. Untested.
#[cfg(not(unix))]
fn on_each(note: impl Fn() + Send + 'static) -> Result<(), ctrlc::Error> {
    ctrlc::set_handler(note)
}

/// Whether the user asked for an end.
pub(crate) fn interrupted() -> bool {
    INTERRUPTED.load(Ordering::SeqCst)
}

/// Runs a program to its end.
///
/// # Errors
/// When it cannot be started.
pub(crate) fn run(command: &mut Command) -> io::Result<ExitStatus> {
    own_group(command);
    let mut child = command.spawn()?;
    announce(child.id());
    let status = child.wait();
    CHILD.store(0, Ordering::SeqCst);
    status
}

/// Runs a program to its end and answers what it printed on standard output.
///
/// # Errors
/// When it cannot be started or read.
pub(crate) fn capture(command: &mut Command) -> io::Result<(ExitStatus, Vec<u8>)> {
    own_group(command);
    let mut child = command.stdout(Stdio::piped()).spawn()?;
    announce(child.id());
    let mut output = Vec::new();
    let read = child
        .stdout
        .take()
        .map(|mut pipe| pipe.read_to_end(&mut output));
    let status = child.wait();
    CHILD.store(0, Ordering::SeqCst);
    read.transpose()?;
    Ok((status?, output))
}

fn announce(child: u32) {
    CHILD.store(child, Ordering::SeqCst);
    // An interrupt between the start and the line above went to nobody.
    if interrupted() {
        interrupt(child);
    }
}

#[cfg(unix)]
fn own_group(command: &mut Command) {
    std::os::unix::process::CommandExt::process_group(command, 0);
}

#[cfg(unix)]
fn interrupt(child: u32) {
    use nix::sys::signal::{Signal, killpg};
    if let Ok(group) = i32::try_from(child) {
        // It may have ended by itself, which is the aim.
        let _ = killpg(nix::unistd::Pid::from_raw(group), Signal::SIGINT);
    }
}

/// The console hands interrupts to all that are attached to it.
#[cfg(not(unix))]
fn own_group(_command: &mut Command) {}

#[cfg(not(unix))]
fn interrupt(_child: u32) {}

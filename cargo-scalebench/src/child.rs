//! Programs that run for long, and interrupts that end them first.
//!
//! Once [`watch`] was called, a child gets a process group of its own, and an interrupt of ours is handed on to all of it:
//! the bench binary saves what it has, cargo stops its compilers, and then it is our turn to clean up. Before that the
//! terminal hands an interrupt to both, and there is nothing to clean up.

use std::io;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use crate::exit::Failure;
use crate::screen::tell;

static WATCHED: AtomicBool = AtomicBool::new(false);

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Whether there is nothing to clean up.
static IDLE: AtomicBool = AtomicBool::new(false);

/// The process number of the child that runs; 0 for none.
static CHILD: AtomicU32 = AtomicU32::new(0);

/// Whether the child saves what it has at an interrupt, so that it is left to end by itself.
static SAVES: AtomicBool = AtomicBool::new(false);

/// Starts to watch for SIGINT, SIGTERM and SIGHUP. From now on they do not end this process. A SIGHUP that was ignored
/// before stays so: `nohup` is asked for so that a comparison outlives its terminal.
///
/// # Errors
/// When the handler cannot be installed.
pub(crate) fn watch() -> Result<(), Failure> {
    on_each(|| {
        let again = INTERRUPTED.swap(true, Ordering::SeqCst);
        let child = CHILD.load(Ordering::SeqCst);
        if child != 0 {
            // Who has nothing to save need not be asked twice.
            interrupt(child, again && !SAVES.load(Ordering::SeqCst));
        }
        if IDLE.load(Ordering::SeqCst) {
            end();
        }
    })
    .map_err(|error| Failure::files(format!("could not watch for interrupts: {error}")))?;
    WATCHED.store(true, Ordering::SeqCst);
    Ok(())
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

/// Does what leaves nothing to clean up: meanwhile an interrupt ends this process, whatever it waits for.
pub(crate) fn idle<T>(work: impl FnOnce() -> T) -> T {
    IDLE.store(true, Ordering::SeqCst);
    // One that came before the line above was only noted.
    if interrupted() {
        end();
    }
    let done = work();
    IDLE.store(false, Ordering::SeqCst);
    done
}

/// Ends this process as an interrupted command ends.
fn end() -> ! {
    tell(Failure::Interrupted);
    std::process::exit(i32::from(Failure::Interrupted.code()))
}

/// Runs a bench binary to its end.
///
/// # Errors
/// When it cannot be started.
pub(crate) fn run(command: &mut Command) -> io::Result<ExitStatus> {
    SAVES.store(true, Ordering::SeqCst);
    let status = start(command).and_then(|mut child| child.wait());
    CHILD.store(0, Ordering::SeqCst);
    SAVES.store(false, Ordering::SeqCst);
    status
}

/// Runs a program to its end and answers how it ended and what it printed on standard output, and on standard error where
/// that is piped. A second interrupt kills it.
///
/// # Errors
/// [`Failure::Interrupted`] when the user asked for an end, however the program ended then; what `failed` makes of it when
/// it cannot be started or read.
pub(crate) fn capture(
    command: &mut Command,
    failed: impl FnOnce(io::Error) -> Failure,
) -> Result<Output, Failure> {
    if interrupted() {
        return Err(Failure::Interrupted);
    }
    let output = start(command.stdout(Stdio::piped())).and_then(Child::wait_with_output);
    CHILD.store(0, Ordering::SeqCst);
    if interrupted() {
        return Err(Failure::Interrupted);
    }
    output.map_err(failed)
}

fn start(command: &mut Command) -> io::Result<Child> {
    if WATCHED.load(Ordering::SeqCst) {
        own_group(command);
    }
    let child = command.spawn()?;
    CHILD.store(child.id(), Ordering::SeqCst);
    // An interrupt between the start and the line above went to nobody.
    if interrupted() {
        interrupt(child.id(), false);
    }
    Ok(child)
}

#[cfg(unix)]
fn own_group(command: &mut Command) {
    std::os::unix::process::CommandExt::process_group(command, 0);
}

#[cfg(unix)]
fn interrupt(child: u32, at_once: bool) {
    use nix::sys::signal::{Signal, killpg};
    let signal = if at_once {
        Signal::SIGKILL
    } else {
        Signal::SIGINT
    };
    if let Ok(group) = i32::try_from(child) {
        // It may have ended by itself, which is the aim.
        let _ = killpg(nix::unistd::Pid::from_raw(group), signal);
    }
}

/// The console hands interrupts to all that are attached to it.
#[cfg(not(unix))]
fn own_group(_command: &mut Command) {}

#[cfg(not(unix))]
fn interrupt(_child: u32, _at_once: bool) {}

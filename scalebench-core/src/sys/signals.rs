//! Interrupts: the first one asks the run to end early, the second one ends it.

use std::sync::atomic::{AtomicBool, Ordering};

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Exit code after an interrupt, as shells count it.
const INTERRUPTED_EXIT: i32 = 130;

/// Whether the user asked for an end (SIGINT, SIGTERM or SIGHUP).
pub(crate) fn interrupted() -> bool {
    INTERRUPTED.load(Ordering::Relaxed)
}

/// A write beyond the limit on the size of files (`ulimit -f`) becomes an error that can be told, not the end.
fn survive_file_limits() {
    #[cfg(unix)]
    {
        use nix::sys::signal::{SaFlags, SigAction, SigHandler, SigSet, Signal, sigaction};
        extern "C" fn go_on(_signal: i32) {}
        // A handler rather than "ignore", which the workers would inherit.
        let action = SigAction::new(
            SigHandler::Handler(go_on),
            SaFlags::SA_RESTART,
            SigSet::empty(),
        );
        // SAFETY: the handler does nothing, so it is async-signal-safe; no one else handles this signal here.
        #[allow(unsafe_code)]
        let _ = unsafe { sigaction(Signal::SIGXFSZ, &action) };
    }
}

/// Whether this program was started with hangups ignored, as by `nohup`.
#[cfg(unix)]
fn hangups_are_ignored() -> bool {
    use nix::libc::{SIG_IGN, SIGHUP, sigaction};
    let mut now = std::mem::MaybeUninit::<sigaction>::zeroed();
    // SAFETY: without a new action nothing is changed; `now` has room for the present one, and zeros are a valid one.
    #[allow(unsafe_code)]
    unsafe {
        sigaction(SIGHUP, std::ptr::null(), now.as_mut_ptr()) == 0
            && now.assume_init().sa_sigaction == SIG_IGN
    }
}

/// `nohup` is asked for so that a run outlives its terminal; `ctrlc` would take a hangup for an interrupt all the same.
#[cfg(unix)]
fn ignore_hangups() {
    use nix::sys::signal::{SigHandler, Signal, signal};
    // SAFETY: ignoring a signal runs no code.
    #[allow(unsafe_code)]
    let _ = unsafe { signal(Signal::SIGHUP, SigHandler::SigIgn) };
}

/// Starts to watch for interrupts.
///
/// # Errors
/// When the handler cannot be installed.
pub(crate) fn watch_interrupts() -> Result<(), ctrlc::Error> {
    survive_file_limits();
    #[cfg(unix)]
    let ignored = hangups_are_ignored();
    ctrlc::set_handler(|| {
        if INTERRUPTED.swap(true, Ordering::Relaxed) {
            std::process::exit(INTERRUPTED_EXIT);
        }
    })?;
    #[cfg(unix)]
    if ignored {
        ignore_hangups();
    }
    Ok(())
}

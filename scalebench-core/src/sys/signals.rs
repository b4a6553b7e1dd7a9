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
#[cfg(unix)]
fn survive_file_limits() {
    extern "C" fn go_on(_signal: libc::c_int) {}
    // A handler rather than "ignore", which the workers would inherit.
    // SAFETY: the handler does nothing, so it is async-signal-safe; no one else handles this signal here.
    #[allow(unsafe_code)]
    let _ = unsafe { super::unix::handle(libc::SIGXFSZ, go_on) };
}

/// Starts to watch for interrupts.
///
/// # Errors
/// When the handler cannot be installed.
#[cfg(unix)]
pub(crate) fn watch_interrupts() -> std::io::Result<()> {
    extern "C" fn note(_signal: libc::c_int) {
        if INTERRUPTED.swap(true, Ordering::Relaxed) {
            super::unix::exit_now(INTERRUPTED_EXIT);
        }
    }
    survive_file_limits();
    for signal in [libc::SIGINT, libc::SIGTERM, libc::SIGHUP] {
        // `nohup` is asked for so that a run outlives its terminal.
        if signal == libc::SIGHUP && super::unix::is_ignored(signal) {
            continue;
        }
        // SAFETY: the handler changes one atomic flag and may end the process; both are async-signal-safe.
        #[allow(unsafe_code)]
        unsafe {
            super::unix::handle(signal, note)?;
        }
    }
    Ok(())
}

/// Starts to watch for interrupts. Untested.
///
/// # Errors
/// When the handler cannot be installed.
#[cfg(not(unix))]
pub(crate) fn watch_interrupts() -> Result<(), ctrlc::Error> {
    ctrlc::set_handler(|| {
        if INTERRUPTED.swap(true, Ordering::Relaxed) {
            std::process::exit(INTERRUPTED_EXIT);
        }
    })
}

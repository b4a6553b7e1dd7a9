//! Interrupts: the first one asks the run to end early, the second one ends it.

use std::sync::atomic::{AtomicBool, Ordering};

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Exit code after an interrupt, as shells count it.
const INTERRUPTED_EXIT: i32 = 130;

/// Whether the user asked for an end (SIGINT, SIGTERM or SIGHUP).
pub(crate) fn interrupted() -> bool {
    INTERRUPTED.load(Ordering::Relaxed)
}

/// Starts to watch for interrupts.
///
/// # Errors
/// When the handler cannot be installed.
pub(crate) fn watch_interrupts() -> Result<(), ctrlc::Error> {
    ctrlc::set_handler(|| {
        if INTERRUPTED.swap(true, Ordering::Relaxed) {
            std::process::exit(INTERRUPTED_EXIT);
        }
    })
}

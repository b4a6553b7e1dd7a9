//! Interrupts: the first one asks the run to end early. The second one ends it, unless what was measured is not written yet.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

/// How often the user asked for an end.
static INTERRUPTS: AtomicU32 = AtomicU32::new(0);

/// Whether there is something to lose.
static AT_STAKE: AtomicBool = AtomicBool::new(false);

/// Exit code after an interrupt, as shells count it.
const INTERRUPTED_EXIT: i32 = 130;

/// Whether the user asked for an end, by any signal that would otherwise end the program.
pub(crate) fn interrupted() -> bool {
    INTERRUPTS.load(Ordering::Relaxed) > 0
}

/// Whether the user asked more than once: nothing is to be waited for any more.
pub(crate) fn interrupted_again() -> bool {
    INTERRUPTS.load(Ordering::Relaxed) > 1
}

/// From now on there is something to lose, and a second interrupt ends nothing.
pub(crate) fn results_are_at_stake() {
    AT_STAKE.store(true, Ordering::SeqCst);
}

/// What was measured is written: whoever asked twice waits for no more.
pub(crate) fn results_are_kept() {
    AT_STAKE.store(false, Ordering::SeqCst);
    if interrupted_again() {
        std::process::exit(INTERRUPTED_EXIT);
    }
}

/// Counts an interrupt. Returns whether the program is to end at once.
fn note() -> bool {
    let before = INTERRUPTS.fetch_add(1, Ordering::SeqCst);
    before > 0 && !AT_STAKE.load(Ordering::SeqCst)
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

/// What people and batch systems ask programs to end with, and would end them without a word.
#[cfg(unix)]
const ENDINGS: [libc::c_int; 8] = [
    libc::SIGINT,
    libc::SIGTERM,
    libc::SIGHUP,
    libc::SIGQUIT,
    libc::SIGXCPU,
    libc::SIGALRM,
    libc::SIGUSR1,
    libc::SIGUSR2,
];

/// Starts to watch for interrupts.
///
/// # Errors
/// When the handler cannot be installed.
#[cfg(unix)]
pub(crate) fn watch_interrupts() -> std::io::Result<()> {
    extern "C" fn count(_signal: libc::c_int) {
        if note() {
            super::unix::exit_now(INTERRUPTED_EXIT);
        }
    }
    survive_file_limits();
    for signal in ENDINGS {
        let is_asked_for = matches!(signal, libc::SIGINT | libc::SIGTERM);
        // `nohup` is asked for so that a run outlives its terminal, and others are ignored for like reasons.
        if !is_asked_for && super::unix::is_ignored(signal) {
            continue;
        }
        // SAFETY: the handler changes one atomic number and may end the process; both are async-signal-safe.
        #[allow(unsafe_code)]
        unsafe {
            super::unix::handle(signal, count)?;
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
        if note() {
            std::process::exit(INTERRUPTED_EXIT);
        }
    })
}

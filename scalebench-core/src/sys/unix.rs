//! System calls that the standard library does not offer. Each is safe to call as it stands here.
//!
//! A crate with safe wrappers for all of them would cost every user's build more than all of `sys` does.
#![allow(unsafe_code)]

use std::io;
use std::mem::MaybeUninit;
use std::os::fd::AsRawFd;

/// The answer of a call that says -1 for an error.
fn checked(answer: libc::c_int) -> io::Result<()> {
    if answer == -1 {
        return Err(io::Error::last_os_error());
    }
    Ok(())
}

/// What a clock of the system reads, ns.
pub(super) fn clock_ns(clock: libc::clockid_t) -> Option<u64> {
    let mut time = MaybeUninit::<libc::timespec>::uninit();
    // SAFETY: the call writes one `timespec`, through a pointer to one that nobody else uses during the call.
    let answer = unsafe { libc::clock_gettime(clock, time.as_mut_ptr()) };
    if answer != 0 {
        return None;
    }
    // SAFETY: it was written, as the answer says.
    let time = unsafe { time.assume_init() };
    let seconds = u64::try_from(time.tv_sec).ok()?;
    let rest = u64::try_from(time.tv_nsec).ok()?;
    seconds.checked_mul(1_000_000_000)?.checked_add(rest)
}

/// Makes this process lead a session of its own, without a terminal. Async-signal-safe.
pub(super) fn setsid() -> io::Result<()> {
    // SAFETY: it takes nothing and touches no memory.
    checked(unsafe { libc::setsid() })
}

/// Makes this process lead a process group of its own.
pub(super) fn lead_group() -> io::Result<()> {
    // SAFETY: it takes numbers alone; two zeros mean this process and its own number.
    checked(unsafe { libc::setpgid(0, 0) })
}

/// Whether this process leads its process group.
pub(super) fn leads_group() -> bool {
    // SAFETY: neither takes anything, and neither can fail.
    unsafe { libc::getpgrp() == libc::getpid() }
}

/// Sends a signal to the process group of that number, 2 or above: lower ones would mean the own group, or everything.
pub(super) fn signal_group(group: u32, signal: libc::c_int) -> io::Result<()> {
    match libc::pid_t::try_from(group) {
        // SAFETY: it takes numbers alone.
        Ok(group) if group > 1 => checked(unsafe { libc::killpg(group, signal) }),
        _ => Err(io::ErrorKind::InvalidInput.into()),
    }
}

/// Makes the standard stream of that number another name of what `file` is open for.
pub(super) fn replace_standard(stream: libc::c_int, file: &impl AsRawFd) -> io::Result<()> {
    // SAFETY: it takes numbers alone. Standard streams are never closed and nobody owns them, so that no owner of the
    // number is cheated; `file` is open for as long as it is borrowed.
    checked(unsafe { libc::dup2(file.as_raw_fd(), stream) })
}

/// Columns of the terminal behind a stream; `None` where there is none.
pub(super) fn columns(stream: &impl AsRawFd) -> Option<usize> {
    let mut size = libc::winsize {
        ws_row: 0,
        ws_col: 0,
        ws_xpixel: 0,
        ws_ypixel: 0,
    };
    // SAFETY: the request writes one `winsize`, through a pointer to one that nobody else uses during the call.
    let answer = unsafe { libc::ioctl(stream.as_raw_fd(), libc::TIOCGWINSZ, &raw mut size) };
    (answer == 0).then(|| usize::from(size.ws_col))
}

/// Lets `handler` serve a signal from now on; calls that it breaks into are resumed.
///
/// # Safety
/// `handler` must be async-signal-safe: it may run at any moment, in the middle of anything.
pub(super) unsafe fn handle(
    signal: libc::c_int,
    handler: extern "C" fn(libc::c_int),
) -> io::Result<()> {
    // SAFETY: a `sigaction` is numbers and pointers, for which zeros are valid; the fields that matter are set below.
    let mut action: libc::sigaction = unsafe { std::mem::zeroed() };
    action.sa_sigaction = handler as *const () as libc::sighandler_t;
    action.sa_flags = libc::SA_RESTART;
    // SAFETY: it writes the set, which is ours.
    unsafe { libc::sigemptyset(&raw mut action.sa_mask) };
    // SAFETY: both pointers are valid or null as the call allows, and the caller answers for the handler.
    checked(unsafe { libc::sigaction(signal, &raw const action, std::ptr::null_mut()) })
}

/// Whether this program ignores a signal, as those that `nohup` starts ignore hangups.
pub(super) fn is_ignored(signal: libc::c_int) -> bool {
    // SAFETY: a `sigaction` is numbers and pointers, for which zeros are valid.
    let mut now: libc::sigaction = unsafe { std::mem::zeroed() };
    // SAFETY: without a new action nothing is changed, and the present one is written to `now`, which is ours.
    let answer = unsafe { libc::sigaction(signal, std::ptr::null(), &raw mut now) };
    answer == 0 && now.sa_sigaction == libc::SIG_IGN
}

/// Ends the process at once. Async-signal-safe.
pub(super) fn exit_now(code: libc::c_int) -> ! {
    // SAFETY: it takes a number and runs nothing of ours.
    unsafe { libc::_exit(code) }
}

//! How wide a terminal is.

/// Columns of the terminal behind a stream, above 0; `None` where there is none or it does not say.
#[cfg(unix)]
#[allow(unsafe_code)]
pub(crate) fn columns(stream: &impl std::os::fd::AsRawFd) -> Option<usize> {
    use nix::libc;
    let mut size = libc::winsize {
        ws_row: 0,
        ws_col: 0,
        ws_xpixel: 0,
        ws_ypixel: 0,
    };
    // SAFETY: the request writes one `winsize`, through a pointer to one that nobody else uses during the call.
    let answer = unsafe { libc::ioctl(stream.as_raw_fd(), libc::TIOCGWINSZ, &raw mut size) };
    (answer == 0 && size.ws_col > 0).then(|| usize::from(size.ws_col))
}

/// Unknown on this platform.
#[cfg(not(unix))]
pub(crate) fn columns<S>(_stream: &S) -> Option<usize> {
    None
}

//! How wide a terminal is.

/// Columns of the terminal behind a stream, above 0; `None` where there is none or it does not say.
#[cfg(unix)]
pub(crate) fn columns(stream: &impl std::os::fd::AsRawFd) -> Option<usize> {
    super::unix::columns(stream).filter(|&columns| columns > 0)
}

/// Unknown on this platform.
#[cfg(not(unix))]
pub(crate) fn columns<S>(_stream: &S) -> Option<usize> {
    None
}

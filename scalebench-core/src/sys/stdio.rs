//! The worker's private pipe: the standard input and output it was started with.
//!
//! Standard streams are what every launcher carries, so the pipe needs nothing else. The worker takes both for itself
//! at once and leaves the program an empty input and, as output, its standard error.

use std::fs::File;
use std::io;

/// Takes standard input and output away from the program: the ends of the pipe to the coordinator.
///
/// # Errors
/// When a descriptor cannot be duplicated.
#[cfg(unix)]
pub(crate) fn claim_stdio() -> io::Result<(File, File)> {
    use std::os::fd::OwnedFd;

    fn duplicate(fd: impl std::os::fd::AsFd) -> io::Result<File> {
        // `try_clone_to_owned` sets close-on-exec, so children of the program do not hold the pipe open.
        let owned: OwnedFd = fd.as_fd().try_clone_to_owned()?;
        Ok(File::from(owned))
    }
    let orders = duplicate(io::stdin())?;
    let replies = duplicate(io::stdout())?;
    super::unix::replace_standard(libc::STDIN_FILENO, &File::open("/dev/null")?)?;
    super::unix::replace_standard(libc::STDOUT_FILENO, &io::stderr())?;
    Ok((orders, replies))
}

/// Elsewhere the streams are shared with the program, which must not print. Untested.
#[cfg(windows)]
pub(crate) fn claim_stdio() -> io::Result<(File, File)> {
    use std::os::windows::io::AsHandle;

    let orders = io::stdin().as_handle().try_clone_to_owned()?;
    let replies = io::stdout().as_handle().try_clone_to_owned()?;
    Ok((File::from(orders), File::from(replies)))
}

//! Threads beside those that measure.

use std::io;
use std::thread;

/// Starts a thread that nobody waits for. What starts a thread is compiled anew for every closure, so these are boxed.
///
/// # Errors
/// When the system has no thread left.
pub(crate) fn background(name: &str, task: Box<dyn FnOnce() + Send>) -> io::Result<()> {
    let thread = thread::Builder::new().name(name.to_owned());
    thread.spawn(task).map(drop)
}

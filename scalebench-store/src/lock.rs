//! One run at a time.

use std::fs::{self, File, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;

use crate::StoreError;

/// Held while a run measures and writes. The operating system gives it back when the process ends, however it ends.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock at `path`. When another process has it, tells `on_wait` who, and waits.
    pub(crate) fn take(path: &Path, on_wait: impl FnOnce(&str)) -> Result<Self, StoreError> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(|error| StoreError::write(folder, error))?;
        }
        let mut file = File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
            .map_err(|error| StoreError::write(path, error))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                // Who holds it is a courtesy; without it there is still the lock.
                let _ = file.read_to_string(&mut holder);
                on_wait(holder.trim());
                file.lock().map_err(|error| StoreError::lock(path, error))?;
            }
            Err(TryLockError::Error(error)) => return Err(StoreError::lock(path, error)),
        }
        let holder = format!("process {}\n", std::process::id());
        // On a full disk the lock works all the same.
        let _ = file
            .set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| file.write_all(holder.as_bytes()));
        Ok(Self { _file: file })
    }
}

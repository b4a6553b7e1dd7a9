//! Writing a file whole or not at all, and reading one that others may have left.

use std::fs::{self, File, FileType};
use std::io::{self, Read, Write};
use std::path::Path;

use crate::StoreError;

/// More than any document that is read as a whole holds, bytes: a run of 100,000 benchmarks takes less.
pub const LARGEST: u64 = 1 << 30;

/// Opens what is a file to read it. A pipe would be waited for until somebody writes to it, and a device may have no end.
///
/// # Errors
/// When it is no file, or cannot be opened.
pub fn open_file(path: &Path) -> io::Result<File> {
    match fs::metadata(path)?.is_file() {
        true => File::open(path),
        false => Err(no_file()),
    }
}

/// Reads a file that holds at most `largest` bytes.
///
/// # Errors
/// When it is no file, holds more, or cannot be read.
pub fn read_file(path: &Path, largest: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    open_file(path)?.take(largest + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > largest {
        let mib = largest >> 20;
        return Err(io::Error::other(format!("it holds more than {mib} MiB")));
    }
    Ok(bytes)
}

pub(crate) fn no_file() -> io::Error {
    io::Error::other("it is no file")
}

/// Writes `bytes` to `path`, whose folder is made if need be. The old content stays until the new one is complete.
///
/// # Errors
/// When the folder cannot be made or the file cannot be written.
pub fn write_atomic(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    try_write(path, bytes).map_err(|error| StoreError::write(path, error))
}

/// Adds `text` to the summary of the running CI job: the file that GitHub Actions names in `GITHUB_STEP_SUMMARY`. Does
/// nothing elsewhere.
///
/// # Errors
/// When the file is named but cannot be written.
pub fn append_job_summary(text: &str) -> Result<(), StoreError> {
    match std::env::var_os("GITHUB_STEP_SUMMARY").filter(|path| !path.is_empty()) {
        Some(path) => append(Path::new(&path), text),
        None => Ok(()),
    }
}

/// The one file that is not ours: every step adds to it, so it is appended to in place.
fn append(path: &Path, text: &str) -> Result<(), StoreError> {
    let takes = || match fs::metadata(path) {
        Ok(there) if !takes_at_once(there.file_type()) => Err(no_file()),
        _ => File::options().append(true).create(true).open(path),
    };
    takes()
        .and_then(|mut file| file.write_all(format!("{text}\n").as_bytes()))
        .map_err(|error| StoreError::summary(path, error))
}

/// Whether text can be added without a wait for somebody to read it, as a pipe would ask for.
fn takes_at_once(kind: FileType) -> bool {
    #[cfg(unix)]
    let is_device = std::os::unix::fs::FileTypeExt::is_char_device(&kind);
    #[cfg(not(unix))]
    let is_device = false;
    kind.is_file() || is_device
}

fn try_write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path
        .parent()
        .ok_or_else(|| io::Error::other("it has no folder"))?;
    fs::create_dir_all(folder)?;
    let name = path
        .file_name()
        .ok_or_else(|| io::Error::other("it has no name"))?;
    // The process number keeps two writers apart.
    let beside = folder.join(format!(
        ".{}.{}.part",
        name.to_string_lossy(),
        std::process::id()
    ));
    let written = write_new(&beside, bytes).and_then(|()| fs::rename(&beside, path));
    if written.is_err() {
        // What is left of a failed write is of no use; the first error is the one to report.
        let _ = fs::remove_file(&beside);
    }
    written
}

fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    // A link planted under this name must not be written through.
    if fs::symlink_metadata(path).is_ok() {
        fs::remove_file(path)?;
    }
    let mut file = File::options().write(true).create_new(true).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replaces_whole_files_and_leaves_nothing_beside() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("deep/er/file.txt");
        write_atomic(&path, b"one").expect("first write");
        write_atomic(&path, b"two").expect("second write");
        assert_eq!(fs::read(&path).expect("readable"), b"two");
        assert_eq!(
            fs::read_dir(path.parent().expect("a folder"))
                .expect("listable")
                .count(),
            1
        );
    }

    #[test]
    fn only_files_are_read_and_no_more_of_them_than_asked_for() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("a");
        fs::write(&path, b"four").expect("writable");
        assert_eq!(read_file(&path, 4).expect("readable"), b"four");
        assert!(read_file(&path, 3).is_err());
        assert!(open_file(folder.path()).is_err());
        #[cfg(unix)]
        assert!(read_file(Path::new("/dev/zero"), 4).is_err());
    }

    #[test]
    #[cfg(unix)]
    fn the_summary_of_a_job_is_added_to_and_no_pipe_is_waited_for() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("summary");
        append(&path, "one").expect("a new file");
        append(&path, "two").expect("the same file");
        assert_eq!(fs::read(&path).expect("readable"), b"one\ntwo\n");
        append(Path::new("/dev/null"), "all").expect("it takes anything");
        let pipe = folder.path().join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        assert!(made.expect("mkfifo runs").success());
        let error = append(&pipe, "one").expect_err("nobody reads it");
        assert!(error.to_string().contains("GITHUB_STEP_SUMMARY"), "{error}");
    }

    #[test]
    fn a_file_where_a_folder_should_be_is_named() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let blocker = folder.path().join("runs");
        fs::write(&blocker, b"").expect("blocker");
        let error = write_atomic(&blocker.join("a.json"), b"x").expect_err("must fail");
        assert!(error.to_string().contains("a.json"), "{error}");
    }
}

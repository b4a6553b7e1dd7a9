//! Writing a file whole or not at all.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use crate::StoreError;

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
    let Some(path) = std::env::var_os("GITHUB_STEP_SUMMARY").filter(|path| !path.is_empty()) else {
        return Ok(());
    };
    let path = Path::new(&path);
    // The one file that is not ours: every step adds to it, so it is appended to in place.
    let open = File::options().append(true).create(true).open(path);
    open.and_then(|mut file| file.write_all(format!("{text}\n").as_bytes()))
        .map_err(|error| StoreError::write(path, error))
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
    fn a_file_where_a_folder_should_be_is_named() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let blocker = folder.path().join("runs");
        fs::write(&blocker, b"").expect("blocker");
        let error = write_atomic(&blocker.join("a.json"), b"x").expect_err("must fail");
        assert!(error.to_string().contains("a.json"), "{error}");
    }
}

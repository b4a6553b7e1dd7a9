//! Files of Git LFS: their content comes from this clone. git-lfs itself, which would download it, is not run.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use super::command::{answer, git, path, pieces};
use crate::exit::Failure;
use crate::screen::tell;

/// Leaves pointers where git-lfs would put what it downloads.
pub(super) const LEFT_OUT: [&str; 3] = [
    "filter.lfs.process=",
    "filter.lfs.smudge=",
    "filter.lfs.required=false",
];

/// No pointer is longer.
const LONGEST_POINTER: u64 = 1024;

/// Puts what the clone holds in place of the pointers of a worktree, and tells of those that are left. `git_folder` is that
/// of the repository.
///
/// # Errors
/// When git cannot be asked or a file not be copied.
pub(super) fn fill(folder: &Path, git_folder: &Path, title: &str) -> Result<(), Failure> {
    let files = answer(git(folder).args(["ls-files", "-z", ":(attr:filter=lfs)"]))?;
    let files = files.unwrap_or_default();
    let objects = objects(folder, git_folder)?;
    let mut left = Vec::new();
    for name in pieces(&files).map(path) {
        let file = folder.join(&name);
        let Some(object) = object_of(&file) else {
            continue;
        };
        let object = objects.join(&object[..2]).join(&object[2..4]).join(&object);
        if object.is_file() {
            copy(&object, &file).map_err(|error| {
                Failure::files(format!("could not write `{}`: {error}", file.display()))
            })?;
        } else {
            left.push(name);
        }
    }
    if let [first, ..] = left.as_slice() {
        tell(format_args!(
            "{title} has pointers of Git LFS in place of content, such as {first:?} ({} in all): it is not in this clone, and \
             nothing is fetched here\nhelp: where benchmarks need it, `git lfs fetch` with that revision gets it",
            left.len()
        ));
    }
    Ok(())
}

/// Where the clone keeps the contents.
fn objects(folder: &Path, git_folder: &Path) -> Result<PathBuf, Failure> {
    let named = answer(git(folder).args(["config", "-z", "lfs.storage"]))?;
    let named = named.as_deref().and_then(|named| pieces(named).next());
    Ok(git_folder
        .join(path(named.unwrap_or(b"lfs")))
        .join("objects"))
}

/// The name of the content that `file` is a pointer to; `None` where it is none.
fn object_of(file: &Path) -> Option<String> {
    let found = fs::symlink_metadata(file).ok()?;
    if !found.is_file() || found.len() > LONGEST_POINTER {
        return None;
    }
    let text = fs::read_to_string(file).ok()?;
    if !text.starts_with("version https://git-lfs.github.com/spec/") {
        return None;
    }
    let name = text
        .lines()
        .find_map(|line| line.strip_prefix("oid sha256:"))?;
    let is_hash = name.len() == 64 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hash.then(|| name.to_owned())
}

/// Into the file, which keeps its permissions.
fn copy(from: &Path, to: &Path) -> io::Result<u64> {
    io::copy(&mut File::open(from)?, &mut File::create(to)?)
}

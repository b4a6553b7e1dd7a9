//! Worktrees that a comparison has made, told from all others: only these are ever removed.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::process::Command;

use super::command::{complaint, line, path, start};
use crate::exit::Failure;
use crate::screen::tell;

/// The file, in git's own folder of a worktree, that says who has made it.
const MARK: &str = "made-by-scalebench-compare";

/// Paths are no longer than this.
const LONGEST_LINK: u64 = 64 * 1024;

/// A worktree of a comparison; removed when dropped.
#[derive(Debug)]
pub(super) struct Made(Place);

/// A worktree.
#[derive(Debug, PartialEq)]
struct Place {
    folder: PathBuf,
    /// Where git keeps what it knows of it.
    known: PathBuf,
}

impl Made {
    /// Makes a worktree of `commit`, without its files, at `folder`, where nothing lies. `git` is of its repository.
    ///
    /// # Errors
    /// When something lies there, or git cannot.
    pub(super) fn add(mut git: Command, commit: &str, folder: &Path) -> Result<Self, Failure> {
        if !is_free(folder) {
            return Err(Failure::files(format!(
                "`{}` is in the way: no comparison has made it, so it stays\nhelp: move it elsewhere",
                folder.display()
            )));
        }
        git.args(["worktree", "add", "--quiet", "--detach", "--no-checkout"])
            .arg(folder)
            .arg(commit);
        let added = start(&mut git);
        // An interrupt may come when it is there already.
        let made = Place::at(folder).map(Self::mark).transpose()?;
        let output = added?;
        made.filter(|_| output.status.success()).ok_or_else(|| {
            Failure::files(format!(
                "git could not make a worktree in `{}`: {}",
                folder.display(),
                complaint(&output)
            ))
        })
    }

    /// Marks what git has just made.
    fn mark(place: Place) -> Result<Self, Failure> {
        let mark = place.known.join(MARK);
        match fs::write(&mark, "It is removed when the comparison ends.\n") {
            Ok(()) => Ok(Self(place)),
            Err(error) => {
                place.remove();
                let mark = mark.display();
                Err(Failure::files(format!("could not write `{mark}`: {error}")))
            }
        }
    }
}

impl Drop for Made {
    fn drop(&mut self) {
        if self.0.is_ours() {
            self.0.remove();
        }
    }
}

impl Place {
    /// The worktree at `folder`, if there is one that git knows there.
    fn at(folder: &Path) -> Option<Self> {
        // What lies behind a link is not here.
        if !fs::symlink_metadata(folder).ok()?.is_dir() {
            return None;
        }
        let text = text_of(&folder.join(".git"))?;
        let known = folder.join(path(line(text.strip_prefix(b"gitdir: ")?)));
        let there = folder_of(&known)?;
        let is_here = there.canonicalize().ok()? == folder.canonicalize().ok()?;
        is_here.then(|| Self {
            folder: folder.to_owned(),
            known,
        })
    }

    /// Whether a comparison has made it, and it is still what lies there, if anything does.
    fn is_ours(&self) -> bool {
        let is_there = is_free(&self.folder) || Self::at(&self.folder).as_ref() == Some(self);
        let is_file = |mark: fs::Metadata| mark.is_file();
        is_there && fs::symlink_metadata(self.known.join(MARK)).is_ok_and(is_file)
    }

    fn remove(&self) {
        let removed = empty(&self.folder).and_then(|()| fs::remove_dir_all(&self.known));
        if let Err(error) = removed {
            let folder = self.folder.display();
            tell(format_args!("could not remove `{folder}`: {error}"));
        }
        // As git does with the last one.
        let _ = self.known.parent().map(fs::remove_dir);
    }
}

/// Removes what killed comparisons have left in the folder `worktrees`.
pub(super) fn sweep(worktrees: &Path) {
    for entry in fs::read_dir(worktrees).into_iter().flatten().flatten() {
        drop(Place::at(&entry.path()).map(Made));
    }
}

/// Lets the repository whose folder `git` is forget what a comparison has made in the folder `worktrees` and is gone.
pub(super) fn forget(git: &Path, worktrees: &Path) {
    let Ok(worktrees) = worktrees.canonicalize() else {
        return;
    };
    let known = fs::read_dir(git.join("worktrees")).into_iter().flatten();
    for known in known.flatten().map(|entry| entry.path()) {
        let Some(folder) = folder_of(&known) else {
            continue;
        };
        if folder.starts_with(&worktrees) && is_free(&folder) {
            drop(Made(Place { folder, known }));
        }
    }
}

/// The folder of the worktree that git knows in `known`.
fn folder_of(known: &Path) -> Option<PathBuf> {
    let link = text_of(&known.join("gitdir"))?;
    known.join(path(line(&link))).parent().map(Path::to_owned)
}

/// What one of git's small files says. Anything may lie there in its place, such as a pipe that nobody writes to.
fn text_of(file: &Path) -> Option<Vec<u8>> {
    if !fs::symlink_metadata(file).ok()?.is_file() {
        return None;
    }
    let mut text = Vec::new();
    let file = File::open(file).ok()?;
    file.take(LONGEST_LINK).read_to_end(&mut text).ok()?;
    Some(text)
}

/// Whether nothing lies at `folder`, or an empty folder.
fn is_free(folder: &Path) -> bool {
    match fs::symlink_metadata(folder) {
        Ok(found) => {
            found.is_dir() && fs::read_dir(folder).is_ok_and(|mut all| all.next().is_none())
        }
        Err(error) => error.kind() == ErrorKind::NotFound,
    }
}

/// Removes a worktree, and last what says whose it is: when that is cut short, the next comparison still knows it.
fn empty(folder: &Path) -> io::Result<()> {
    if is_free(folder) {
        return Ok(());
    }
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name() == ".git" {
            continue;
        }
        match entry.file_type()?.is_dir() {
            true => fs::remove_dir_all(entry.path())?,
            false => fs::remove_file(entry.path())?,
        }
    }
    fs::remove_file(folder.join(".git"))?;
    fs::remove_dir(folder)
}

//! The repository: revisions, and worktrees that are gone afterwards.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::exit::Failure;
use crate::screen::tell;

/// The git repository around the current folder.
#[derive(Debug)]
pub(super) struct Repository {
    /// Its root.
    top: PathBuf,
    /// The way from the root to the current folder.
    here: PathBuf,
}

/// A commit, and what the user calls it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Revision {
    pub(super) name: String,
    pub(super) commit: String,
}

/// Digits of a commit that a reader gets to see.
const SHORT: usize = 9;

impl Revision {
    /// The commit as readers know it.
    pub(super) fn short(&self) -> &str {
        self.commit.get(..SHORT).unwrap_or(&self.commit)
    }

    /// What it is called in the report.
    pub(super) fn title(&self) -> String {
        if self.commit.starts_with(&self.name) {
            self.short().to_owned()
        } else {
            format!("{} ({})", self.name, self.short())
        }
    }
}

impl Repository {
    /// Finds it.
    ///
    /// # Errors
    /// When there is no git, or no repository around the current folder.
    pub(super) fn around_here() -> Result<Self, Failure> {
        let output =
            start(git(Path::new(".")).args(["rev-parse", "--show-toplevel", "--show-prefix"]))?;
        if !output.status.success() {
            return Err(Failure::usage(format!(
                "comparing revisions needs a git repository around the current folder ({}); \
                 stored runs can be compared without: cargo scalebench compare OLD.json NEW.json",
                complaint(&output)
            )));
        }
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let mut lines = text.lines();
        let mut path = || PathBuf::from(lines.next().unwrap_or_default());
        Ok(Self {
            top: path(),
            here: path(),
        })
    }

    /// The commit that `name` stands for.
    ///
    /// # Errors
    /// When git knows none.
    pub(super) fn resolve(&self, name: &str) -> Result<Revision, Failure> {
        let commit = format!("{name}^{{commit}}");
        let arguments = [
            "rev-parse",
            "--verify",
            "--quiet",
            "--end-of-options",
            &commit,
        ];
        match self.ask(&arguments)? {
            Some(commit) => Ok(Revision {
                name: name.to_owned(),
                commit,
            }),
            None => Err(Failure::usage(self.unknown(name)?)),
        }
    }

    fn unknown(&self, name: &str) -> Result<String, Failure> {
        let shallow = self.ask(&["rev-parse", "--is-shallow-repository"])?;
        let hint = match shallow.as_deref() {
            Some("true") => " (this clone is shallow: `git fetch --unshallow` gets the rest)",
            _ => "",
        };
        Ok(format!("git knows no revision `{name}`{hint}"))
    }

    /// Whether `revision` is what the working tree holds, without a change.
    pub(super) fn is_here(&self, revision: &Revision) -> Result<bool, Failure> {
        let head = self.ask(&["rev-parse", "HEAD"])?;
        let changes = self.ask(&["status", "--porcelain"])?;
        Ok(head.as_ref() == Some(&revision.commit) && changes.as_deref() == Some(""))
    }

    /// What git answers in one line; `None` when it does not succeed.
    fn ask(&self, arguments: &[&str]) -> Result<Option<String>, Failure> {
        let output = start(git(&self.top).args(arguments))?;
        let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        Ok(output.status.success().then_some(text))
    }

    /// Removes whatever lies in `folder`, which is one of ours.
    pub(super) fn remove_worktrees_in(&self, folder: &Path) {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            // Removed when dropped.
            drop(Worktree {
                repository: self,
                folder: entry.path(),
            });
        }
    }

    /// Checks `revision` out into `folder`, whatever a killed process has left there.
    ///
    /// # Errors
    /// When git cannot.
    pub(super) fn check_out(
        &self,
        revision: &Revision,
        folder: PathBuf,
    ) -> Result<Worktree<'_>, Failure> {
        let worktree = Worktree {
            repository: self,
            folder,
        };
        worktree.remove();
        let mut add = git(&self.top);
        add.args(["worktree", "add", "--quiet", "--detach", "--force"])
            .arg(&worktree.folder)
            .arg(&revision.commit);
        let output = start(&mut add)?;
        if !output.status.success() {
            return Err(Failure::files(format!(
                "git could not check out `{}` in `{}`: {}",
                revision.name,
                worktree.folder.display(),
                complaint(&output)
            )));
        }
        if worktree.folder.join(".gitmodules").exists() {
            worktree.fetch_submodules()?;
        }
        Ok(worktree)
    }
}

/// A revision's sources; removed when dropped.
#[derive(Debug)]
pub(super) struct Worktree<'a> {
    repository: &'a Repository,
    folder: PathBuf,
}

impl Worktree<'_> {
    /// The folder in it that the current folder is in the working tree.
    pub(super) fn here(&self) -> PathBuf {
        self.folder.join(&self.repository.here)
    }

    /// Puts `file` of the working tree into the same place where the revision has none.
    ///
    /// # Errors
    /// When it cannot be copied.
    pub(super) fn lend(&self, file: &Path) -> Result<(), Failure> {
        let Ok(within) = file.strip_prefix(&self.repository.top) else {
            return Ok(());
        };
        let place = self.folder.join(within);
        let has_room = place.parent().is_some_and(Path::is_dir);
        if place.exists() || !has_room || !file.exists() {
            return Ok(());
        }
        fs::copy(file, &place).map(drop).map_err(|error| {
            Failure::files(format!("could not write `{}`: {error}", place.display()))
        })
    }

    /// cargo also reads the settings of the folders around a project. Where the worktree lies in the working tree, its
    /// settings reach the revision, too.
    pub(super) fn warn_of_settings_from_outside(&self, title: &str) {
        let top = &self.repository.top;
        let within = self.folder.starts_with(top);
        let read = |folder: &Path| fs::read(folder.join(".cargo/config.toml")).ok();
        let (around, own) = (read(top), read(&self.folder));
        if within && around.is_some() && around != own {
            tell(format_args!(
                "`.cargo/config.toml` of the working tree also acts on {title}; a folder elsewhere in \
                 SCALEBENCH_HOME keeps them apart"
            ));
        }
    }

    fn fetch_submodules(&self) -> Result<(), Failure> {
        let arguments = ["submodule", "--quiet", "update", "--init", "--recursive"];
        let output = start(git(&self.folder).args(arguments))?;
        if !output.status.success() {
            // Perhaps nothing of them is needed; if it is, the build will say so.
            tell(format_args!(
                "the submodules could not be fetched: {}",
                complaint(&output)
            ));
        }
        Ok(())
    }

    fn remove(&self) {
        let mut remove = git(&self.repository.top);
        remove.args(["worktree", "remove", "--force", "--force"]);
        let removed = start(remove.arg(&self.folder));
        if removed.is_ok_and(|output| output.status.success()) || !self.folder.exists() {
            return;
        }
        // What git does not know, or half knows. The folder is ours: it lies in ours.
        let _ = fs::remove_dir_all(&self.folder);
        let _ = start(git(&self.repository.top).args(["worktree", "prune"]));
    }
}

impl Drop for Worktree<'_> {
    fn drop(&mut self) {
        self.remove();
    }
}

/// Whether both names are revisions of the repository around the current folder.
pub(super) fn knows_both(one: &str, other: &str) -> bool {
    Repository::around_here().is_ok_and(|repository| {
        [one, other]
            .iter()
            .all(|name| repository.resolve(name).is_ok())
    })
}

/// git in `folder`: without what a surrounding hook says about another one, without running hooks, and without
/// refreshing the user's index on the way.
fn git(folder: &Path) -> Command {
    let mut command = Command::new("git");
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"] {
        command.env_remove(name);
    }
    command
        .current_dir(folder)
        .args(["--no-optional-locks", "-c", "core.hooksPath=/dev/null"])
        .stdin(Stdio::null());
    command
}

fn start(command: &mut Command) -> Result<Output, Failure> {
    command.output().map_err(|error| {
        Failure::usage(format!(
            "comparing revisions needs git, which did not start: {error}"
        ))
    })
}

fn complaint(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    text.lines()
        .last()
        .unwrap_or("git gave no reason")
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_commit_is_not_named_twice() {
        let commit = "0123456789abcdef".to_owned();
        let title = |name: &str| {
            let (name, commit) = (name.to_owned(), commit.clone());
            Revision { name, commit }.title()
        };
        assert_eq!(title("main"), "main (012345678)");
        assert_eq!(title("01234"), "012345678");
    }
}

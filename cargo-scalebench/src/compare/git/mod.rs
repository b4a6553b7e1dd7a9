//! The repository: revisions, and worktrees that are gone afterwards.

mod command;
mod contents;
mod lfs;
mod made;
mod submodules;
#[cfg(test)]
mod tests;
mod worktree;

use std::path::{Path, PathBuf};

use crate::exit::Failure;
use command::{answer, complaint, git, line, path, start};
pub(super) use worktree::Worktree;

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
        Self::around(Path::new("."))
    }

    fn around(folder: &Path) -> Result<Self, Failure> {
        // One at a time: a path may hold line breaks.
        let ask = |what: &str| -> Result<PathBuf, Failure> {
            let output = start(git(folder).args(["rev-parse", what]))?;
            match output.status.success() {
                true => Ok(path(line(&output.stdout))),
                false => Err(Failure::usage(format!(
                    "comparing revisions needs a git repository around the current folder; git says: {}\n\
                     help: stored runs can be compared without: cargo scalebench compare OLD.json NEW.json",
                    complaint(&output)
                ))),
            }
        };
        Ok(Self {
            top: ask("--show-toplevel")?,
            here: ask("--show-prefix")?,
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
        let answer = answer(git(&self.top).args(arguments))?;
        Ok(answer.map(|answer| String::from_utf8_lossy(&answer).trim().to_owned()))
    }

    /// git's own folders of it: that of this working tree, and that of all.
    fn git_folders(&self) -> Result<[PathBuf; 2], Failure> {
        let ask = |what: &str| -> Result<PathBuf, Failure> {
            let answer = answer(git(&self.top).args(["rev-parse", what]))?;
            // Relative to where it was asked.
            Ok(self.top.join(path(line(&answer.unwrap_or_default()))))
        };
        Ok([ask("--git-dir")?, ask("--git-common-dir")?])
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

//! A revision's sources.

use std::fs;
use std::path::{Path, PathBuf};

use super::command::git;
use super::contents;
use super::made::{self, Made};
use super::submodules::{Filling, Parent};
use super::{Repository, Revision};
use crate::exit::Failure;
use crate::screen::tell;

/// A revision's sources; removed when dropped.
#[derive(Debug)]
pub(in crate::compare) struct Worktree<'a> {
    repository: &'a Repository,
    folder: PathBuf,
    /// Its own worktree and those of its submodules.
    _made: Vec<Made>,
}

impl Repository {
    /// Removes what killed comparisons have left in the folder `worktrees`.
    ///
    /// # Errors
    /// When git cannot be asked.
    pub(in crate::compare) fn sweep(&self, worktrees: &Path) -> Result<(), Failure> {
        made::sweep(worktrees);
        let [_, git_folder] = self.git_folders()?;
        made::forget(&git_folder, worktrees);
        Ok(())
    }

    /// Checks `revision` out into the folder `name` of `worktrees`.
    ///
    /// # Errors
    /// When something else lies there, a submodule is not complete, or git cannot.
    pub(in crate::compare) fn check_out(
        &self,
        revision: &Revision,
        worktrees: &Path,
        name: &str,
    ) -> Result<Worktree<'_>, Failure> {
        let title = &revision.title();
        let git_folders = self.git_folders()?;
        let folder = worktrees.join(name);
        let mut made = vec![Made::add(git(&self.top), &revision.commit, &folder)?];
        contents::fill(&folder, &git_folders[1], title)?;
        let parent = Parent {
            git_folders: git_folders.into(),
            tree: self.top.clone(),
            within: PathBuf::new(),
        };
        Filling { title, worktrees }.fill(&parent, &folder, &mut made)?;
        Ok(Worktree {
            repository: self,
            folder,
            _made: made,
        })
    }
}

impl Worktree<'_> {
    /// Its root.
    pub(in crate::compare) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The folder in it that the current folder is in the working tree.
    pub(in crate::compare) fn here(&self) -> PathBuf {
        self.folder.join(&self.repository.here)
    }

    /// Puts `file` of the working tree into the same place where the revision has none.
    ///
    /// # Errors
    /// When it cannot be copied.
    pub(in crate::compare) fn lend(&self, file: &Path) -> Result<(), Failure> {
        let Ok(within) = file.strip_prefix(&self.repository.top) else {
            return Ok(());
        };
        let place = self.folder.join(within);
        // Also a link that leads to nothing is there, and a folder of the revision may be a link to anywhere.
        if fs::symlink_metadata(&place).is_ok() || !self.holds_folder_of(&place) || !file.exists() {
            return Ok(());
        }
        fs::copy(file, &place).map(drop).map_err(|error| {
            Failure::files(format!("could not write `{}`: {error}", place.display()))
        })
    }

    fn holds_folder_of(&self, place: &Path) -> bool {
        let folder = place.parent().map(Path::canonicalize);
        match (folder, self.folder.canonicalize()) {
            (Some(Ok(folder)), Ok(own)) => folder.is_dir() && folder.starts_with(own),
            _ => false,
        }
    }

    /// cargo also reads the settings of the folders around a project. Where the worktree lies in the working tree, its
    /// settings reach the revision, too.
    pub(in crate::compare) fn warn_of_settings_from_outside(&self, title: &str) {
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
}

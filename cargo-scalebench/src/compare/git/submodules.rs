//! Submodules of a worktree. They come from their clones within this clone; nothing is fetched.

use std::path::{Component, Path, PathBuf};
use std::process::Command;

use super::command::{answer, git, path, pieces};
use super::contents;
use super::made::{self, Made};
use crate::exit::Failure;
use crate::screen::tell;

/// A repository, as far as its submodules are concerned.
pub(super) struct Parent {
    /// git's own folders of it.
    pub(super) git_folders: Vec<PathBuf>,
    /// Its working tree: that of the user.
    pub(super) tree: PathBuf,
    /// The way to it from the outermost one.
    pub(super) within: PathBuf,
}

/// What all submodules of a revision have in common.
pub(super) struct Filling<'a> {
    /// The revision, to the reader.
    pub(super) title: &'a str,
    /// The folder of all worktrees.
    pub(super) worktrees: &'a Path,
}

/// A submodule that a revision has.
struct Submodule {
    /// Where it lies in its parent.
    path: PathBuf,
    name: PathBuf,
    commit: String,
}

impl Filling<'_> {
    /// Makes the submodules of the worktree in `folder`, and theirs, and adds them to `made`.
    ///
    /// # Errors
    /// When the clone of a submodule lacks the commit, or git cannot.
    pub(super) fn fill(
        &self,
        parent: &Parent,
        folder: &Path,
        made: &mut Vec<Made>,
    ) -> Result<(), Failure> {
        for submodule in submodules(folder)? {
            let place = folder.join(&submodule.path);
            // A sparse checkout leaves some out.
            if !place.is_dir() {
                continue;
            }
            let shown = parent.within.join(&submodule.path);
            let Some(clone) = parent.clone_of(&submodule) else {
                let title = self.title;
                tell(format_args!(
                    "the submodule {shown:?} of {title} is empty: it is not in this clone, and nothing is fetched here\n\
                     help: if it is needed, `git submodule update --init --recursive`"
                ));
                continue;
            };
            self.check_commit(&clone, &submodule.commit, &shown)?;
            made::forget(&clone, self.worktrees);
            made.push(Made::add(git_of(&clone), &submodule.commit, &place)?);
            contents::fill(&place, &clone, self.title)?;
            let parent = Parent {
                git_folders: vec![clone],
                tree: parent.tree.join(&submodule.path),
                within: shown,
            };
            self.fill(&parent, &place, made)?;
        }
        Ok(())
    }

    /// To measure without it would be to measure something else, as the working tree has it.
    fn check_commit(&self, clone: &Path, commit: &str, shown: &Path) -> Result<(), Failure> {
        let object = format!("{commit}^{{commit}}");
        match answer(git_of(clone).args(["cat-file", "-e", &object]))? {
            Some(_) => Ok(()),
            None => Err(Failure::usage(format!(
                "{} needs the commit {commit} of the submodule {shown:?}, which is not in this clone, and nothing is \
                 fetched here\nhelp: `git fetch origin {commit}` in the submodule gets it",
                self.title
            ))),
        }
    }
}

impl Parent {
    /// The clone of a submodule: where git puts it, or, as before git 1.7.8, in the working tree.
    fn clone_of(&self, submodule: &Submodule) -> Option<PathBuf> {
        let modules = self.git_folders.iter().map(|git| git.join("modules"));
        let mut places = modules.map(|modules| modules.join(&submodule.name));
        let old = self.tree.join(&submodule.path).join(".git");
        places
            .find(|place| place.join("HEAD").is_file())
            .or_else(|| old.is_dir().then_some(old))
    }
}

/// git in the clone of a submodule, whatever is or was its working tree.
fn git_of(clone: &Path) -> Command {
    let mut command = git(clone);
    command.env("GIT_DIR", clone).env("GIT_WORK_TREE", clone);
    command
}

/// The submodules of the worktree in `folder`.
fn submodules(folder: &Path) -> Result<Vec<Submodule>, Failure> {
    let files = answer(git(folder).args(["ls-files", "-z", "--stage"]))?.unwrap_or_default();
    let links: Vec<(String, PathBuf)> = pieces(&files).filter_map(link).collect();
    if links.is_empty() {
        return Ok(Vec::new());
    }
    let settings = [
        "config",
        "-z",
        "--blob=HEAD:.gitmodules",
        "--get-regexp",
        r"^submodule\..*\.path$",
    ];
    let settings = answer(git(folder).args(settings))?.unwrap_or_default();
    let names: Vec<(PathBuf, PathBuf)> = pieces(&settings).filter_map(name).collect();
    let submodules = links.into_iter().filter_map(|(commit, path)| {
        // What has no name is a repository that was added by mistake: git does nothing with it, either.
        let (_, name) = names.iter().find(|(known, _)| *known == path)?;
        Some(Submodule {
            path,
            name: name.clone(),
            commit,
        })
    });
    Ok(submodules.collect())
}

/// Commit and path of a submodule in the index.
fn link(piece: &[u8]) -> Option<(String, PathBuf)> {
    let entry = piece.strip_prefix(b"160000 ")?;
    let tab = entry.iter().position(|&byte| byte == b'\t')?;
    let commit = std::str::from_utf8(&entry[..tab]).ok()?.split(' ').next()?;
    Some((commit.to_owned(), path(&entry[tab + 1..])))
}

/// Path and name of a submodule in `.gitmodules`, whose author may have chosen a name that leads elsewhere.
pub(super) fn name(piece: &[u8]) -> Option<(PathBuf, PathBuf)> {
    let line = piece.iter().position(|&byte| byte == b'\n')?;
    let name = piece[..line]
        .strip_prefix(b"submodule.")?
        .strip_suffix(b".path")?;
    let name = path(name);
    let stays = |part: Component<'_>| matches!(part, Component::Normal(_));
    name.components()
        .all(stays)
        .then(|| (path(&piece[line + 1..]), name))
}

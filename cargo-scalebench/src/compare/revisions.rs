//! `compare REV [REV]`: builds two revisions and measures them side by side.

use std::fs;
use std::path::{Path, PathBuf};

use scalebench_model::build;
use scalebench_model::report::Report;
use scalebench_store::{Home, Lock};

use super::binaries::{self, BenchBinary};
use super::child;
use super::git::{Repository, Revision, Worktree};
use super::options::Options;
use super::show;
use super::side_by_side::{Setting, session};
use crate::exit::Failure;
use crate::gate;
use crate::screen::tell;
use crate::target;

/// Compares revisions.
///
/// # Errors
/// Whatever the command's exit codes tell apart.
pub(super) fn run(options: &Options) -> Result<(), Failure> {
    let repository = Repository::around_here()?;
    let old = repository.resolve(&options.old)?;
    let new = match &options.new {
        Some(name) => Some(repository.resolve(name)?),
        None => None,
    };
    if new.as_ref().is_some_and(|new| new.commit == old.commit)
        || (new.is_none() && repository.is_here(&old)?)
    {
        say("both sides are the same code, so what differs is chance");
    }
    // While it waits for another comparison there is nothing to clean up: an interrupt may end it.
    let workshop = Workshop::open()?;
    child::watch()?;
    // What a killed comparison has left.
    repository.remove_worktrees_in(&workshop.folder.join(WORKTREES));
    let sides = workshop.build_both(&repository, &old, new.as_ref(), options)?;
    let setting = Setting {
        home: &workshop.home,
        session: session("compare"),
        flags: &options.flags,
    };
    let ended = measure(&sides, &old, &setting);
    conclude(ended, &setting, options)
}

fn say(text: &str) {
    tell(text);
}

/// The folder of the worktrees, within the workshop's.
const WORKTREES: &str = "worktrees";

/// Where the work is done: sources, programs and what cargo makes on the way.
struct Workshop {
    home: Home,
    folder: PathBuf,
    /// Two comparisons at once would build in one another's folders.
    _lock: Lock,
}

/// Both sides, built. The sources of a side may be read while it is measured, so they stay until then.
struct Sides<'a> {
    pairs: Vec<(BenchBinary, BenchBinary)>,
    _sources: Vec<Worktree<'a>>,
}

impl Workshop {
    fn open() -> Result<Self, Failure> {
        let home = target::home()?;
        let folder = std::path::absolute(home.folder()).map_err(|error| {
            Failure::files(format!(
                "could not find `{}`: {error}",
                home.folder().display()
            ))
        })?;
        let home = Home::at(folder);
        let folder = home.folder().join("compare");
        let lock = Home::at(&folder)
            .lock(|holder| say(&format!("waiting for another comparison to end ({holder})")))?;
        Ok(Self {
            home,
            folder,
            _lock: lock,
        })
    }

    fn build_both<'a>(
        &self,
        repository: &'a Repository,
        old: &Revision,
        new: Option<&Revision>,
        options: &Options,
    ) -> Result<Sides<'a>, Failure> {
        let mut sources = Vec::new();
        // The working tree first: if it does not build, that is soon said.
        let new_binaries = match new {
            None => {
                say("building the working tree");
                let here = Path::new(".");
                binaries::build("the working tree", here, &options.selection, None)?
            }
            Some(new) => {
                let (binaries, source) = self.build("new", repository, new, options)?;
                sources.push(source);
                binaries
            }
        };
        let (old_binaries, source) = self.build("old", repository, old, options)?;
        sources.push(source);
        let new_title = new.map_or("the working tree".to_owned(), Revision::title);
        Ok(Sides {
            pairs: pair(old_binaries, &old.title(), new_binaries, &new_title)?,
            _sources: sources,
        })
    }

    /// Builds one revision in a worktree of its own. All revisions share a target folder, which keeps the dependencies.
    fn build<'a>(
        &self,
        side: &str,
        repository: &'a Repository,
        revision: &Revision,
        options: &Options,
    ) -> Result<(Vec<BenchBinary>, Worktree<'a>), Failure> {
        let title = revision.title();
        say(&format!("building {title}"));
        let folder = self
            .folder
            .join(WORKTREES)
            .join(format!("{side}-{}", revision.short()));
        let source = repository.check_out(revision, folder.clone())?;
        let here = source.here();
        check_is_own_project(&here, &folder, &title)?;
        // The same versions of the dependencies on both sides, where the repository does not say which.
        let metadata = target::metadata(Path::new("."))?;
        source.lend(&target::path(&metadata, "workspace_root")?.join("Cargo.lock"))?;
        source.warn_of_settings_from_outside(&title);
        let into = self.folder.join("target");
        let mut built = binaries::build(&title, &here, &options.selection, Some(&into))?;
        let keep = self.folder.join("programs").join(side);
        for binary in &mut built {
            binary.keep_in(&keep)?;
        }
        Ok((built, source))
    }
}

impl Drop for Workshop {
    fn drop(&mut self) {
        // Only what cargo made stays; it saves the next comparison from building all dependencies again.
        let _ = fs::remove_dir_all(self.folder.join("programs"));
        let _ = fs::remove_dir(self.folder.join(WORKTREES));
    }
}

/// Cargo looks for a project, and for its workspace, further and further up, and would find the working tree around ours.
fn check_is_own_project(here: &Path, folder: &Path, title: &str) -> Result<(), Failure> {
    let missing = format!("{title} has no cargo project where the current folder is");
    if !here.is_dir() {
        return Err(Failure::usage(missing));
    }
    let metadata = target::metadata(here).map_err(|failure| {
        Failure::usage(format!(
            "{title} cannot be built by itself: {failure}. If that is because it is checked out within the working tree, a \
             folder elsewhere in SCALEBENCH_HOME helps"
        ))
    })?;
    let root = target::path(&metadata, "workspace_root")?;
    let whole = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    match whole(&root).starts_with(whole(folder)) {
        true => Ok(()),
        false => Err(Failure::usage(missing)),
    }
}

/// Matches the bench targets of both sides by package and name; says what is on one side only.
fn pair(
    old: Vec<BenchBinary>,
    old_title: &str,
    new: Vec<BenchBinary>,
    new_title: &str,
) -> Result<Vec<(BenchBinary, BenchBinary)>, Failure> {
    let same = |a: &BenchBinary, b: &BenchBinary| a.package == b.package && a.target == b.target;
    let only = |binary: &BenchBinary, title: &str| {
        let (package, target) = (&binary.package, &binary.target);
        say(&format!(
            "the bench target `{target}` of {package} is in {title} only"
        ));
    };
    for gone in old
        .iter()
        .filter(|old| !new.iter().any(|new| same(old, new)))
    {
        only(gone, old_title);
    }
    let mut pairs = Vec::new();
    for new in new {
        let Some(old) = old.iter().find(|old| same(old, &new)) else {
            only(&new, new_title);
            continue;
        };
        let ids = old.ids()?;
        if new.ids()?.iter().any(|id| ids.contains(id)) {
            pairs.push((old.clone(), new));
        } else {
            let target = &new.target;
            say(&format!(
                "`{target}` has no benchmark that is in both revisions"
            ));
        }
    }
    if pairs.is_empty() {
        return Err(Failure::usage(format!(
            "{old_title} and {new_title} have no benchmark in common (benchmarks are matched by their ids; \
             `cargo bench -- --list` prints them)"
        )));
    }
    Ok(pairs)
}

/// Lets one program after the other measure itself beside its older self.
fn measure(sides: &Sides<'_>, old: &Revision, setting: &Setting<'_>) -> Result<(), Failure> {
    let mut broken = None;
    let count = sides.pairs.len();
    for (place, (old_binary, new)) in sides.pairs.iter().enumerate() {
        if child::interrupted() {
            return Err(Failure::Interrupted);
        }
        let target = &new.target;
        say(&format!("measuring `{target}` ({} of {count})", place + 1));
        match setting.measure(new, &old_binary.path, &old.title()) {
            // The others are worth measuring all the same.
            Err(failure @ Failure::Broken(_)) => broken = Some(failure),
            other => other?,
        }
    }
    broken.map_or(Ok(()), Err)
}

/// Shows what was measured, however the measuring ended, and judges it.
fn conclude(
    ended: Result<(), Failure>,
    setting: &Setting<'_>,
    options: &Options,
) -> Result<(), Failure> {
    let home = setting.home;
    let found = home.session_runs(&setting.session)?;
    for problem in &found.problems {
        say(&problem.to_string());
    }
    if found.runs.is_empty() {
        ended?;
        return Err(Failure::usage("nothing was measured"));
    }
    let report: Report = build::session(&found.runs);
    show::show(&report, &options.output, Some(home))?;
    ended?;
    gate::judge(&report, options.gate.as_ref(), options.strict, |id| {
        let new = options
            .new
            .as_ref()
            .map_or(String::new(), |new| format!(" {new}"));
        format!(
            "cargo scalebench compare {}{new} -- --exact '{id}' --ci",
            options.old
        )
    })
}

//! `compare REV [REV]`: builds two revisions and measures them side by side.

use std::fs;
use std::path::{Path, PathBuf};

use scalebench_model::build;
use scalebench_model::report::Report;
use scalebench_store::{Home, Lock};
use serde_json::Value;

use super::binaries::{self, BenchBinary};
use super::git::{Repository, Revision, Worktree};
use super::options::Options;
use super::programs::{NEW, OLD, Programs};
use super::selection::{NO_BENCHMARKS, Selection};
use super::show;
use super::side_by_side::{Setting, session};
use crate::child;
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
    let workshop = Workshop::open()?;
    // What a killed comparison has left.
    repository.sweep(&workshop.worktrees)?;
    let programs = Programs::new(&workshop.home)?;
    let sides = workshop.build_both(&repository, &programs, &old, new.as_ref(), options)?;
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

/// Where the work is done: sources, and what cargo makes on the way.
struct Workshop {
    home: Home,
    /// Where cargo builds the revisions.
    target: PathBuf,
    /// The folder of the worktrees.
    worktrees: PathBuf,
    /// Two comparisons at once would build in one another's folders.
    _lock: Lock,
}

/// Both sides, built. The sources of a side may be read while it is measured, so they stay until then.
struct Sides<'a> {
    pairs: Vec<(BenchBinary, BenchBinary)>,
    _sources: [Option<Worktree<'a>>; 2],
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
        let folder = home.make_folder("compare")?;
        let waiting =
            |holder: &str| say(&format!("waiting for another comparison to end ({holder})"));
        let lock = child::idle(|| Home::at(&folder).lock(waiting))?;
        Ok(Self {
            worktrees: home.make_folder("compare/worktrees")?,
            target: folder.join("target"),
            home,
            _lock: lock,
        })
    }

    fn build_both<'a>(
        &self,
        repository: &'a Repository,
        programs: &Programs<'_>,
        old: &Revision,
        new: Option<&Revision>,
        options: &Options,
    ) -> Result<Sides<'a>, Failure> {
        let selection = &options.selection;
        // What the older one lacks is said before anything is built.
        let old_source = self.check_out(OLD, repository, old, selection)?;
        let build_old = || self.build(OLD, old, &old_source, programs, selection);
        let (old_binaries, new_binaries, new_source) = match new {
            // If the working tree does not build, that is soon said.
            None => {
                let new_binaries = build_here(selection)?;
                (build_old()?, new_binaries, None)
            }
            // Cargo tells two revisions in one target folder apart by the time of their files alone: the ones of the new
            // revision must be younger than what was built of the old one.
            Some(new) => {
                let old_binaries = build_old()?;
                let source = self.check_out(NEW, repository, new, selection)?;
                let new_binaries = self.build(NEW, new, &source, programs, selection)?;
                (old_binaries, new_binaries, Some(source))
            }
        };
        let new_title = new.map_or(WORKING_TREE.to_owned(), Revision::title);
        Ok(Sides {
            pairs: pair(old_binaries, &old.title(), new_binaries, &new_title)?,
            _sources: [Some(old_source), new_source],
        })
    }

    /// Checks one revision out into a worktree of its own.
    fn check_out<'a>(
        &self,
        side: &str,
        repository: &'a Repository,
        revision: &Revision,
        selection: &Selection,
    ) -> Result<Worktree<'a>, Failure> {
        let title = revision.title();
        let name = format!("{side}-{}", revision.short());
        let source = repository.check_out(revision, &self.worktrees, &name)?;
        let metadata = own_project(&source, &title)?;
        has_selected(&revision.name, &metadata, selection)?;
        // The same versions of the dependencies on both sides, where the repository does not say which.
        let metadata = target::metadata(Path::new("."))?;
        source.lend(&target::path(&metadata, "workspace_root")?.join("Cargo.lock"))?;
        source.warn_of_settings_from_outside(&title);
        Ok(source)
    }

    /// Builds one revision. All revisions share a target folder, which keeps the dependencies.
    fn build(
        &self,
        side: &str,
        revision: &Revision,
        source: &Worktree<'_>,
        programs: &Programs<'_>,
        selection: &Selection,
    ) -> Result<Vec<BenchBinary>, Failure> {
        let title = revision.title();
        say(&format!("building {title}"));
        let built = binaries::build(&title, &source.here(), selection, Some(&self.target))?;
        let mut built = some(&revision.name, built)?;
        for binary in &mut built {
            programs.keep(side, binary)?;
        }
        Ok(built)
    }
}

impl Drop for Workshop {
    fn drop(&mut self) {
        // Only what cargo made stays; it saves the next comparison from building all dependencies again.
        let _ = fs::remove_dir(&self.worktrees);
    }
}

/// What the reader calls what lies in the current folder.
const WORKING_TREE: &str = "the working tree";

fn build_here(selection: &Selection) -> Result<Vec<BenchBinary>, Failure> {
    let here = Path::new(".");
    has_selected(WORKING_TREE, &target::metadata(here)?, selection)?;
    say("building the working tree");
    some(
        WORKING_TREE,
        binaries::build(WORKING_TREE, here, selection, None)?,
    )
}

/// Refuses a side that lacks what was selected.
fn has_selected(name: &str, metadata: &Value, selection: &Selection) -> Result<(), Failure> {
    let missing = selection.missing_in(metadata);
    missing.map_or(Ok(()), |missing| Err(lacks(name, &missing)))
}

/// Refuses a side of which no bench binary is ScaleBench's.
fn some(name: &str, built: Vec<BenchBinary>) -> Result<Vec<BenchBinary>, Failure> {
    match built.is_empty() {
        true => Err(lacks(name, NO_BENCHMARKS)),
        false => Ok(built),
    }
}

fn lacks(name: &str, missing: &str) -> Failure {
    Failure::usage(format!("{name} has {missing}: nothing to compare with"))
}

/// What cargo says of the project of a revision. Cargo looks for a project, and for its workspace, further and further up,
/// and would find the working tree around ours.
fn own_project(source: &Worktree<'_>, title: &str) -> Result<Value, Failure> {
    let here = source.here();
    let missing = format!("{title} has no cargo project where the current folder is");
    if !here.is_dir() {
        return Err(Failure::usage(missing));
    }
    let metadata = target::metadata(&here).map_err(|failure| match failure {
        Failure::Usage(reason) => Failure::usage(format!(
            "{title} cannot be built by itself: {reason}. If that is because it is checked out within the working tree, a \
             folder elsewhere in SCALEBENCH_HOME helps"
        )),
        other => other,
    })?;
    let root = target::path(&metadata, "workspace_root")?;
    let whole = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    match whole(&root).starts_with(whole(source.folder())) {
        true => Ok(metadata),
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

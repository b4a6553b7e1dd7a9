//! `cargo scalebench compare`: what changed between two revisions, or between two stored runs.

pub(crate) mod binaries;
mod git;
mod options;
mod programs;
mod revisions;
mod saved;
pub(crate) mod selection;
mod show;
pub(crate) mod side_by_side;

use std::ffi::OsString;

use crate::child;
use crate::exit::Failure;
use crate::screen::say;
use crate::target;
use options::{Kind, Options};
use saved::Stored;

/// Runs the command.
///
/// # Errors
/// Whatever the command's exit codes tell apart.
pub(crate) fn run(arguments: Vec<OsString>) -> Result<(), Failure> {
    let Some(options) = Options::parse(arguments)? else {
        say(options::HELP);
        return Ok(());
    };
    child::watch()?;
    match child::idle(|| stored(&options))? {
        Some((old, new)) => child::idle(|| saved::run(&options, &old, &new)),
        None => revisions::run(&options),
    }
}

/// The two stored runs that are meant; `None` when revisions are.
fn stored(options: &Options) -> Result<Option<(Stored, Stored)>, Failure> {
    let Some(new) = &options.new else {
        return match options.kind {
            Kind::Saved => Err(Failure::usage("stored runs are compared in twos: OLD NEW")),
            _ => Ok(None),
        };
    };
    if options.kind == Kind::Revisions {
        return Ok(None);
    }
    let home = target::home().ok();
    let find = |name: &str| Stored::find(name, home.as_ref());
    match (find(&options.old)?, find(new)?) {
        (Some(old_run), Some(new_run)) => {
            let files = old_run.is_file || new_run.is_file;
            let clear = files || options.kind == Kind::Saved;
            if !clear && git::knows_both(&options.old, new) {
                return Err(Failure::usage(format!(
                    "`{}` and `{new}` are baselines and revisions; --saved or --revisions says which are meant",
                    options.old
                )));
            }
            Ok(Some((old_run, new_run)))
        }
        (old, _) if options.kind == Kind::Saved => {
            let missing = if old.is_none() { &options.old } else { new };
            Err(Failure::usage(format!(
                "`{missing}` is neither a file nor a baseline"
            )))
        }
        _ => Ok(None),
    }
}

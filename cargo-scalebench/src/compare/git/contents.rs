//! The files of a worktree, and what the user should know of them.

use std::path::Path;
use std::process::Output;

use super::command::{answer, complaint, git, pieces, start};
use super::lfs;
use crate::exit::Failure;
use crate::screen::tell;

/// Checks the files of the worktree in `folder` out; `git_folder` is that of its repository.
///
/// # Errors
/// When git cannot.
pub(super) fn fill(folder: &Path, git_folder: &Path, title: &str) -> Result<(), Failure> {
    let succeeded = |output: Output| match output.status.success() {
        true => Ok(()),
        false => Err(could_not(folder, title, &output)),
    };
    // The index alone says which filters there will be.
    succeeded(start(git(folder).args(["read-tree", "HEAD"]))?)?;
    tell_of_filters(folder, title)?;
    let mut check_out = git(folder);
    for setting in lfs::LEFT_OUT {
        check_out.args(["-c", setting]);
    }
    check_out.args(["reset", "--hard", "--quiet", "--no-recurse-submodules"]);
    succeeded(start(&mut check_out)?)?;
    lfs::fill(folder, git_folder, title)?;
    tell_of_sparseness(folder, title)
}

fn could_not(folder: &Path, title: &str, output: &Output) -> Failure {
    let complaint = complaint(output);
    let promised = ["config", "--get-regexp", r"^remote\..*\.promisor$"];
    let is_partial = answer(git(folder).args(promised)).is_ok_and(|found| found.is_some());
    let help = if is_partial {
        "\nhelp: this clone is partial, and nothing is fetched here; `git fetch --refetch --no-filter` completes it"
    } else {
        ""
    };
    let folder = folder.display();
    Failure::files(format!(
        "git could not check out {title} in `{folder}`: {complaint}{help}"
    ))
}

/// Filters are programs of the user's, run by git at every checkout. Some fetch what they need.
fn tell_of_filters(folder: &Path, title: &str) -> Result<(), Failure> {
    let configured = [
        "config",
        "-z",
        "--name-only",
        "--get-regexp",
        r"^filter\..*\.(smudge|process)$",
    ];
    let configured = answer(git(folder).args(configured))?.unwrap_or_default();
    let mut names: Vec<String> = pieces(&configured)
        .filter_map(|setting| {
            let setting = std::str::from_utf8(setting).ok()?;
            let (name, _) = setting.strip_prefix("filter.")?.rsplit_once('.')?;
            (name != "lfs").then(|| name.to_owned())
        })
        .collect();
    names.sort_unstable();
    names.dedup();
    for name in names {
        let files = format!(":(attr:filter={name})");
        let files = answer(git(folder).args(["ls-files", "-z", &files]))?;
        if files.is_some_and(|files| !files.is_empty()) {
            tell(format_args!(
                "git runs your filter {name:?} on files of {title}, as at every checkout; it may connect"
            ));
        }
    }
    Ok(())
}

fn tell_of_sparseness(folder: &Path, title: &str) -> Result<(), Failure> {
    let setting = ["config", "--type=bool", "core.sparseCheckout"];
    let is_sparse = answer(git(folder).args(setting))?.is_some_and(|value| value == b"true\n");
    if is_sparse {
        tell(format_args!(
            "the checkout is sparse, so of {title}, too, only those paths are there\n\
             help: if it lacks something, `git sparse-checkout add` or `git sparse-checkout disable`"
        ));
    }
    Ok(())
}

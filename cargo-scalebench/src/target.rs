//! Where the project keeps its results.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use scalebench_store::Home;

use crate::child;
use crate::exit::Failure;

/// The home of the project in the current folder: in cargo's target folder, unless `SCALEBENCH_HOME` names another.
///
/// # Errors
/// When cargo finds no project here.
pub(crate) fn home() -> Result<Home, Failure> {
    if std::env::var_os("SCALEBENCH_HOME").is_some_and(|home| !home.is_empty()) {
        return Ok(Home::locate());
    }
    Ok(Home::in_target(&folder()?))
}

/// Cargo's target folder of the project in the current folder.
///
/// # Errors
/// When cargo finds no project here.
pub(crate) fn folder() -> Result<PathBuf, Failure> {
    let metadata = metadata(Path::new(".")).map_err(|failure| match failure {
        Failure::Usage(reason) => Failure::usage(format!(
            "there is no cargo project here; go to one, or name its results in SCALEBENCH_HOME: {reason}"
        )),
        other => other,
    })?;
    path(&metadata, "target_directory")
}

/// A path that cargo's metadata holds.
///
/// # Errors
/// When it is not there.
pub(crate) fn path(metadata: &serde_json::Value, name: &str) -> Result<PathBuf, Failure> {
    metadata[name]
        .as_str()
        .map(PathBuf::from)
        .ok_or_else(|| Failure::files(format!("cargo metadata named no {name}")))
}

/// The cargo that runs this subcommand.
pub(crate) fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// What cargo says of the project in `project`, without its dependencies.
///
/// # Errors
/// When cargo finds no project there, or is interrupted.
pub(crate) fn metadata(project: &Path) -> Result<serde_json::Value, Failure> {
    let mut command = cargo();
    command
        .current_dir(project)
        .args(["metadata", "--no-deps", "--format-version", "1"])
        .stdin(Stdio::null())
        .stderr(Stdio::piped());
    let output = child::capture(&mut command, cannot_start)?;
    // Whom a signal ended, and who says nothing, does not say that there is no project.
    let said = String::from_utf8_lossy(&output.stderr);
    match (output.status.success(), said.trim()) {
        (true, _) => {}
        (false, "") => {
            let status = output.status;
            return Err(Failure::files(format!("`cargo metadata` failed: {status}")));
        }
        (false, reason) => {
            return Err(Failure::usage(format!("cargo finds no project ({reason})")));
        }
    }
    serde_json::from_slice(&output.stdout)
        .map_err(|error| Failure::files(format!("cargo metadata printed no JSON: {error}")))
}

/// What it means that cargo does not start.
pub(crate) fn cannot_start(error: std::io::Error) -> Failure {
    Failure::files(format!("could not start cargo: {error}"))
}

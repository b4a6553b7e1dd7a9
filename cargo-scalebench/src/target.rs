//! Where the project keeps its results.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use scalebench_store::Home;

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
/// When cargo finds no project there.
pub(crate) fn metadata(project: &Path) -> Result<serde_json::Value, Failure> {
    let output = cargo()
        .current_dir(project)
        .args(["metadata", "--no-deps", "--format-version", "1"])
        .stdin(Stdio::null())
        .output()
        .map_err(|error| Failure::files(format!("could not start cargo: {error}")))?;
    if !output.status.success() {
        let reason = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        return Err(Failure::usage(format!("cargo finds no project ({reason})")));
    }
    serde_json::from_slice(&output.stdout)
        .map_err(|error| Failure::files(format!("cargo metadata printed no JSON: {error}")))
}

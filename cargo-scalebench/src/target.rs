//! Where the project keeps its results.

use std::path::PathBuf;
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
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--no-deps", "--format-version", "1"])
        .stdin(Stdio::null())
        .output()
        .map_err(|error| Failure::files(format!("could not start cargo: {error}")))?;
    if !output.status.success() {
        let reason = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        return Err(Failure::usage(format!(
            "there is no cargo project here; go to one, or name its results in SCALEBENCH_HOME ({reason})"
        )));
    }
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout)
        .map_err(|error| Failure::files(format!("cargo metadata printed no JSON: {error}")))?;
    metadata["target_directory"]
        .as_str()
        .map(PathBuf::from)
        .ok_or_else(|| Failure::files("cargo metadata named no target_directory"))
}

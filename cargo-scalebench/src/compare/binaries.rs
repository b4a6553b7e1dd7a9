//! Bench binaries: built by cargo, told from those of other harnesses.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use scalebench_store::BENCH_MARKER;
use serde::Deserialize;

use super::selection::Selection;
use crate::child;
use crate::exit::Failure;
use crate::target;

/// One bench target of one package, built.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct BenchBinary {
    pub(crate) package: String,
    pub(crate) target: String,
    /// The program.
    pub(crate) path: PathBuf,
    /// The folder of its package, where cargo would start it.
    pub(crate) folder: PathBuf,
}

impl BenchBinary {
    /// The program as `cargo bench` would start it.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(&self.path);
        command
            .current_dir(&self.folder)
            .env("CARGO_MANIFEST_DIR", &self.folder)
            .env("CARGO_PKG_NAME", &self.package)
            .stdin(Stdio::null());
        command
    }

    /// The ids of its benchmarks.
    ///
    /// # Errors
    /// When it does not start or does not end well.
    pub(crate) fn ids(&self) -> Result<Vec<String>, Failure> {
        let failed = |reason: String| {
            let target = &self.target;
            Failure::broken(format!(
                "could not list the benchmarks of `{target}`: {reason}"
            ))
        };
        let mut command = self.command();
        command.args(["--list", "--format", "terse"]);
        let listed = child::capture(&mut command, |error| failed(error.to_string()))?;
        if !listed.status.success() {
            return Err(failed(listed.status.to_string()));
        }
        let list = String::from_utf8_lossy(&listed.stdout).into_owned();
        let ids = list
            .lines()
            .filter_map(|line| line.strip_suffix(": benchmark"));
        Ok(ids.map(str::to_owned).collect())
    }
}

/// What cargo says of something that it has built.
#[derive(Deserialize)]
struct Artifact {
    reason: String,
    package_id: Option<String>,
    manifest_path: Option<PathBuf>,
    target: Option<Target>,
    executable: Option<PathBuf>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
}

/// Builds the bench targets of the project in `folder`; what cargo and the compiler say goes to standard error.
/// `into` is another target folder than the project's own. Programs of other harnesses are left out.
///
/// # Errors
/// When cargo does not start or does not succeed. `name` says of what.
pub(crate) fn build(
    name: &str,
    folder: &Path,
    selection: &Selection,
    into: Option<&Path>,
) -> Result<Vec<BenchBinary>, Failure> {
    let packages = package_names(folder)?;
    let mut command = target::cargo();
    command
        .current_dir(folder)
        .args([
            "bench",
            "--no-run",
            "--message-format=json-render-diagnostics",
        ])
        .args(selection.arguments())
        .stdin(Stdio::null());
    if let Some(into) = into {
        command.arg("--target-dir").arg(into);
    }
    let built = child::capture(&mut command, target::cannot_start)?;
    if !built.status.success() {
        return Err(Failure::broken(format!(
            "{name} could not be built; what cargo said is above"
        )));
    }
    let mut found = Vec::new();
    for line in built.stdout.split(|&byte| byte == b'\n') {
        // Build scripts and wrappers may print lines of their own.
        let artifact = serde_json::from_slice::<Artifact>(line).ok();
        found.extend(artifact.and_then(|artifact| bench_binary(artifact, &packages)));
    }
    found.retain(|binary| is_ours(&binary.path));
    Ok(found)
}

fn bench_binary(artifact: Artifact, packages: &[(String, String)]) -> Option<BenchBinary> {
    let target = artifact.target.filter(|target| {
        artifact.reason == "compiler-artifact" && target.kind.iter().any(|kind| kind == "bench")
    })?;
    let id = artifact.package_id?;
    let (_, package) = packages.iter().find(|(known, _)| *known == id)?;
    Some(BenchBinary {
        package: package.clone(),
        target: target.name,
        path: artifact.executable?,
        folder: artifact.manifest_path?.parent()?.to_owned(),
    })
}

/// Id and name of each package of the workspace.
fn package_names(folder: &Path) -> Result<Vec<(String, String)>, Failure> {
    let metadata = target::metadata(folder)?;
    let packages = metadata["packages"].as_array().into_iter().flatten();
    let text = |value: &serde_json::Value| value.as_str().map(str::to_owned);
    Ok(packages
        .filter_map(|package| Some((text(&package["id"])?, text(&package["name"])?)))
        .collect())
}

/// Whether it is a bench binary of ScaleBench.
pub(super) fn is_ours(program: &Path) -> bool {
    let marker = BENCH_MARKER.as_bytes();
    let first = marker[0];
    fs::read(program).is_ok_and(|bytes| {
        let mut rest = bytes.as_slice();
        while let Some(at) = rest.iter().position(|&byte| byte == first) {
            if rest[at..].starts_with(marker) {
                return true;
            }
            rest = &rest[at + 1..];
        }
        false
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_marker_is_found_anywhere_and_nowhere_else() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let program = folder.path().join("program");
        for (bytes, ours) in [
            (BENCH_MARKER.to_owned(), true),
            (format!("ss{BENCH_MARKER}x"), true),
            (BENCH_MARKER[..20].to_owned(), false),
            (String::new(), false),
        ] {
            fs::write(&program, bytes).expect("writable");
            assert_eq!(is_ours(&program), ours);
        }
        assert!(!is_ours(&folder.path().join("none")));
    }

    #[test]
    fn only_bench_targets_of_known_packages_are_taken() {
        let packages = [("id-a".to_owned(), "alpha".to_owned())];
        let line = |reason: &str, kind: &str, id: &str, executable: &str| {
            let text = format!(
                r#"{{"reason":"{reason}","package_id":"{id}","manifest_path":"/w/a/Cargo.toml",
                "target":{{"name":"maps","kind":["{kind}"]}},"executable":{executable}}}"#
            );
            let artifact = serde_json::from_str(&text).expect("an artifact");
            bench_binary(artifact, &packages)
        };
        let found = line("compiler-artifact", "bench", "id-a", "\"/t/maps-1\"");
        let expected = BenchBinary {
            package: "alpha".to_owned(),
            target: "maps".to_owned(),
            path: "/t/maps-1".into(),
            folder: "/w/a".into(),
        };
        assert_eq!(found, Some(expected));
        assert_eq!(line("compiler-artifact", "lib", "id-a", "\"/t/a\""), None);
        assert_eq!(line("build-finished", "bench", "id-a", "\"/t/a\""), None);
        assert_eq!(line("compiler-artifact", "bench", "id-b", "\"/t/a\""), None);
        assert_eq!(line("compiler-artifact", "bench", "id-a", "null"), None);
    }
}

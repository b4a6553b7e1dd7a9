//! `cargo scalebench init`: the dependency, the bench target and a first bench in a project.
//!
//! Everything is checked before anything is written, so a refusal leaves the project as it was.

mod manifest;

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use lexopt::{Arg, Parser, ValueExt};
use scalebench_store::{LARGEST, read_file};

use crate::exit::Failure;
use crate::screen::say;
use manifest::{Addition, Dependency};

const HELP: &str = "\
Adds scalebench to the package in this folder: the dependency, a bench target
with `harness = false`, a first bench, and, in the root of a workspace, a
profile that spares optimizing what is not timed. That is left out where the
profiles have fat LTO (`lto = true`), on which rustc crashes then.

Usage: cargo scalebench init [OPTIONS]

  --name NAME           name of the bench target (default scaling)
  --path FOLDER         take scalebench from this folder, not from crates.io
  --manifest-path FILE  the package's Cargo.toml

The manifest keeps its formatting. Where something is in the way, nothing is
changed and the reason is said.
";

const FIRST_BENCH: &str = r#"//! How this package scales. Run `cargo bench --bench @NAME@`.

use std::collections::HashMap;
use std::sync::Mutex;

use scalebench::scale_bench;

/// N threads call this over and over. The borrow says who owns what: `&T` is one for all threads, `&mut T` one for each
/// thread, `T` is made before every call, untimed.
#[scale_bench]
fn insert(map: &Mutex<HashMap<u64, u64>>, #[with(thread.index() as u64)] key: u64) {
    map.lock().unwrap().insert(key, key);
}

scalebench::main!();
"#;

/// What the command line asks for.
struct Options {
    name: String,
    path: Option<String>,
    manifest: Option<PathBuf>,
}

/// Runs the command.
///
/// # Errors
/// When there is no package here, something is in the way, or a file cannot be written.
pub(crate) fn run(arguments: Vec<OsString>) -> Result<(), Failure> {
    let Some(options) = parse(arguments)? else {
        say(HELP);
        return Ok(());
    };
    let manifest = options.manifest.clone().map_or_else(find_manifest, Ok)?;
    let said = add(&manifest, &options)?;
    for line in said {
        say(&format!("{line}\n"));
    }
    say(&format!("Now run `cargo bench --bench {}`\n", options.name));
    Ok(())
}

fn parse(arguments: Vec<OsString>) -> Result<Option<Options>, Failure> {
    let mut parser = Parser::from_args(arguments);
    let mut options = Options {
        name: "scaling".to_owned(),
        path: None,
        manifest: None,
    };
    while let Some(argument) = parser.next()? {
        match argument {
            Arg::Long("help") | Arg::Short('h') => return Ok(None),
            Arg::Long("name") => options.name = target_name(parser.value()?.string()?)?,
            Arg::Long("path") => options.path = Some(parser.value()?.string()?),
            Arg::Long("manifest-path") => options.manifest = Some(parser.value()?.into()),
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(Some(options))
}

/// The name becomes a file and an identifier.
fn target_name(name: String) -> Result<String, Failure> {
    let letters = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.chars().all(letters) {
        return Ok(name);
    }
    Err(Failure::usage(format!(
        "`--name` takes letters, digits, `-` and `_` with a letter first, not `{name}`"
    )))
}

/// The manifest of the package in the current folder, as cargo sees it.
fn find_manifest() -> Result<PathBuf, Failure> {
    let mut cargo = locate_project();
    let output = cargo
        .output()
        .map_err(|error| Failure::files(format!("could not start cargo: {error}")))?;
    if !output.status.success() {
        return Err(Failure::usage(
            "there is no cargo package here; `cargo init` makes one",
        ));
    }
    Ok(located(&output))
}

/// Whether cargo reads build profiles from this manifest. Where cargo refuses it, that is for others to say.
fn is_root(manifest: &Path) -> bool {
    let mut cargo = locate_project();
    cargo.args(["--workspace", "--manifest-path"]).arg(manifest);
    let same = |root: PathBuf| Some(root.canonicalize().ok()? == manifest.canonicalize().ok()?);
    let output = cargo.output().ok().filter(|it| it.status.success());
    output.and_then(|it| same(located(&it))).unwrap_or(false)
}

fn locate_project() -> Command {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command
        .args(["locate-project", "--message-format", "plain"])
        .stdin(Stdio::null());
    command
}

fn located(output: &Output) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(&output.stdout).trim_end())
}

/// Adds everything to the package of `manifest`; returns what was done, a line each.
fn add(manifest: &Path, options: &Options) -> Result<Vec<String>, Failure> {
    let place = manifest.display();
    let text = read_file(manifest, LARGEST)
        .and_then(|bytes| String::from_utf8(bytes).map_err(io::Error::other))
        .map_err(|error| Failure::files(format!("could not read `{place}`: {error}")))?;
    let folder = manifest.parent().unwrap_or(Path::new("."));
    let bench = folder.join("benches").join(format!("{}.rs", options.name));
    let in_folder = folder.join("benches").join(&options.name).join("main.rs");
    if let Some(taken) = [&bench, &in_folder].into_iter().find(|path| path.exists()) {
        return Err(Failure::usage(format!(
            "`{}` exists already; nothing was changed. `--name` takes another name",
            taken.display()
        )));
    }
    let dependency = match &options.path {
        Some(path) => Dependency::Path(path.clone()),
        None => Dependency::Version(env!("CARGO_PKG_VERSION").to_owned()),
    };
    let addition = Addition {
        bench: &options.name,
        dependency,
        root: is_root(manifest),
        library: folder.join("src/lib.rs").exists(),
        program: folder.join("src/main.rs").exists(),
    };
    let changed = manifest::change(&text, &addition)
        .map_err(|reason| Failure::usage(format!("`{place}` was not changed: {reason}")))?;
    write(&bench, &FIRST_BENCH.replace("@NAME@", &options.name))?;
    if let Err(failure) = write(manifest, &changed.text) {
        // Half a change is worse than none; the first error is the one to report.
        let _ = fs::remove_file(&bench);
        return Err(failure);
    }
    let mut said = changed.said;
    said.push(format!("Made `{}` with a first bench", bench.display()));
    Ok(said)
}

/// Writes a file whole or not at all: beside its place first.
fn write(path: &Path, text: &str) -> Result<(), Failure> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let beside = path.with_extension(format!("{}.part", std::process::id()));
    let written = fs::create_dir_all(folder)
        .and_then(|()| fs::write(&beside, text))
        .and_then(|()| fs::rename(&beside, path));
    written.map_err(|error| {
        // What is left of a failed write is of no use; the first error is the one to report.
        let _ = fs::remove_file(&beside);
        Failure::files(format!("could not write `{}`: {error}", path.display()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(manifest: &str) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        fs::create_dir(folder.path().join("src")).expect("writable");
        fs::write(folder.path().join("src/lib.rs"), "").expect("writable");
        fs::write(folder.path().join("Cargo.toml"), manifest).expect("writable");
        folder
    }

    fn init(folder: &Path) -> Result<Vec<String>, Failure> {
        let options = Options {
            name: "scaling".to_owned(),
            path: None,
            manifest: None,
        };
        add(&folder.join("Cargo.toml"), &options)
    }

    const MANIFEST: &str = "[package]\nname = \"x\" # mine\n";

    #[test]
    fn makes_the_bench_and_the_entries() {
        let folder = package(MANIFEST);
        init(folder.path()).expect("nothing is in the way");
        let bench = fs::read_to_string(folder.path().join("benches/scaling.rs")).expect("made");
        assert!(bench.contains("cargo bench --bench scaling"));
        let manifest = fs::read_to_string(folder.path().join("Cargo.toml")).expect("there");
        assert!(manifest.starts_with(MANIFEST) && manifest.contains("harness = false"));
        assert!(manifest.contains("[profile.bench.package]"), "{manifest}");
    }

    #[test]
    fn the_profile_of_a_member_is_its_workspaces() {
        let workspace = tempfile::tempdir().expect("a folder");
        let root = "[workspace]\nmembers = [\"x\"]\n";
        fs::write(workspace.path().join("Cargo.toml"), root).expect("writable");
        let member = workspace.path().join("x");
        fs::create_dir_all(member.join("src")).expect("writable");
        fs::write(member.join("src/lib.rs"), "").expect("writable");
        fs::write(member.join("Cargo.toml"), "[package]\nname = \"x\"\n").expect("writable");
        init(&member).expect("nothing is in the way");
        let manifest = fs::read_to_string(member.join("Cargo.toml")).expect("there");
        assert!(
            manifest.contains("harness") && !manifest.contains("profile"),
            "{manifest}"
        );
    }

    #[test]
    fn a_second_time_changes_nothing() {
        let folder = package(MANIFEST);
        init(folder.path()).expect("nothing is in the way");
        let before = fs::read_to_string(folder.path().join("Cargo.toml")).expect("there");
        let error = init(folder.path()).expect_err("there already").to_string();
        assert!(error.contains("exists already"), "{error}");
        let left = fs::read_dir(folder.path()).expect("listable").count();
        assert_eq!(
            left, 3,
            "Cargo.toml, benches and src, and nothing beside them"
        );
        fs::remove_file(folder.path().join("benches/scaling.rs")).expect("removable");
        let error = init(folder.path()).expect_err("there already").to_string();
        assert!(error.contains("has a bench target `scaling`"), "{error}");
        assert!(!folder.path().join("benches/scaling.rs").exists());
        let after = fs::read_to_string(folder.path().join("Cargo.toml")).expect("there");
        assert_eq!(before, after);
    }

    #[test]
    fn names_that_lead_elsewhere_are_refused() {
        for name in ["", "../x", "a b", "1st", "-x"] {
            assert!(target_name(name.to_owned()).is_err(), "{name}");
        }
        assert!(target_name("my-scaling_2".to_owned()).is_ok());
    }
}

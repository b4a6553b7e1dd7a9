//! A project under git with two bench targets, whose revisions differ in known ways.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};

use scalebench_model::report::{Benchmark, Change, Report};
use tempfile::TempDir;

/// The revisions share one folder that they are built in, so only one comparison at a time.
static BUILDING: Mutex<()> = Mutex::new(());

/// The revisions, oldest first, as tags: what stands in `src/lib.rs`.
pub(super) const BEFORE: &str = "before";
pub(super) const SLOWER: &str = "slower";
pub(super) const BROKEN: &str = "broken";

const MANIFEST: &str = r#"
[package]
name = "compared"
version = "0.0.0"
edition = "2024"
[lib]
bench = false
[[bench]]
name = "naps"
harness = false
[[bench]]
name = "other"
harness = false
[profile.bench]
opt-level = 0
debug = false
[dev-dependencies]
"#;

const NAPS: &str = "\
#[scalebench::scale_bench(threads = [1, 2])]
fn nap() { compared::nap() }
scalebench::main!();
";

/// Not ours: whoever starts it finds out.
const OTHER: &str = "fn main() { std::fs::write(\"other-was-started\", \"\").unwrap(); }\n";

pub(super) struct Project {
    folder: TempDir,
    _turn: MutexGuard<'static, ()>,
}

/// How a program ended and what it said.
#[derive(Debug)]
pub(super) struct Ended {
    code: Option<i32>,
    pub(super) out: String,
    pub(super) err: String,
}

impl Ended {
    #[track_caller]
    pub(super) fn with(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "\n{}\n{}", self.out, self.err);
        self
    }

    #[track_caller]
    pub(super) fn warned(&self, part: &str) {
        assert!(self.err.contains(part), "no `{part}` in\n{}", self.err);
    }
}

impl From<Output> for Ended {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code(),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

pub(super) fn ended(command: &mut Command) -> Ended {
    command.output().expect("it starts").into()
}

fn nap_of(milliseconds: u32) -> String {
    format!(
        "pub fn nap() {{ std::thread::sleep(std::time::Duration::from_millis({milliseconds})) }}\n"
    )
}

impl Project {
    /// With the revisions above; the working tree is at the first one, 2 ms a call.
    pub(super) fn new() -> Self {
        let project = Self::bare(MANIFEST);
        // Not committed: compare has to bring it to the older revision.
        project.write(".gitignore", "Cargo.lock\n");
        project.write("benches/naps.rs", NAPS);
        project.write("benches/other.rs", OTHER);
        for (tag, library) in [
            (BEFORE, nap_of(2)),
            (SLOWER, nap_of(4)),
            (BROKEN, "pub fn nap() { broken".to_owned()),
        ] {
            project.write("src/lib.rs", &library);
            project.commit(tag);
        }
        project.git(&["checkout", "--quiet", BEFORE]);
        project
    }

    /// With a manifest, whose last table is that of the development dependencies, and nothing else.
    pub(super) fn bare(manifest: &str) -> Self {
        let turn = BUILDING.lock().unwrap_or_else(PoisonError::into_inner);
        // Not below the target folder: neither this repository nor its workspace may surround the project.
        let folder = tempfile::tempdir().expect("a temporary folder");
        let project = Self {
            folder,
            _turn: turn,
        };
        let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let scalebench = repository.canonicalize().expect("the repository");
        let dependency = format!("scalebench = {{ path = {scalebench:?} }}\n");
        // The temporary folder may lie below this very workspace, which must not take the project for its own.
        let root = if manifest.contains("[workspace") {
            ""
        } else {
            "[workspace]\n"
        };
        project.write("Cargo.toml", &format!("{root}{manifest}{dependency}"));
        let lock = fs::read_to_string(repository.join("Cargo.lock")).expect("a lock file");
        project.write("Cargo.lock", &lock);
        project.git(&["init", "--quiet", "--initial-branch=main"]);
        project.share_target();
        project
    }

    /// What cargo makes of older revisions is kept from one test to the next, as it is from one comparison to the next.
    fn share_target(&self) {
        let shared = Path::new(env!("CARGO_TARGET_TMPDIR")).join("compare-target");
        let place = self.home().join("compare/target");
        fs::create_dir_all(&shared).expect("made");
        fs::create_dir_all(place.parent().expect("a folder")).expect("made");
        std::os::unix::fs::symlink(shared, place).expect("linked");
    }

    pub(super) fn path(&self) -> PathBuf {
        self.folder.path().join("project")
    }

    /// Outside of the project, as with `CARGO_TARGET_DIR`.
    pub(super) fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    pub(super) fn write(&self, file: &str, text: &str) {
        let file = self.path().join(file);
        fs::create_dir_all(file.parent().expect("a folder")).expect("made");
        fs::write(file, text).expect("writable");
    }

    /// Commits everything and tags it.
    pub(super) fn commit(&self, tag: &str) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--message", tag]);
        self.git(&["tag", tag]);
    }

    /// What git prints.
    #[track_caller]
    pub(super) fn git(&self, arguments: &[&str]) -> String {
        let mut command = Command::new("git");
        command.arg("-C").arg(self.path());
        for setting in ["user.name=a", "user.email=a@b", "commit.gpgsign=false"] {
            command.args(["-c", setting]);
        }
        let ended = ended(
            command
                .args(arguments)
                .env("GIT_CONFIG_GLOBAL", "/dev/null"),
        );
        assert_eq!(ended.code, Some(0), "{}", ended.err);
        ended.out
    }

    /// `cargo scalebench ARGUMENTS` in the project.
    pub(super) fn command<A: AsRef<OsStr>>(&self, arguments: &[A]) -> Command {
        let mut command = self.clean(env!("CARGO_BIN_EXE_cargo-scalebench").as_ref());
        command.arg("scalebench").args(arguments);
        command
    }

    /// `cargo ARGUMENTS` in the project.
    pub(super) fn cargo(&self, arguments: &[&str]) -> Command {
        let mut command = self.clean(env!("CARGO").as_ref());
        command.args(arguments);
        command
    }

    /// A program in the project, with nothing of what surrounds this test.
    fn clean(&self, program: &OsStr) -> Command {
        let mut command = Command::new(program);
        for (name, _) in std::env::vars_os() {
            let name = name.to_string_lossy();
            if name.starts_with("SCALEBENCH_") || name.starts_with("GIT_") {
                command.env_remove(name.as_ref());
            }
        }
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("conventions-target");
        command
            .current_dir(self.path())
            .env_remove("GITHUB_ACTIONS")
            .env("CARGO_TARGET_DIR", target)
            .env("CARGO_NET_OFFLINE", "true")
            .env("CARGO_TERM_COLOR", "never")
            .env("SCALEBENCH_HOME", self.home())
            .stdin(Stdio::null());
        command
    }

    /// The same, to its end.
    pub(super) fn run(&self, arguments: &[&str]) -> Ended {
        ended(&mut self.command(arguments))
    }

    /// `cargo scalebench compare ARGUMENTS` with a small plan.
    pub(super) fn compare(&self, arguments: &[&str]) -> Ended {
        let small = ["--", "--launches", "3", "--rounds", "3", "--window", "12ms"];
        self.run(&[&["compare"], arguments, &small].concat())
    }

    pub(super) fn report(&self) -> Report {
        let text = fs::read(self.home().join("report/report.json")).expect("a report");
        serde_json::from_slice(&text).expect("a report")
    }

    pub(super) fn nap(&self) -> Benchmark {
        let mut benchmarks = self.report().benchmarks;
        assert_eq!(benchmarks.len(), 1);
        benchmarks.remove(0)
    }

    #[track_caller]
    pub(super) fn change(&self) -> Change {
        self.nap().change.expect("a change")
    }

    /// Everything that must be as it was after a comparison.
    pub(super) fn state(&self) -> [String; 5] {
        let library = fs::read_to_string(self.path().join("src/lib.rs")).expect("readable");
        [
            self.git(&["status", "--porcelain", "--ignored"]),
            self.git(&["rev-parse", "HEAD"]),
            self.git(&["worktree", "list"]),
            self.git(&["branch", "--all"]),
            library,
        ]
    }

    /// What a comparison leaves in its folder.
    pub(super) fn left_behind(&self) -> Vec<String> {
        let entries = fs::read_dir(self.home().join("compare")).expect("the folder");
        let mut names: Vec<String> = entries
            .map(|entry| {
                entry
                    .expect("readable")
                    .file_name()
                    .to_string_lossy()
                    .into_owned()
            })
            .collect();
        names.sort_unstable();
        names
    }
}

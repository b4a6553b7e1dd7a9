//! One bench binary beside another revision of itself.

use std::ffi::OsString;
use std::path::Path;
use std::process::Stdio;
use std::time::{SystemTime, UNIX_EPOCH};

use scalebench_store::Home;

use super::binaries::BenchBinary;
use crate::child;
use crate::exit::Failure;

/// What the comparisons of one command have in common.
#[derive(Debug)]
pub(crate) struct Setting<'a> {
    /// Where the results go.
    pub(crate) home: &'a Home,
    /// Runs with the same session share a page.
    pub(crate) session: String,
    /// Flags for the bench binaries.
    pub(crate) flags: &'a [OsString],
}

/// Variables that mirror flags which a comparison settles itself.
const OF_OTHER_RUNS: [&str; 8] = [
    "BASELINE",
    "BASELINE_LENIENT",
    "LOAD_BASELINE",
    "SAVE_BASELINE",
    "DISCARD_BASELINE",
    "GATE",
    "GATE_STRICT",
    "IN_PROCESS",
];

impl Setting<'_> {
    /// Lets `new` measure itself beside `old`, which the report calls `title`. What is measured is stored, not shown.
    ///
    /// # Errors
    /// As the binary's exit code tells; [`Failure::Broken`] when a benchmark failed and the others are stored.
    pub(crate) fn measure(
        &self,
        new: &BenchBinary,
        old: &Path,
        title: &str,
    ) -> Result<(), Failure> {
        let mut command = new.command();
        command
            .arg("--bench")
            .arg("--against")
            .arg(old)
            .args(["--against-name", title])
            .args(self.flags)
            .env("SCALEBENCH_HOME", self.home.folder())
            .env("SCALEBENCH_SESSION", &self.session)
            .stdout(Stdio::null());
        for name in OF_OTHER_RUNS {
            command.env_remove(format!("SCALEBENCH_{name}"));
        }
        let status = child::run(&mut command).map_err(|error| {
            Failure::files(format!("could not start `{}`: {error}", new.path.display()))
        })?;
        let target = &new.target;
        match status.code() {
            Some(0 | 1) => Ok(()),
            Some(2) => Err(Failure::usage(format!("`{target}` was not compared"))),
            Some(4) => Err(Failure::files(format!("`{target}` was not kept"))),
            Some(130) => Err(Failure::Interrupted),
            _ => Err(Failure::broken(format!("a benchmark of `{target}` failed"))),
        }
    }
}

/// A session that no other command has.
pub(crate) fn session(command: &str) -> String {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    let now = since.map_or(0, |since| since.as_secs());
    format!("{command}-{now}-{}", std::process::id())
}

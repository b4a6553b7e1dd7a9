//! How many run records stay.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use scalebench_model::data::Run;
use serde::Deserialize;

use crate::files::{LARGEST, read_file};
use crate::runs::{file_safe, names_target, session_in_name};
use crate::{Home, StoreError, TargetName};

/// The variable that says how many runs of each target stay.
const VARIABLE: &str = "SCALEBENCH_KEEP_RUNS";
/// How many stay where nothing is said.
const DEFAULT: usize = 50;

/// How many runs of each bench target stay when a new one is saved; the records of one session are one run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// So many, at least one.
    Newest(usize),
    /// All of them.
    All,
}

impl Default for Keep {
    /// The newest 50.
    fn default() -> Self {
        Self::Newest(DEFAULT)
    }
}

impl Keep {
    /// What `SCALEBENCH_KEEP_RUNS` says: a number, where 0 means all; the newest 50 where it is not set.
    ///
    /// # Errors
    /// A sentence where it is anything else. All runs should stay then: nobody asked for less.
    pub fn from_environment() -> Result<Self, String> {
        Self::parse(std::env::var_os(VARIABLE))
    }

    fn parse(value: Option<OsString>) -> Result<Self, String> {
        let Some(value) = value.filter(|value| !value.is_empty()) else {
            return Ok(Self::default());
        };
        let number = value.to_str().and_then(|text| text.trim().parse().ok());
        match number {
            Some(0) => Ok(Self::All),
            Some(count) => Ok(Self::Newest(count)),
            None => Err(format!(
                "{VARIABLE} must be a whole number, 0 to keep all runs, not `{}`; no run was removed",
                value.to_string_lossy()
            )),
        }
    }
}

impl Home {
    /// Removes the records of the oldest runs of the target of `run` beyond what is to stay, and returns how many. Those of
    /// the session of `run` stay in any case, so that its page can be drawn again. Files that are no run records stay too.
    ///
    /// # Errors
    /// When the folder cannot be listed or a file not be removed.
    pub fn prune_runs(&self, run: &Run, keep: Keep) -> Result<usize, StoreError> {
        let Keep::Newest(count) = keep else {
            return Ok(0);
        };
        let mut files = self.run_files()?;
        files.retain(|path| names_target(crate::runs::stem(path), &run.target));
        if files.len() <= count {
            return Ok(0);
        }
        // Packages may have targets of the same name; only the record itself tells.
        files.retain(|path| {
            let its = self.check_file(path).ok().and_then(|()| target_of(path));
            its.is_some_and(|target| target.is(TargetName::of(run)))
        });
        // A runner that starts the binary once for each benchmark makes many records of one run.
        let own = file_safe(&run.session);
        let mut kept = vec![own.as_str()];
        let oldest: Vec<&PathBuf> = files
            .iter()
            .rev()
            .filter(|path| {
                let session = session_in_name(path).unwrap_or("");
                let is_new = !kept.contains(&session);
                let room = kept.len() < count;
                if is_new && room {
                    kept.push(session);
                }
                is_new && !room
            })
            .collect();
        for path in &oldest {
            fs::remove_file(path).map_err(|error| StoreError::remove(path, error))?;
        }
        Ok(oldest.len())
    }
}

/// The first fields of a run record; the samples are passed over.
#[derive(Deserialize)]
struct Target {
    target: String,
    #[serde(default)]
    package: Option<String>,
}

impl Target {
    fn is(&self, target: TargetName<'_>) -> bool {
        self.target == target.name && self.package.as_deref() == target.package
    }
}

/// Which target a record is of; `None` where the file is none.
fn target_of(path: &Path) -> Option<Target> {
    serde_json::from_slice(&read_file(path, LARGEST).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runs::tests::run;

    fn parsed(text: &str) -> Result<Keep, String> {
        Keep::parse(Some(text.into()))
    }

    #[test]
    fn the_variable_says_how_many() {
        assert_eq!(Keep::parse(None), Ok(Keep::Newest(50)));
        assert_eq!(parsed(""), Ok(Keep::Newest(50)));
        assert_eq!(parsed("7"), Ok(Keep::Newest(7)));
        assert_eq!(parsed("0"), Ok(Keep::All));
        for bad in ["-1", "many", "1.5", "99999999999999999999999"] {
            assert!(parsed(bad).expect_err(bad).contains(VARIABLE), "{bad}");
        }
    }

    /// Saves runs (second, session, target, package) and answers the last.
    fn saved(home: &Home, runs: &[(u64, &str, &str, Option<&str>)]) -> Run {
        let mut last = None;
        for &(second, session, target, package) in runs {
            let mut run = run(second, session, target, &[("id", "file")]);
            run.package = package.map(str::to_owned);
            home.save_run(&run).expect("writable");
            last = Some(run);
        }
        last.expect("a run")
    }

    fn seconds(home: &Home) -> Vec<u64> {
        let files = home.run_files().expect("listable");
        let runs = files.iter().filter_map(|path| Home::read_run(path).ok());
        runs.map(|run| run.started_unix_s).collect()
    }

    #[test]
    fn the_oldest_of_the_target_go_and_nothing_else() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let home = Home::at(folder.path());
        let newest = saved(
            &home,
            &[
                (1, "a", "maps", None),
                (2, "b", "queues", None),
                (3, "c", "maps", Some("other")),
                (4, "d", "maps", None),
                (5, "e", "maps", None),
            ],
        );
        let foreign = home.runs().join("000000000000_x_maps_1.json");
        fs::write(&foreign, b"{").expect("writable");
        assert_eq!(home.prune_runs(&newest, Keep::All).expect("removable"), 0);
        assert_eq!(
            home.prune_runs(&newest, Keep::Newest(3))
                .expect("removable"),
            0
        );
        assert_eq!(
            home.prune_runs(&newest, Keep::Newest(2))
                .expect("removable"),
            1
        );
        assert_eq!(seconds(&home), [2, 3, 4, 5]);
        assert_eq!(
            home.prune_runs(&newest, Keep::Newest(1))
                .expect("removable"),
            1
        );
        assert_eq!(seconds(&home), [2, 3, 5]);
        assert!(foreign.exists());
    }

    #[test]
    fn the_session_of_the_run_stays_whole_even_where_the_clock_went_back() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let home = Home::at(folder.path());
        let own = [(3, "new", "maps", None), (4, "new", "maps", None)];
        let newest = saved(&home, &[&[(1, "old", "maps", None)], &own[..]].concat());
        assert_eq!(
            home.prune_runs(&newest, Keep::Newest(1))
                .expect("removable"),
            1
        );
        assert_eq!(seconds(&home), [3, 4]);
        let back = saved(&home, &[(2, "back", "maps", None)]);
        assert_eq!(
            home.prune_runs(&back, Keep::Newest(2)).expect("removable"),
            0
        );
        assert_eq!(seconds(&home), [2, 3, 4]);
    }
}

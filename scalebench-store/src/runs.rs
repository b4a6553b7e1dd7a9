//! Run records on disk: their names, and writing them.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use scalebench_model::data::Run;
use scalebench_model::sort;

use crate::files::write_atomic;
use crate::{Home, StoreError};

/// The id of a run: when it began, which session it belongs to, which target it measured, the number of the process that
/// measured, and which of its runs it is, since a session may run a target several times in one second.
/// File names follow from it, so they sort by time and show the session without being opened.
#[must_use]
pub fn run_id(started_unix_s: u64, session: &str, target: &str) -> String {
    static RUNS: AtomicU32 = AtomicU32::new(0);
    let process = std::process::id();
    let run = RUNS.fetch_add(1, Ordering::Relaxed);
    format!(
        "{started_unix_s:012}_{}_{}_{process}-{run}",
        file_safe(session),
        file_safe(target)
    )
}

/// Keeps letters, digits, `-` and `.`; whatever else could lead out of the folder or trip a file system becomes `-`.
pub(crate) fn file_safe(text: &str) -> String {
    let safe: String = text
        .chars()
        .take(80)
        .map(|c| {
            if c.is_ascii_alphanumeric() || c == '-' || c == '.' {
                c
            } else {
                '-'
            }
        })
        .collect();
    if safe.is_empty() {
        "-".to_owned()
    } else {
        safe
    }
}

impl Home {
    /// Saves a run record and returns its path.
    ///
    /// # Errors
    /// When it cannot be written; then nothing of it is left.
    pub fn save_run(&self, run: &Run) -> Result<PathBuf, StoreError> {
        let path = self.runs().join(format!("{}.json", file_safe_id(&run.id)));
        self.check_place(&path)?;
        let text =
            serde_json::to_string(run).map_err(|error| StoreError::understand(&path, error))?;
        write_atomic(&path, text.as_bytes())?;
        Ok(path)
    }

    /// Every file that could be a run record, oldest first. A folder that does not exist holds none.
    pub(crate) fn run_files(&self) -> Result<Vec<PathBuf>, StoreError> {
        let folder = self.runs();
        self.check_place(&folder.join("any"))?;
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(StoreError::read(&folder, error)),
        };
        let mut files: Vec<PathBuf> = entries
            .flatten()
            .map(|entry| entry.path())
            .filter(|path| {
                path.extension()
                    .is_some_and(|extension| extension == "json")
            })
            .collect();
        sort::by(&mut files, &PathBuf::cmp);
        Ok(files)
    }
}

/// A run's id comes from a file now and then; it must not lead anywhere else.
pub(crate) fn file_safe_id(id: &str) -> String {
    id.split('_').map(file_safe).collect::<Vec<_>>().join("_")
}

/// The file's name without its ending; it is the id of the run.
pub(crate) fn stem(path: &Path) -> &str {
    path.file_stem()
        .and_then(|stem| stem.to_str())
        .unwrap_or("")
}

pub(crate) fn names_target(stem: &str, target: &str) -> bool {
    stem.splitn(3, '_').nth(2).is_some_and(|rest| {
        let target = file_safe(target);
        rest == target
            || rest
                .strip_prefix(&target)
                .is_some_and(|rest| rest.starts_with('_'))
    })
}

pub(crate) fn session_in_name(path: &Path) -> Option<&str> {
    path.file_stem()?.to_str()?.split('_').nth(1)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    #[test]
    fn ids_cannot_leave_the_folder() {
        assert!(run_id(5, "../a b", "x/../y\0").starts_with("000000000005_..-a-b_x-..-y-_"));
        assert_ne!(run_id(5, "a", "x"), run_id(5, "a", "x"));
        assert!(!file_safe_id("../../etc/passwd").contains('/'));
    }

    /// A run of `target` with benchmarks (id, file).
    pub(crate) fn run(
        started_unix_s: u64,
        session: &str,
        target: &str,
        benchmarks: &[(&str, &str)],
    ) -> Run {
        let benchmark = |&(id, file): &(&str, &str)| {
            format!(
                r#"{{"id":"{id}","mode":"concurrent","location":{{"file":"{file}","line":1}},"threads":[1],"status":"ok","launches":[]}}"#
            )
        };
        let text = format!(
            r#"{{"schema":{{"name":"scalebench.run","major":1,"minor":0}},"id":"{id}","session":"{session}","target":"{target}",
            "started_unix_s":{started_unix_s},"plan":{{"preset":"quick","launches":1,"rounds":1,"max_time_ns":1,"seed":1,
            "pinned":true,"in_process":false}},"host":{{"os":"","arch":"","model":"","cpus":1,"physical_cores":1}},
            "benchmarks":[{benchmarks}]}}"#,
            id = run_id(started_unix_s, session, target),
            benchmarks = benchmarks
                .iter()
                .map(benchmark)
                .collect::<Vec<_>>()
                .join(",")
        );
        serde_json::from_str(&text).expect("a valid run")
    }
}

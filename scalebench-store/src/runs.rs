//! Run records on disk.

use std::fs;
use std::path::{Path, PathBuf};

use scalebench_model::data::{Run, Schema};
use serde::Deserialize;

use crate::files::write_atomic;
use crate::{Home, StoreError};

/// What was found in `runs/`: the usable records and, a sentence each, what is wrong with the others.
#[derive(Debug, Default)]
pub struct FoundRuns {
    /// Usable records, oldest first.
    pub runs: Vec<Run>,
    /// Files that were passed over.
    pub problems: Vec<StoreError>,
}

/// The id of a run: when it began, which session it belongs to, and which target it measured.
/// File names follow from it, so they sort by time and show the session without being opened.
#[must_use]
pub fn run_id(started_unix_s: u64, session: &str, target: &str) -> String {
    format!("{started_unix_s:012}_{}_{}", file_safe(session), file_safe(target))
}

/// Keeps letters, digits, `-` and `.`; whatever else could lead out of the folder or trip a file system becomes `-`.
fn file_safe(text: &str) -> String {
    let safe: String = text
        .chars()
        .take(80)
        .map(|c| if c.is_ascii_alphanumeric() || c == '-' || c == '.' { c } else { '-' })
        .collect();
    if safe.is_empty() { "-".to_owned() } else { safe }
}

impl Home {
    /// Saves a run record and returns its path.
    ///
    /// # Errors
    /// When it cannot be written; then nothing of it is left.
    pub fn save_run(&self, run: &Run) -> Result<PathBuf, StoreError> {
        let path = self.runs().join(format!("{}.json", file_safe_id(&run.id)));
        let text = serde_json::to_string(run).map_err(|error| StoreError::understand(&path, error))?;
        write_atomic(&path, text.as_bytes())?;
        Ok(path)
    }

    /// Reads the run record at `path`.
    ///
    /// # Errors
    /// When it cannot be read, is not a run record, or comes from a newer major version.
    pub fn read_run(path: &Path) -> Result<Run, StoreError> {
        let bytes = fs::read(path).map_err(|error| StoreError::read(path, error))?;
        parse_run(&bytes).map_err(|problem| StoreError::understand(path, problem))
    }

    /// The newest run of every target in one session.
    ///
    /// # Errors
    /// When the folder cannot be listed. Unusable files are no error: they are named in the result.
    pub fn session_runs(&self, session: &str) -> Result<FoundRuns, StoreError> {
        let session = file_safe(session);
        let files = self.run_files()?;
        let of_session: Vec<PathBuf> =
            files.into_iter().filter(|path| session_in_name(path) == Some(session.as_str())).collect();
        Ok(newest_by_target(&of_session))
    }

    /// The newest run of every target in the newest session.
    ///
    /// # Errors
    /// When the folder cannot be listed.
    pub fn newest_session(&self) -> Result<FoundRuns, StoreError> {
        let files = self.run_files()?;
        let Some(session) = files.iter().rev().find_map(|path| session_in_name(path)) else {
            return Ok(FoundRuns::default());
        };
        let of_session: Vec<PathBuf> =
            files.iter().filter(|path| session_in_name(path) == Some(session)).cloned().collect();
        Ok(newest_by_target(&of_session))
    }

    /// Every file that could be a run record, oldest first. A folder that does not exist holds none.
    fn run_files(&self) -> Result<Vec<PathBuf>, StoreError> {
        let folder = self.runs();
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(StoreError::read(&folder, error)),
        };
        let mut files: Vec<PathBuf> = entries
            .flatten()
            .map(|entry| entry.path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
            .collect();
        files.sort_unstable();
        Ok(files)
    }
}

/// Only the schema, to tell what a file is before reading the rest of it.
#[derive(Deserialize)]
struct Head {
    schema: Schema,
}

fn parse_run(bytes: &[u8]) -> Result<Run, String> {
    let head: Head = serde_json::from_slice(bytes).map_err(|error| format!("it is not a scalebench file ({error})"))?;
    let known = Schema::run();
    if head.schema.name != known.name {
        return Err(format!("it is a `{}`, not a `{}`", head.schema.name, known.name));
    }
    if head.schema.major > known.major {
        return Err(format!(
            "it was written by a newer scalebench (format {}.{}, this one reads up to {}.x)",
            head.schema.major, head.schema.minor, known.major
        ));
    }
    serde_json::from_slice(bytes).map_err(|error| format!("it is damaged ({error})"))
}

/// A run's id comes from a file now and then; it must not lead anywhere else.
fn file_safe_id(id: &str) -> String {
    id.split('_').map(file_safe).collect::<Vec<_>>().join("_")
}

fn session_in_name(path: &Path) -> Option<&str> {
    path.file_stem()?.to_str()?.split('_').nth(1)
}

fn newest_by_target(files: &[PathBuf]) -> FoundRuns {
    let mut found = FoundRuns::default();
    for path in files.iter().rev() {
        match Home::read_run(path) {
            Ok(run) if found.runs.iter().any(|newer| newer.target == run.target) => {}
            Ok(run) => found.runs.push(run),
            Err(problem) => found.problems.push(problem),
        }
    }
    found.runs.reverse();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_cannot_leave_the_folder() {
        assert_eq!(run_id(5, "../a b", "x/../y\0"), "000000000005_..-a-b_x-..-y-");
        assert!(!file_safe_id("../../etc/passwd").contains('/'));
    }

    #[test]
    fn foreign_newer_and_truncated_files_are_told_apart() {
        let newer = br#"{"schema":{"name":"scalebench.run","major":9,"minor":0}}"#;
        assert!(parse_run(newer).expect_err("newer").contains("newer scalebench"));
        let foreign = br#"{"schema":{"name":"other","major":1,"minor":0}}"#;
        assert!(parse_run(foreign).expect_err("foreign").contains("`other`"));
        assert!(parse_run(b"").expect_err("empty").contains("not a scalebench file"));
        let cut = br#"{"schema":{"name":"scalebench.run","major":1,"minor":0}}"#;
        assert!(parse_run(cut).expect_err("cut").contains("damaged"));
    }
}

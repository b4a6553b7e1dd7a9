//! Reading run records.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use scalebench_model::data::{Run, Schema};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::files::{LARGEST, read_file};
use crate::runs::{file_safe, file_safe_id, names_target, session_in_name, stem};
use crate::{Home, StoreError, TargetName};

/// What was found in `runs/`: the usable records and, a sentence each, what is wrong with the others.
#[derive(Debug, Default)]
pub struct FoundRuns {
    /// Usable records, oldest first.
    pub runs: Vec<Run>,
    /// Files that were passed over.
    pub problems: Vec<StoreError>,
}

impl Home {
    /// Reads the run record at `path`.
    ///
    /// # Errors
    /// When it cannot be read, is not a run record, or comes from a newer major version.
    pub fn read_run(path: &Path) -> Result<Run, StoreError> {
        let bytes = read_file(path, LARGEST).map_err(|error| StoreError::read(path, error))?;
        parse_document(&bytes, &Schema::run())
            .map_err(|problem| StoreError::understand(path, problem))
    }

    /// Reads a record of this home, which must be a file in it.
    pub(crate) fn read_own(&self, path: &Path) -> Result<Run, StoreError> {
        self.check_file(path)?;
        Self::read_run(path)
    }

    /// What one session measured: of every benchmark its newest record. A runner that starts the binary once for each
    /// benchmark leaves as many runs of the same target as one that starts it once for all.
    ///
    /// # Errors
    /// When the folder cannot be listed. Unusable files are no error: they are named in the result.
    pub fn session_runs(&self, session: &str) -> Result<FoundRuns, StoreError> {
        let session = file_safe(session);
        let files = self.run_files()?;
        let of_session: Vec<PathBuf> = files
            .into_iter()
            .filter(|path| session_in_name(path) == Some(session.as_str()))
            .collect();
        Ok(self.newest_records(&of_session))
    }

    /// What the newest session measured: of every benchmark its newest record.
    ///
    /// # Errors
    /// When the folder cannot be listed.
    pub fn newest_session(&self) -> Result<FoundRuns, StoreError> {
        let files = self.run_files()?;
        let Some(session) = files.iter().rev().find_map(|path| session_in_name(path)) else {
            return Ok(FoundRuns::default());
        };
        let of_session: Vec<PathBuf> = files
            .iter()
            .filter(|path| session_in_name(path) == Some(session))
            .cloned()
            .collect();
        Ok(self.newest_records(&of_session))
    }

    /// The newest few runs of `target` that began before the run `id`, oldest first. They may have measured different
    /// benchmarks, by filters, so one alone would not do.
    pub(crate) fn runs_of(
        &self,
        target: TargetName<'_>,
        before: &str,
    ) -> Result<FoundRuns, StoreError> {
        const MOST: usize = 20;
        let mut found = FoundRuns::default();
        for path in self.run_files()?.iter().rev() {
            let stem = stem(path);
            if found.runs.len() == MOST || stem >= before || !names_target(stem, target.name) {
                continue;
            }
            match self.read_own(path) {
                Ok(run) if run.package.as_deref() == target.package => found.runs.push(run),
                Ok(_) => {}
                Err(problem) => found.problems.push(problem),
            }
        }
        found.runs.reverse();
        Ok(found)
    }

    /// The newest few runs of each target of these runs that began before all of them, in other sessions; oldest first.
    /// They stand beside them in the history. What they were compared with is left out: nobody asks for it.
    ///
    /// # Errors
    /// When the folder cannot be listed. Unusable files are no error: they are named in the result.
    pub fn older_runs(&self, runs: &[Run]) -> Result<FoundRuns, StoreError> {
        const MOST: usize = 30;
        let Some(first) = runs.iter().map(|run| file_safe_id(&run.id)).min() else {
            return Ok(FoundRuns::default());
        };
        let sessions: Vec<String> = runs.iter().map(|run| file_safe(&run.session)).collect();
        // Of each target the sessions that were found.
        let mut met: Vec<(TargetName<'_>, Vec<String>)> = Vec::new();
        for target in runs.iter().map(TargetName::of) {
            if !met.iter().any(|(known, _)| *known == target) {
                met.push((target, Vec::new()));
            }
        }
        let mut found = FoundRuns::default();
        for path in self.run_files()?.iter().rev() {
            let (stem, session) = (stem(path), session_in_name(path).unwrap_or(""));
            let is_in = |sessions: &[String]| sessions.iter().any(|known| known == session);
            let room = |met: &[String]| met.len() < MOST || is_in(met);
            let wanted = stem < first.as_str()
                && !is_in(&sessions)
                && (met.iter()).any(|(target, met)| names_target(stem, target.name) && room(met));
            if !wanted {
                continue;
            }
            match self.read_own(path) {
                Ok(mut run) => {
                    let target = TargetName::of(&run);
                    let its = met.iter_mut().find(|(known, _)| *known == target);
                    let Some((_, met)) = its.filter(|(_, met)| room(met)) else {
                        continue;
                    };
                    if !is_in(met) {
                        met.push(session.to_owned());
                    }
                    run.compared = None;
                    found.runs.push(run);
                }
                Err(problem) => found.problems.push(problem),
            }
        }
        found.runs.reverse();
        Ok(found)
    }

    /// Reads the runs and leaves each benchmark only in the newest run that has it.
    fn newest_records(&self, files: &[PathBuf]) -> FoundRuns {
        let mut found = FoundRuns::default();
        let mut seen = HashSet::new();
        for path in files.iter().rev() {
            match self.read_own(path) {
                Ok(mut run) => {
                    // Packages of one workspace may have targets of the same name; their functions lie in different files.
                    let target = run.target.clone();
                    run.benchmarks.retain(|record| {
                        seen.insert((
                            target.clone(),
                            record.location.file.clone(),
                            record.id.clone(),
                        ))
                    });
                    if !run.benchmarks.is_empty() {
                        found.runs.push(run);
                    }
                }
                Err(problem) => found.problems.push(problem),
            }
        }
        found.runs.reverse();
        found
    }
}

/// Only the schema, to tell what a file is before reading the rest of it.
#[derive(Deserialize)]
struct Head {
    schema: Schema,
}

/// Reads a document of the given kind, and says in words what is wrong with one that cannot be used.
///
/// # Errors
/// When it is not JSON of ours, is another document, comes from a newer major version, or is damaged.
pub fn parse_document<T: DeserializeOwned>(bytes: &[u8], known: &Schema) -> Result<T, String> {
    let head: Head = serde_json::from_slice(bytes)
        .map_err(|error| format!("it is not a scalebench file ({error})"))?;
    if head.schema.name != known.name {
        return Err(format!(
            "it is a `{}`, not a `{}`",
            head.schema.name, known.name
        ));
    }
    if head.schema.major > known.major {
        return Err(format!(
            "it was written by a newer scalebench (format {}.{}, this one reads up to {}.x)",
            head.schema.major, head.schema.minor, known.major
        ));
    }
    serde_json::from_slice(bytes).map_err(|error| format!("it is damaged ({error})"))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::runs::tests::run;

    #[test]
    fn a_session_shows_every_benchmark_once_and_its_newest_record() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let home = Home::at(folder.path());
        let saved = [
            run(1, "s", "maps", &[("maps::get", "benches/maps.rs")]),
            run(2, "s", "maps", &[("maps::insert", "benches/maps.rs")]),
            run(3, "s", "maps", &[("maps::get", "benches/maps.rs")]),
            run(4, "s", "maps", &[("maps::get", "other/benches/maps.rs")]),
        ];
        for each in &saved {
            home.save_run(each).expect("writable");
        }
        let shown: Vec<(u64, String)> = home
            .session_runs("s")
            .expect("readable")
            .runs
            .into_iter()
            .flat_map(|run| {
                run.benchmarks
                    .into_iter()
                    .map(move |record| (run.started_unix_s, record.id))
            })
            .collect();
        let expected = [(2, "maps::insert"), (3, "maps::get"), (4, "maps::get")];
        assert_eq!(shown, expected.map(|(when, id)| (when, id.to_owned())));
    }

    #[test]
    fn older_runs_are_of_the_same_targets_and_of_other_sessions() {
        fn of(second: u64, session: &str, target: &str) -> Run {
            run(second, session, target, &[("id", "file")])
        }
        let folder = tempfile::tempdir().expect("a temporary folder");
        let home = Home::at(folder.path());
        let own = [of(50, "now", "maps"), of(51, "now", "queues")];
        let mut package = of(3, "c", "maps");
        package.package = Some("other".into());
        let others = [
            of(1, "a", "maps"),
            of(2, "b", "queues"),
            package,
            of(4, "now", "maps"),
            of(5, "e", "locks"),
            of(60, "later", "maps"),
        ];
        for each in own.iter().chain(&others) {
            home.save_run(each).expect("writable");
        }
        let broken = home.runs().join("000000000006_f_maps_1.json");
        fs::write(&broken, b"{").expect("writable");
        let found = home.older_runs(&own).expect("readable");
        let seconds = |found: &FoundRuns| -> Vec<u64> {
            found.runs.iter().map(|run| run.started_unix_s).collect()
        };
        assert_eq!(seconds(&found), [1, 2]);
        assert_eq!(found.problems.len(), 1);
        for second in 10..50 {
            let session = format!("s{second}");
            home.save_run(&of(second, &session, "maps"))
                .expect("writable");
        }
        home.save_run(&of(35, "s40", "maps")).expect("writable");
        let found = home.older_runs(&own[..1]).expect("readable");
        let mut expected: Vec<u64> = (20..50).chain([35]).collect();
        expected.sort_unstable();
        assert_eq!(seconds(&found), expected);
    }

    #[test]
    fn foreign_newer_and_truncated_files_are_told_apart() {
        let newer = br#"{"schema":{"name":"scalebench.run","major":9,"minor":0}}"#;
        assert!(
            parse_document::<Run>(newer, &Schema::run())
                .expect_err("newer")
                .contains("newer scalebench")
        );
        let foreign = br#"{"schema":{"name":"other","major":1,"minor":0}}"#;
        assert!(
            parse_document::<Run>(foreign, &Schema::run())
                .expect_err("foreign")
                .contains("`other`")
        );
        assert!(
            parse_document::<Run>(b"", &Schema::run())
                .expect_err("empty")
                .contains("not a scalebench file")
        );
        let cut = br#"{"schema":{"name":"scalebench.run","major":1,"minor":0}}"#;
        assert!(
            parse_document::<Run>(cut, &Schema::run())
                .expect_err("cut")
                .contains("damaged")
        );
    }
}

//! Named baselines: run records kept until the user overwrites them.

use std::fs;
use std::path::PathBuf;

use scalebench_model::data::Run;

use crate::files::write_atomic;
use crate::runs::file_safe;
use crate::{FoundRuns, Home, StoreError, TargetName};

impl Home {
    /// Keeps `run` as the baseline `name` of its target.
    ///
    /// # Errors
    /// When it cannot be written; then the baseline before is still there.
    pub fn save_baseline(&self, name: &str, run: &Run) -> Result<PathBuf, StoreError> {
        let path = self.baseline_path(name, TargetName::of(run));
        self.check_place(&path)?;
        let text =
            serde_json::to_string(run).map_err(|error| StoreError::understand(&path, error))?;
        write_atomic(&path, text.as_bytes())?;
        Ok(path)
    }

    /// The baseline `name` of a target, or `None` where there is none.
    ///
    /// # Errors
    /// When there is one that cannot be read or used, or that is of another target.
    pub fn baseline(&self, name: &str, target: TargetName<'_>) -> Result<Option<Run>, StoreError> {
        let path = self.baseline_path(name, target);
        match fs::symlink_metadata(&path) {
            Ok(_) => {
                self.check_file(&path)?;
                let run = Self::read_run(&path)?;
                if run.target != target.name {
                    let problem = format!("it is of `{}`, not of `{}`", run.target, target.name);
                    return Err(StoreError::understand(&path, problem));
                }
                Ok(Some(run))
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(StoreError::read(&path, error)),
        }
    }

    /// The baseline `name` of all targets, sorted by file; none where there is no such baseline.
    ///
    /// # Errors
    /// When one of its files cannot be read or used.
    pub fn baseline_runs(&self, name: &str) -> Result<Vec<Run>, StoreError> {
        let folder = self.folder().join("baselines").join(folder_name(name));
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        let mut files: Vec<PathBuf> = entries
            .map(|entry| entry.path())
            .filter(|path| path.extension().is_some_and(|end| end == "json"))
            .collect();
        files.sort_unstable();
        files.iter().map(|path| self.read_own(path)).collect()
    }

    /// The names of the baselines that hold this target, sorted.
    #[must_use]
    pub fn baseline_names(&self, target: TargetName<'_>) -> Vec<String> {
        let folder = self.folder().join("baselines");
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        let mut names: Vec<String> = entries
            .filter_map(|entry| entry.file_name().into_string().ok())
            .filter(|name| self.baseline_path(name, target).is_file())
            .collect();
        names.sort_unstable();
        names
    }

    /// The runs of a target before this one, newest last: what a run is compared with unless a baseline is named.
    ///
    /// # Errors
    /// When the folder cannot be listed.
    pub fn runs_before(&self, run: &Run) -> Result<FoundRuns, StoreError> {
        self.runs_of(TargetName::of(run), &run.id)
    }

    /// Two names must not share a file, so what cannot stand in a file name is replaced and a checksum added.
    fn baseline_path(&self, name: &str, target: TargetName<'_>) -> PathBuf {
        let folder = self.folder().join("baselines").join(folder_name(name));
        let file = match target.package {
            Some(package) => format!("{}.{}.json", file_safe(package), file_safe(target.name)),
            None => format!("{}.json", file_safe(target.name)),
        };
        folder.join(file)
    }
}

fn folder_name(name: &str) -> String {
    let safe = file_safe(name);
    let plain = safe == name && !name.starts_with('.');
    if plain {
        return safe;
    }
    // FNV-1a: it only has to keep apart the names that one person chooses.
    let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{}~{hash:016x}", safe.replace('.', "-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_in_the_folder_and_apart() {
        assert_eq!(folder_name("main"), "main");
        for name in ["..", ".", "a/b", "", "../x"] {
            let folder = folder_name(name);
            assert!(
                !folder.contains('/') && !folder.starts_with('.'),
                "{folder}"
            );
        }
        assert_ne!(folder_name("a/b"), folder_name("a:b"));
    }

    const MAPS: TargetName<'static> = TargetName {
        package: None,
        name: "maps",
    };

    #[test]
    fn packages_with_targets_of_the_same_name_keep_baselines_of_their_own() {
        let home = Home::at("home");
        let of = |package| TargetName {
            package,
            name: "maps",
        };
        let paths = [None, Some("alpha"), Some("beta")].map(|p| home.baseline_path("main", of(p)));
        assert!(paths[0] != paths[1] && paths[1] != paths[2], "{paths:?}");
    }

    #[test]
    fn a_missing_baseline_is_none_and_a_broken_one_an_error() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let home = Home::at(folder.path());
        assert!(home.baseline("main", MAPS).expect("no error").is_none());
        let path = home.baseline_path("main", MAPS);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(&path, b"{").expect("written");
        let error = home.baseline("main", MAPS).expect_err("broken").to_string();
        assert!(error.contains("maps.json"), "{error}");
    }
}

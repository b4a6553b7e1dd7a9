//! Where the files are.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::files::{no_file, write_atomic};
use crate::{Lock, StoreError};

/// The folder that holds everything scalebench keeps for one target folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home {
    folder: PathBuf,
}

impl Home {
    /// The home of the running bench binary: `SCALEBENCH_HOME`, else `scalebench` in the target folder: the one that
    /// `CARGO_TARGET_DIR` names by an absolute path, else the one that the binary lies in, else `CARGO_TARGET_DIR` or
    /// `target` below the current folder.
    #[must_use]
    pub fn locate() -> Self {
        if let Some(folder) = variable("SCALEBENCH_HOME") {
            return Self { folder };
        }
        let named = variable("CARGO_TARGET_DIR");
        // cargo runs a bench in its package's folder, so a relative path no longer means what its user meant.
        let target = match named {
            Some(folder) if folder.is_absolute() => folder,
            named => target_of_this_binary()
                .or(named)
                .unwrap_or_else(|| "target".into()),
        };
        Self::in_target(&target)
    }

    /// The home below a target folder, unless `SCALEBENCH_HOME` names another.
    #[must_use]
    pub fn in_target(target: &Path) -> Self {
        Self {
            folder: variable("SCALEBENCH_HOME").unwrap_or_else(|| target.join("scalebench")),
        }
    }

    /// A home at this very folder.
    #[must_use]
    pub fn at(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
        }
    }

    /// The folder itself.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where the run records are.
    #[must_use]
    pub fn runs(&self) -> PathBuf {
        self.folder.join("runs")
    }

    /// Where the page is.
    #[must_use]
    pub fn report(&self) -> PathBuf {
        self.folder.join("report")
    }

    /// Takes the lock that one run at a time holds; waits when another has it, and tells `on_wait` who that is.
    ///
    /// # Errors
    /// When the folder or the lock file cannot be made.
    pub fn lock(&self, on_wait: impl FnOnce(&str)) -> Result<Lock, StoreError> {
        let path = self.folder.join("lock");
        self.check_place(&path)?;
        if !fs::symlink_metadata(&path).map_or(true, |found| found.is_file()) {
            return Err(StoreError::lock(&path, no_file()));
        }
        Lock::take(&path, on_wait)
    }

    /// Writes a file of the report, such as `index.html`, and returns its path.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write_report(&self, name: &str, text: &str) -> Result<PathBuf, StoreError> {
        let path = self.report().join(name);
        self.check_place(&path)?;
        write_atomic(&path, text.as_bytes())?;
        Ok(path)
    }
}

impl Home {
    /// Makes the folder `name` of the home, with those around it, where they are not there.
    ///
    /// # Errors
    /// When it cannot be made, or is a link that leads out of the home: what lies there is not ours.
    pub fn make_folder(&self, name: &str) -> Result<PathBuf, StoreError> {
        let folder = self.folder.join(name);
        if let Some(outside) = self.leads_out(&folder) {
            let problem = format!("it is a link that leads to `{}`", outside.display());
            return Err(StoreError::write(&folder, io::Error::other(problem)));
        }
        fs::create_dir_all(&folder).map_err(|error| StoreError::write(&folder, error))?;
        Ok(folder)
    }

    /// Refuses a place whose folder is a link that leads out of the home. The home itself may be a link: target folders
    /// often lie on another disk.
    ///
    /// # Errors
    /// When it leads out.
    pub(crate) fn check_place(&self, path: &Path) -> Result<(), StoreError> {
        match path.parent().and_then(|folder| self.leads_out(folder)) {
            None => Ok(()),
            Some(outside) => {
                let problem = format!("its folder is a link that leads to `{}`", outside.display());
                Err(StoreError::write(path, io::Error::other(problem)))
            }
        }
    }

    /// Where `folder`, or the nearest one around it that exists, leads to outside of the home.
    fn leads_out(&self, folder: &Path) -> Option<PathBuf> {
        // What does not exist yet leads nowhere.
        let home = self.folder.canonicalize().ok()?;
        let nearest = (folder.ancestors()).find(|each| fs::symlink_metadata(each).is_ok())?;
        let folder = nearest.canonicalize().ok()?;
        (!folder.starts_with(home)).then_some(folder)
    }

    /// Refuses what is no file, such as a pipe that nobody writes to, and a link that leads out of the home.
    ///
    /// # Errors
    /// When it is, or does.
    pub(crate) fn check_file(&self, path: &Path) -> Result<(), StoreError> {
        let is_file = fs::metadata(path).map_err(|error| StoreError::read(path, error))?;
        if !is_file.is_file() {
            return Err(StoreError::read(path, no_file()));
        }
        let (Ok(home), Ok(file)) = (self.folder.canonicalize(), path.canonicalize()) else {
            return Ok(());
        };
        if file.starts_with(home) {
            return Ok(());
        }
        let problem = format!("it is a link that leads to `{}`", file.display());
        Err(StoreError::read(path, io::Error::other(problem)))
    }
}

fn variable(name: &str) -> Option<PathBuf> {
    std::env::var_os(name)
        .filter(|value| !value.is_empty())
        .map(PathBuf::from)
}

/// Cargo marks its target folder as a cache; the bench binary lies somewhere below it.
fn target_of_this_binary() -> Option<PathBuf> {
    let binary = std::env::current_exe().ok()?;
    let marked = |folder: &&Path| {
        fs::read_to_string(folder.join("CACHEDIR.TAG")).is_ok_and(|tag| tag.contains("cargo"))
    };
    binary.ancestors().skip(1).find(marked).map(Path::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_folder_is_made_and_not_found_behind_a_link() {
        use std::os::unix::fs::symlink;
        let place = tempfile::tempdir().expect("a temporary folder");
        let outside = place.path().join("outside");
        fs::create_dir(&outside).expect("made");
        let home = Home::at(place.path().join("home"));
        let made = home.make_folder("deep/er").expect("made");
        assert_eq!(made, home.folder().join("deep/er"));
        for (link, folder) in [("link", "link"), ("around", "around/it")] {
            symlink(&outside, home.folder().join(link)).expect("linked");
            let error = home.make_folder(folder).expect_err("it leads out");
            assert_eq!(error.path(), home.folder().join(folder));
        }
        symlink(outside.join("gone"), home.folder().join("dangling")).expect("linked");
        home.make_folder("dangling").expect_err("it leads out");
        assert_eq!(fs::read_dir(&outside).expect("listable").count(), 0);
        // What stays inside is the user's way of sorting it.
        symlink(made, home.folder().join("inside")).expect("linked");
        home.make_folder("inside").expect("it stays inside");
    }

    #[test]
    fn test_binaries_lie_in_a_marked_target_folder() {
        let target = target_of_this_binary().expect("cargo runs this test from its target folder");
        assert!(std::env::current_exe().expect("known").starts_with(target));
    }
}

//! What can go wrong with a file.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// A file could not be read, written or understood. Says which file, what was tried and what to do.
#[derive(Debug)]
pub struct StoreError {
    path: PathBuf,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Read(io::Error),
    Write(io::Error),
    Summary(io::Error),
    Remove(io::Error),
    Lock(io::Error),
    Understand(String),
}

impl StoreError {
    pub(crate) fn read(path: &Path, error: io::Error) -> Self {
        Self {
            path: path.to_owned(),
            kind: Kind::Read(error),
        }
    }

    pub(crate) fn write(path: &Path, error: io::Error) -> Self {
        Self {
            path: path.to_owned(),
            kind: Kind::Write(error),
        }
    }

    pub(crate) fn summary(path: &Path, error: io::Error) -> Self {
        Self {
            path: path.to_owned(),
            kind: Kind::Summary(error),
        }
    }

    pub(crate) fn remove(path: &Path, error: io::Error) -> Self {
        Self {
            path: path.to_owned(),
            kind: Kind::Remove(error),
        }
    }

    pub(crate) fn lock(path: &Path, error: io::Error) -> Self {
        Self {
            path: path.to_owned(),
            kind: Kind::Lock(error),
        }
    }

    pub(crate) fn understand(path: &Path, problem: impl fmt::Display) -> Self {
        Self {
            path: path.to_owned(),
            kind: Kind::Understand(problem.to_string()),
        }
    }

    /// The file that the error is about.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display();
        match &self.kind {
            Kind::Read(error) => write!(f, "could not read `{path}`: {error}"),
            Kind::Write(error) => write!(
                f,
                "could not write `{path}`: {error}. Make room or give permission, or name another folder in SCALEBENCH_HOME"
            ),
            Kind::Summary(error) => write!(
                f,
                "could not add the report to `{path}`, which GITHUB_STEP_SUMMARY names: {error}"
            ),
            Kind::Remove(error) => write!(f, "could not remove `{path}`: {error}"),
            Kind::Lock(error) => write!(f, "could not lock `{path}`: {error}"),
            Kind::Understand(problem) => {
                write!(
                    f,
                    "`{path}` is not usable: {problem}. Move it away; other files are still used"
                )
            }
        }
    }
}

impl std::error::Error for StoreError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.kind {
            Kind::Read(error)
            | Kind::Write(error)
            | Kind::Summary(error)
            | Kind::Remove(error)
            | Kind::Lock(error) => Some(error),
            Kind::Understand(_) => None,
        }
    }
}

//! Programs that are started more than once, and whose files may be deleted or replaced meanwhile: builds and clean-ups do
//! that.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

/// A program as it was when it was named.
#[derive(Debug, Clone)]
pub(crate) struct Program {
    path: PathBuf,
    /// Kept open, where it can be read: so the system keeps what was in it.
    file: Option<Arc<File>>,
}

impl Program {
    /// The program that runs.
    pub(crate) fn this() -> Self {
        let path = std::env::current_exe().ok().or_else(called_as);
        let path = path.unwrap_or_default();
        // By that name it is found even where its file has gone already.
        let file = File::open("/proc/self/exe").or_else(|_| File::open(&path));
        Self {
            path,
            file: file.ok().map(Arc::new),
        }
    }

    /// The program at `path`.
    #[cfg(feature = "compare")]
    pub(crate) fn at(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            file: File::open(path).ok().map(Arc::new),
        }
    }

    /// Where it lies, or lay.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Whether its file is still there, and the same.
    pub(crate) fn is_in_place(&self) -> bool {
        match &self.file {
            Some(file) => is_at(file, &self.path),
            None => self.path.is_file(),
        }
    }

    /// A command that starts it.
    ///
    /// # Errors
    /// When its file has gone, and the system can start no program without.
    pub(crate) fn command(&self) -> io::Result<Command> {
        if self.is_in_place() {
            return Ok(Command::new(&self.path));
        }
        self.command_without_path().ok_or_else(|| {
            let problem = format!(
                "`{}` was deleted or replaced during the run. Build it again, and leave it alone until the run is over",
                self.path.display()
            );
            io::Error::other(problem)
        })
    }

    /// Starts what was kept open, under the old name.
    #[cfg(target_os = "linux")]
    fn command_without_path(&self) -> Option<Command> {
        use std::os::fd::AsRawFd;
        use std::os::unix::process::CommandExt;

        let number = self.file.as_ref()?.as_raw_fd();
        let mut command = Command::new(format!("/proc/self/fd/{number}"));
        command.arg0(&self.path);
        Some(command)
    }

    #[cfg(not(target_os = "linux"))]
    fn command_without_path(&self) -> Option<Command> {
        None
    }
}

/// The name that this program was called by, where the system cannot say which program runs (no `/proc`).
fn called_as() -> Option<PathBuf> {
    let name = std::env::args_os().next().map(PathBuf::from);
    name.filter(|path| path.is_file())
}

/// Whether the open file is what lies at `path`. While it is open nothing else can get its number.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;

    let (Ok(open), Ok(there)) = (file.metadata(), std::fs::metadata(path)) else {
        return false;
    };
    (open.dev(), open.ino()) == (there.dev(), there.ino())
}

#[cfg(not(unix))]
fn is_at(_file: &File, path: &Path) -> bool {
    path.is_file()
}

#[cfg(all(test, target_os = "linux", feature = "compare"))]
mod tests {
    use super::*;

    #[test]
    fn a_program_can_be_started_after_its_file_has_gone() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("program");
        std::fs::copy("/bin/true", &path).expect("there is a program");
        let program = Program::at(&path);
        let starts = || program.command().and_then(|mut command| command.status());
        assert!(program.is_in_place() && starts().expect("it starts").success());
        std::fs::remove_file(&path).expect("it is there");
        assert!(!program.is_in_place() && starts().expect("it starts").success());
        // What has its name now is another one.
        std::fs::copy("/bin/false", &path).expect("there is a program");
        assert!(!program.is_in_place() && starts().expect("it starts").success());
    }
}

//! Copies of the bench binaries, out of the way of cargo, which builds another revision under the same names.

use std::fs;
use std::path::{Path, PathBuf};

use scalebench_store::Home;

use super::binaries::{BenchBinary, is_ours};
use crate::exit::Failure;

/// The sides of a comparison, and so the folders of the copies.
pub(super) const OLD: &str = "old";
pub(super) const NEW: &str = "new";

/// Within the home.
const FOLDER: &str = "compare/programs";

/// The copies; removed when dropped.
pub(super) struct Programs<'a> {
    home: &'a Home,
    folder: PathBuf,
}

impl<'a> Programs<'a> {
    /// Without what a killed comparison has left.
    ///
    /// # Errors
    /// When their folder cannot be made.
    pub(super) fn new(home: &'a Home) -> Result<Self, Failure> {
        let folder = home.make_folder(FOLDER)?;
        let programs = Self { home, folder };
        programs.clear();
        Ok(programs)
    }

    /// Copies a program of one side.
    ///
    /// # Errors
    /// When it cannot be copied, or something else lies where the copy would.
    pub(super) fn keep(&self, side: &str, binary: &mut BenchBinary) -> Result<(), Failure> {
        let folder = self.home.make_folder(&format!("{FOLDER}/{side}"))?;
        // The name stays: the program looks for others of its kind beside it.
        let copy = folder.join(binary.path.file_name().unwrap_or_default());
        if fs::symlink_metadata(&copy).is_ok() {
            return Err(Failure::files(format!(
                "`{}` is in the way: no comparison has made it, so it stays\nhelp: move it elsewhere",
                copy.display()
            )));
        }
        // A copy that was cut short is not in the way of the next.
        let part = folder.join(format!(".copy.{}.part", std::process::id()));
        let copied = fs::copy(&binary.path, &part).and_then(|_| fs::rename(&part, &copy));
        copied.map_err(|error| {
            let _ = fs::remove_file(&part);
            Failure::files(format!("could not write `{}`: {error}", copy.display()))
        })?;
        binary.path = copy;
        Ok(())
    }

    /// Removes bench binaries, and the folders where nothing else lies in them.
    fn clear(&self) {
        for side in [OLD, NEW] {
            let folder = self.folder.join(side);
            // What lies behind a link is not here.
            if !fs::symlink_metadata(&folder).is_ok_and(|found| found.is_dir()) {
                continue;
            }
            for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
                if is_copy(&entry.path()) {
                    let _ = fs::remove_file(entry.path());
                }
            }
            let _ = fs::remove_dir(folder);
        }
    }
}

impl Drop for Programs<'_> {
    fn drop(&mut self) {
        self.clear();
        let _ = fs::remove_dir(&self.folder);
    }
}

fn is_copy(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|found| found.is_file()) && is_ours(path)
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::symlink;

    use scalebench_store::BENCH_MARKER;

    use super::*;

    fn binary(path: PathBuf) -> BenchBinary {
        fs::write(&path, BENCH_MARKER).expect("writable");
        BenchBinary {
            package: "package".to_owned(),
            target: "target".to_owned(),
            folder: path.parent().expect("a folder").to_owned(),
            path,
        }
    }

    #[test]
    fn copies_are_removed_and_nothing_else() {
        let place = tempfile::tempdir().expect("a temporary folder");
        let home = Home::at(place.path().join("home"));
        let folder = home.make_folder("compare/programs/old").expect("made");
        // Of a killed comparison, and of somebody.
        fs::write(folder.join("left-1"), BENCH_MARKER).expect("writable");
        fs::write(folder.join("notes"), "precious").expect("writable");
        let mut copied = binary(place.path().join("maps-1"));
        {
            let programs = Programs::new(&home).expect("made");
            assert!(!folder.join("left-1").exists());
            programs.keep(OLD, &mut copied).expect("copied");
            assert_eq!(copied.path, folder.join("maps-1"));
            let mut blocked = binary(place.path().join("notes"));
            programs.keep(OLD, &mut blocked).expect_err("in the way");
        }
        let left: Vec<_> = fs::read_dir(&folder).expect("there").flatten().collect();
        assert_eq!(left.len(), 1);
        assert_eq!(fs::read(folder.join("notes")).expect("there"), b"precious");
        fs::remove_file(folder.join("notes")).expect("removed");
        drop(Programs::new(&home));
        assert!(!home.folder().join(FOLDER).exists());
    }

    #[test]
    fn copies_are_neither_written_nor_removed_through_links() {
        let place = tempfile::tempdir().expect("a temporary folder");
        let home = Home::at(place.path().join("home"));
        let outside = place.path().join("outside");
        fs::create_dir(&outside).expect("made");
        let theirs = binary(outside.join("maps-1")).path;
        let mut ours = binary(place.path().join("maps-1"));
        let folder = home.make_folder(FOLDER).expect("made");
        symlink(&outside, folder.join(OLD)).expect("linked");
        fs::create_dir(folder.join(NEW)).expect("made");
        symlink(&theirs, folder.join(NEW).join("maps-1")).expect("linked");
        fs::write(&theirs, "precious").expect("writable");
        {
            let programs = Programs::new(&home).expect("made");
            programs.keep(OLD, &mut ours).expect_err("it leads out");
            programs.keep(NEW, &mut ours).expect_err("in the way");
        }
        assert_eq!(fs::read(theirs).expect("there"), b"precious");
        assert_eq!(fs::read_dir(outside).expect("there").count(), 1);
    }
}

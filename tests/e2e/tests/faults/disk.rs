//! Disks that are full, read-only, forbidden, gone, or hold a file where a folder should be: the table is still
//! printed, the message names the path, the exit code is 4, and what was stored before is untouched.
#![cfg(target_os = "linux")]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use scalebench_store::Home;

use crate::counts::Counts;
use crate::patience::{no_panic, output, wait, wait_for};
use crate::processes::{send, workers};
use crate::run::{SMALL, command, planned};

/// The table was printed, the path is named, and the exit code says that something could not be written.
fn is_told(output: &Output, path: &str) {
    let said = no_panic(output, &path);
    let table = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(4), "{path}: {said}");
    assert!(table.contains("known::counter"), "{path}: {table}");
    assert!(said.contains(path), "`{path}` is not named: {said}");
}

/// A home with one good run.
fn home_with_a_run() -> (tempfile::TempDir, Vec<PathBuf>) {
    let home = tempfile::tempdir().expect("a temporary folder");
    let first = output(&mut command(home.path(), &SMALL));
    assert_eq!(first.status.code(), Some(0), "{first:?}");
    let runs = stored(home.path());
    assert_eq!(runs.len(), 1);
    (home, runs)
}

/// The whole run records of a home.
fn stored(home: &Path) -> Vec<PathBuf> {
    let files = fs::read_dir(home.join("runs"))
        .into_iter()
        .flatten()
        .flatten();
    let paths = files.map(|entry| entry.path());
    paths.filter(|path| Home::read_run(path).is_ok()).collect()
}

/// Whether this process may mount. In containers it often may not.
fn may_mount() -> bool {
    let tried = Command::new("unshare")
        .args(["--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    tried.is_ok_and(|status| status.success())
}

/// The subjects below a mount of their own, which ends with them.
fn mounted(mount: &str, home: &Path, before: &str) -> Output {
    let script = format!(
        "mount {mount} \"$0\" && {before} exec {} \"$@\"",
        env!("CARGO_BIN_EXE_subjects")
    );
    let mut inner = Command::new("unshare");
    inner
        .args(["--mount", "sh", "-c", &script])
        .arg(home)
        .args(SMALL)
        .env("SCALEBENCH_HOME", home)
        .stdin(Stdio::null());
    output(&mut inner)
}

/// A file system of 64 KiB that is full, and one that is read-only; without the right to mount, a limit on file sizes.
fn full_and_read_only() -> Counts {
    let (home, runs) = home_with_a_run();
    if !may_mount() {
        println!("disk: no right to mount, so the full disk is a limit on the size of files");
        is_told(&limited(home.path()), "runs");
        assert_eq!(stored(home.path()), runs);
        return Counts::faults(1);
    }
    println!("disk: the full disk is a tmpfs of 64 KiB");
    let fill = "head -c 1000000 /dev/zero > \"$0/filler\" 2>/dev/null;";
    let full = mounted("-t tmpfs -o size=64k tmpfs", home.path(), fill);
    is_told(&full, "runs");
    let read_only = mounted("-t tmpfs -o ro tmpfs", home.path(), "");
    is_told(&read_only, &home.path().display().to_string());
    is_told(&limited(home.path()), "runs");
    // Beneath the mounts all is as it was.
    assert_eq!(stored(home.path()), runs);
    Counts::faults(3)
}

/// No file may grow beyond 1 KiB.
fn limited(home: &Path) -> Output {
    let script = format!(
        "ulimit -f 1; exec {} \"$@\"",
        env!("CARGO_BIN_EXE_subjects")
    );
    output(
        Command::new("sh")
            .args(["-c", &script, "sh"])
            .args(SMALL)
            .env("SCALEBENCH_HOME", home)
            .stdin(Stdio::null()),
    )
}

/// A folder that the user may read and not write.
fn no_permission() -> Counts {
    let (home, runs) = home_with_a_run();
    let folders = [home.path().to_owned(), home.path().join("runs")];
    let permit = |mode: u32| {
        for folder in &folders {
            fs::set_permissions(folder, fs::Permissions::from_mode(mode)).expect("they are ours");
        }
    };
    permit(0o555);
    let output = if is_root() {
        as_nobody(home.path())
    } else {
        output(&mut command(home.path(), &SMALL))
    };
    permit(0o755);
    is_told(&output, "runs");
    assert_eq!(stored(home.path()), runs);
    Counts::faults(1)
}

fn is_root() -> bool {
    // SAFETY-free: the owner of what this process makes tells who it is.
    use std::os::unix::fs::MetadataExt;
    fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0)
}

/// Permissions mean nothing to root, so somebody else runs a copy of the program that everybody may read.
fn as_nobody(home: &Path) -> Output {
    let place = tempfile::tempdir().expect("a temporary folder");
    let permitted = fs::Permissions::from_mode(0o755);
    fs::set_permissions(place.path(), permitted).expect("it is ours");
    let copy = place.path().join("subjects");
    fs::copy(env!("CARGO_BIN_EXE_subjects"), &copy).expect("a copy");
    output(
        Command::new("setpriv")
            .args(["--reuid=65534", "--regid=65534", "--clear-groups"])
            .arg(&copy)
            .args(SMALL)
            .current_dir("/")
            .env("SCALEBENCH_HOME", home)
            .stdin(Stdio::null()),
    )
}

/// A file where a folder should be, and a folder where a file should be, at every place that is written to.
fn wrong_kinds() -> Counts {
    let files = ["runs", "report", "baselines"];
    let folders = ["report/index.html", "report/report.json", "lock"];
    for place in files.iter().chain(&folders) {
        let home = tempfile::tempdir().expect("a temporary folder");
        let path = home.path().join(place);
        if files.contains(place) {
            fs::write(&path, "not a folder").expect("writable");
        } else {
            fs::create_dir_all(path.join("in the way")).expect("writable");
        }
        let arguments = [&SMALL[..], &["--save-baseline", "main"]].concat();
        let output = output(&mut command(home.path(), &arguments));
        if *place == "baselines" {
            // What cannot be read is said before any time is spent.
            let said = no_panic(&output, place);
            assert_eq!(output.status.code(), Some(4), "{said}");
            assert!(said.contains(place) && output.stdout.is_empty(), "{said}");
        } else if *place == "lock" {
            // A run without its lock is worth more than none; the user is told.
            let said = no_panic(&output, place);
            assert!(
                output.status.code() == Some(0) && said.contains("lock"),
                "{said}"
            );
        } else {
            is_told(&output, place);
        }
        if place.starts_with("report") {
            assert_eq!(stored(home.path()).len(), 1, "{place}: the run is kept");
        }
    }
    Counts::faults(files.len() + folders.len())
}

/// The folder is taken away while the run is under way; it is made anew.
fn vanished() -> Counts {
    let (home, _) = home_with_a_run();
    let arguments = planned("100", "3", "1ms", &["known::counter"]);
    let child = command(home.path(), &arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    wait_for("workers", Duration::from_secs(60), || {
        !workers(home.path()).is_empty()
    });
    fs::remove_dir_all(home.path()).expect("removable");
    send("-INT", child.id());
    let output = wait(child);
    assert_eq!(
        output.status.code(),
        Some(130),
        "{}",
        no_panic(&output, &"vanished")
    );
    assert_eq!(stored(home.path()).len(), 1);
    Counts::faults(1)
}

/// All of them; they are quick.
pub(crate) fn whole() -> Counts {
    let mut counts = full_and_read_only();
    counts += no_permission();
    counts += wrong_kinds();
    counts += vanished();
    counts
}

#[test]
fn disks_that_cannot_be_written_cost_nothing_but_the_files() {
    whole();
}

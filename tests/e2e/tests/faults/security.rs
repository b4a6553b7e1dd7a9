//! What must not be possible: to write outside of the folder, to widen permissions, or to listen.
#![cfg(target_os = "linux")]

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::counts::Counts;
use crate::patience::{no_panic, output, wait, wait_for};
use crate::processes::{of_home, send, workers};
use crate::run::{SMALL, command, planned};

/// Every file below a folder, without following links.
fn below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => open.push(entry.path()),
                _ => found.push(entry.path()),
            }
        }
    }
    found
}

/// Links at every place that is written to, each to something outside: what they lead to stays as it is.
fn links() -> Counts {
    let places = [
        "lock",
        "runs",
        "report",
        "baselines",
        "baselines/main",
        "report/index.html",
        "report/report.json",
        "report/summary.md",
        "baselines/main/scalebench-e2e.subjects.json",
    ];
    for place in places {
        let outside = tempfile::tempdir().expect("a temporary folder");
        let home = tempfile::tempdir().expect("a temporary folder");
        let is_folder = !place.contains('.') && place != "lock";
        let (aim, precious) = if is_folder {
            (
                outside.path().to_owned(),
                outside.path().join("precious.json"),
            )
        } else {
            (
                outside.path().join("precious.json"),
                outside.path().join("precious.json"),
            )
        };
        fs::write(&precious, "precious").expect("writable");
        let link = home.path().join(place);
        fs::create_dir_all(link.parent().expect("a folder")).expect("writable");
        symlink(&aim, &link).expect("a link");
        let arguments = [&SMALL[..], &["--save-baseline", "main"]].concat();
        let output = output(&mut command(home.path(), &arguments));
        let said = no_panic(&output, &place);
        assert_eq!(
            below(outside.path()),
            std::slice::from_ref(&precious),
            "{place}: {said}"
        );
        assert_eq!(
            fs::read(&precious).expect("it stays"),
            b"precious",
            "{place}: {said}"
        );
        assert!(
            matches!(output.status.code(), Some(0 | 4)),
            "{place}: {said}"
        );
        if output.status.code() == Some(4) {
            assert!(
                said.contains(home.path().to_str().expect("text")),
                "{place}: {said}"
            );
        }
    }
    Counts::faults(places.len())
}

/// A home that is itself a link is the user's wish: target folders often lie on another disk.
fn a_linked_home_is_followed() {
    let outside = tempfile::tempdir().expect("a temporary folder");
    let place = tempfile::tempdir().expect("a temporary folder");
    let home = place.path().join("home");
    symlink(outside.path(), &home).expect("a link");
    let output = output(&mut command(&home, &SMALL));
    assert_eq!(
        output.status.code(),
        Some(0),
        "{}",
        no_panic(&output, &"home")
    );
    assert!(outside.path().join("report/index.html").exists());
}

/// Names are never paths: whatever a baseline is called, it lies in its folder.
fn names(most: usize) -> Counts {
    let long = "n".repeat(5000);
    let names = [
        "..",
        ".",
        "/",
        "../x",
        "/tmp/scalebench-stray",
        "a/b",
        "a\\b",
        "~",
        "-x",
        "a\nb",
        "\u{202e}x",
        "con",
        &long,
        "x.json",
        ".part",
    ];
    let names = &names[..most.min(names.len())];
    for &name in names {
        let place = tempfile::tempdir().expect("a temporary folder");
        let home = place.path().join("deep/er/home");
        fs::create_dir_all(&home).expect("writable");
        let save = format!("--save-baseline={name}");
        let arguments = [&SMALL[..], &[save.as_str()]].concat();
        let saved = output(&mut command(&home, &arguments));
        assert_eq!(
            saved.status.code(),
            Some(0),
            "{name}: {}",
            no_panic(&saved, &name)
        );
        let stray = below(place.path())
            .into_iter()
            .find(|path| !path.starts_with(&home));
        assert_eq!(stray, None, "{name}");
        let load = format!("--load-baseline={name}");
        let loaded = output(&mut command(&home, &["--bench", &load]));
        assert_eq!(
            loaded.status.code(),
            Some(0),
            "{name}: {}",
            no_panic(&loaded, &name)
        );
    }
    assert!(!Path::new("/tmp/scalebench-stray").exists());
    Counts::inputs(2 * names.len())
}

/// What the user's umask forbids stays forbidden.
fn umask() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let script = format!("umask 077; exec {} \"$@\"", env!("CARGO_BIN_EXE_subjects"));
    let mut command = Command::new("sh");
    command
        .args(["-c", &script, "sh"])
        .args(SMALL)
        .args(["--save-baseline", "main"])
        .env("SCALEBENCH_HOME", home.path())
        .stdin(Stdio::null());
    let output = output(&mut command);
    assert_eq!(
        output.status.code(),
        Some(0),
        "{}",
        no_panic(&output, &"umask")
    );
    let files = below(home.path());
    assert!(files.len() >= 5, "{files:?}");
    for file in files {
        let mode = fs::metadata(&file).expect("readable").permissions().mode();
        assert_eq!(mode & 0o077, 0, "{}", file.display());
    }
}

/// No process of a run has a socket, so none can listen.
fn no_sockets() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let long = planned("100", "3", "5ms", &["known::counter"]);
    let child = command(home.path(), &long)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    wait_for("workers", Duration::from_secs(60), || {
        !workers(home.path()).is_empty()
    });
    let mut looked = 0;
    for _ in 0..20 {
        for process in of_home(home.path()) {
            let open = fs::read_dir(format!("/proc/{process}/fd"))
                .into_iter()
                .flatten()
                .flatten();
            for descriptor in open {
                let aim = fs::read_link(descriptor.path()).unwrap_or_default();
                assert!(!aim.to_string_lossy().starts_with("socket:"), "{aim:?}");
                looked += 1;
            }
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(looked > 20, "{looked} descriptors seen");
    send("-INT", child.id());
    wait(child);
}

/// All of them; they are quick.
pub(crate) fn whole() -> Counts {
    let mut counts = links();
    counts += names(usize::MAX);
    umask();
    no_sockets();
    counts
}

#[test]
fn links_are_not_followed_out_of_the_folder() {
    links();
    a_linked_home_is_followed();
}

#[test]
fn nothing_leaves_the_folder_and_nothing_listens() {
    names(4);
    umask();
    no_sockets();
}

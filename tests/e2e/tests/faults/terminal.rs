//! A real terminal, made for the test: it is closed, or somebody types Ctrl-C into it.
#![cfg(target_os = "linux")]

use std::fs::File;
use std::io::{Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::Duration;

use nix::fcntl::OFlag;
use nix::pty::{PtyMaster, grantpt, posix_openpt, ptsname_r, unlockpt};
use scalebench_store::Home;

use crate::counts::Counts;
use crate::patience::{wait, wait_for};
use crate::processes::{of_home, workers};
use crate::run::{command_of, planned};

const SUBJECTS: &str = env!("CARGO_BIN_EXE_subjects");

/// As a shell starts a program that should outlive it.
const NOHUP: [&str; 3] = ["sh", "-c", "trap '' HUP; exec \"$0\" \"$@\""];

/// As a shell starts any other. The test itself may run without hangups, and whoever ignores one hands that on.
const HANGUP: [&str; 2] = ["env", "--default-signal=HUP,INT"];

/// A shell that somebody types into.
const SHELL: [&str; 5] = ["bash", "--norc", "-i", "-c", "\"$0\" \"$@\"; true"];

/// Both ends of a new terminal. No child may inherit the first one, which would keep it open.
pub(crate) fn terminal() -> nix::Result<(PtyMaster, File)> {
    let ours = posix_openpt(OFlag::O_RDWR | OFlag::O_NOCTTY | OFlag::O_CLOEXEC)?;
    grantpt(&ours)?;
    unlockpt(&ours)?;
    let theirs = File::options()
        .read(true)
        .write(true)
        .custom_flags(OFlag::O_NOCTTY.bits())
        .open(ptsname_r(&ours)?);
    Ok((ours, theirs.expect("the other end")))
}

/// A run whose terminal is ours: the program is the leader of its session, so that the end of the terminal is told to it.
/// Answers when it is measuring.
fn start(home: &Path, before: &[&str], launches: &str) -> (Child, PtyMaster) {
    let (ours, theirs) = terminal().expect("a terminal");
    let stream = || Stdio::from(theirs.try_clone().expect("a descriptor"));
    let plan = planned(launches, "3", "1ms", &["known::counter"]);
    let arguments = [&["--ctty"], before, &[SUBJECTS], &plan].concat();
    let child = command_of(Path::new("setsid"), home, &arguments)
        .env("TERM", "xterm")
        .stdin(stream())
        .stdout(stream())
        .stderr(stream())
        .spawn()
        .expect("setsid is part of util-linux");
    wait_for("workers", Duration::from_secs(60), || {
        !workers(home).is_empty()
    });
    (child, ours)
}

/// The launches in the only run of a home, which is whole.
fn launches(home: &Path) -> usize {
    let files = std::fs::read_dir(home.join("runs")).expect("runs");
    let file = files.flatten().next().expect("a run").path();
    let run = Home::read_run(&file).expect("a whole record");
    run.benchmarks[0].launches.len()
}

/// Nothing is left behind, and everything is drawn.
fn is_complete(home: &Path) {
    assert!(home.join("report/index.html").exists());
    wait_for("end of all processes", Duration::from_secs(10), || {
        of_home(home).is_empty()
    });
}

/// The window is closed while the run is under way: that interrupts it.
fn closed() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let (child, terminal) = start(home.path(), &HANGUP, "2000");
    drop(terminal);
    assert_eq!(wait(child).status.code(), Some(130));
    assert!(launches(home.path()) < 2000);
    is_complete(home.path());
}

/// The same after `nohup`: the run goes on to its end, though nobody can read what it says.
fn closed_and_not_minded() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let (child, terminal) = start(home.path(), &NOHUP, "10");
    drop(terminal);
    assert_eq!(wait(child).status.code(), Some(0));
    assert_eq!(launches(home.path()), 10);
    is_complete(home.path());
}

/// Ctrl-C goes to every process of the terminal's foreground.
fn typed_interrupt() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let (child, mut terminal) = start(home.path(), &HANGUP, "2000");
    terminal.write_all(b"\x03").expect("typed");
    let mut screen = Vec::new();
    let reader = std::thread::spawn(move || {
        // Ends with an error when the last process has left the terminal.
        let _ = terminal.read_to_end(&mut screen);
        String::from_utf8_lossy(&screen).into_owned()
    });
    assert_eq!(wait(child).status.code(), Some(130));
    let screen = reader.join().expect("reading does not panic");
    assert!(screen.contains("interrupted"), "{screen}");
    assert!(!screen.contains("panicked at"), "{screen}");
    is_complete(home.path());
}

/// An interactive shell hands the hangup on to what it has started, which has heard of it from the system already.
fn closed_with_a_shell_in_it() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let shell = [&HANGUP[..], &SHELL].concat();
    let (child, terminal) = start(home.path(), &shell, "2000");
    // Until a few launches are over.
    std::thread::sleep(Duration::from_secs(3));
    drop(terminal);
    wait(child);
    wait_for("end of all processes", Duration::from_secs(10), || {
        of_home(home.path()).is_empty()
    });
    assert!((1..2000).contains(&launches(home.path())));
}

/// All of them; they are quick.
pub(crate) fn whole() -> Counts {
    closed();
    closed_with_a_shell_in_it();
    closed_and_not_minded();
    typed_interrupt();
    Counts::faults(4)
}

#[test]
fn a_closed_terminal_interrupts_and_nohup_prevents_it() {
    whole();
}

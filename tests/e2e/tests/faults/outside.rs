//! What comes from outside: interrupts, kills, closed pipes.
#![cfg(target_os = "linux")]

use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::counts::Counts;
use crate::patience::{no_panic, output, wait};
use crate::processes::{send, workers};
use crate::run::{SMALL, command, planned};

/// A run that would take minutes, under way.
fn long_run(home: &Path) -> Child {
    let arguments = [
        "--bench",
        "--rounds",
        "500",
        "--max-time",
        "300",
        "known::counter",
    ];
    let child = command(home, &arguments)
        .stdout(Stdio::piped())
        .spawn()
        .expect("it starts");
    wait_a_minute_for("workers", || !workers(home).is_empty());
    child
}

/// A bound on waiting, not a measurement: far beyond what it takes, so that a busy machine does not fail the test.
fn wait_a_minute_for(what: &str, is_so: impl Fn() -> bool) {
    crate::patience::wait_for(what, Duration::from_secs(60), is_so);
}

/// Whether this process ignores SIGHUP (1), which everything that it starts inherits.
fn hangups_are_ignored() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let bits = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    bits.is_some_and(|bits| bits & 1 != 0)
}

#[test]
fn an_interrupt_keeps_what_was_measured() {
    for signal in ["-INT", "-TERM", "-HUP"] {
        if signal == "-HUP" && hangups_are_ignored() {
            eprintln!(
                "{signal} left out: these tests run under nohup, and so does what they start"
            );
            continue;
        }
        let home = tempfile::tempdir().expect("a temporary folder");
        let arguments = planned("200", "3", "1ms", &["known::counter"]);
        let mut child = command(home.path(), &arguments)
            .stdout(Stdio::piped())
            .spawn()
            .expect("it starts");
        // Long enough for a few of the 200 launches, and far from all of them.
        std::thread::sleep(Duration::from_secs(3));
        send(signal, child.id());
        let mut table = String::new();
        child
            .stdout
            .take()
            .expect("piped")
            .read_to_string(&mut table)
            .expect("readable");
        assert_eq!(child.wait().expect("it ends").code(), Some(130), "{signal}");
        assert!(table.contains("interrupted"), "{table}");
        let runs: Vec<_> = std::fs::read_dir(home.path().join("runs"))
            .expect("runs")
            .flatten()
            .collect();
        let record: serde_json::Value =
            serde_json::from_slice(&std::fs::read(runs[0].path()).expect("readable"))
                .expect("whole JSON");
        assert_eq!(record["schema"]["name"], "scalebench.run");
        assert!(home.path().join("report/index.html").exists());
        wait_a_minute_for("end of the workers", || workers(home.path()).is_empty());
    }
}

#[test]
fn workers_end_when_the_coordinator_is_killed() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let mut child = long_run(home.path());
    child.kill().expect("killed");
    child.wait().expect("gone");
    wait_a_minute_for("end of the workers", || workers(home.path()).is_empty());
    // The lock of a killed run does not block the next one.
    assert!(
        command(home.path(), &SMALL)
            .stdout(Stdio::null())
            .status()
            .expect("it runs")
            .success()
    );
}

#[test]
fn a_killed_worker_fails_its_benchmark_only() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let mut child = long_run(home.path());
    // The first workers measure the machine's ceiling, which the run can do without; sooner or later one of the
    // benchmark's own is hit.
    let code = loop {
        for worker in workers(home.path()) {
            send("-KILL", worker);
        }
        if let Some(status) = child.try_wait().expect("known") {
            break status.code();
        }
        std::thread::sleep(Duration::from_millis(50));
    };
    assert_eq!(code, Some(3));
    let report = std::fs::read_to_string(home.path().join("report/report.json")).expect("a report");
    assert!(report.contains("SIGKILL"), "{report}");
}

#[test]
fn a_closed_pipe_is_no_failure() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let mut child = command(home.path(), &SMALL)
        .stdout(Stdio::piped())
        .spawn()
        .expect("it starts");
    drop(child.stdout.take());
    assert!(child.wait().expect("it ends").success());
    assert!(home.path().join("report/index.html").exists());
}

/// Nobody reads any more, as when the terminal was closed: no panic, the results are kept, the exit code tells.
pub(crate) fn closed_streams() -> Counts {
    let failing = planned(
        "1",
        "3",
        "1ms",
        &[
            "--include-ignored",
            "known::counter",
            "faults::panics_in_the_call",
        ],
    );
    let cases: [(&[&str], i32); 5] = [
        (&SMALL, 0),
        (&failing, 3),
        (&["--help"], 0),
        (&["--list"], 0),
        (&["--frobnicate"], 2),
    ];
    for (arguments, code) in cases {
        let home = tempfile::tempdir().expect("a temporary folder");
        let mut child = command(home.path(), arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        drop((child.stdout.take(), child.stderr.take()));
        assert_eq!(wait(child).status.code(), Some(code), "{arguments:?}");
        let measured = arguments.contains(&"--bench");
        assert_eq!(home.path().join("report/index.html").exists(), measured);
        let shut = format!(
            "exec {} \"$@\" <&- >&- 2>&-",
            env!("CARGO_BIN_EXE_subjects")
        );
        let status = Command::new("sh")
            .args(["-c", &shut, "sh"])
            .args(arguments)
            .env("SCALEBENCH_HOME", home.path())
            .status()
            .expect("a shell");
        assert_eq!(status.code(), Some(code), "{arguments:?} without streams");
    }
    Counts::faults(2 * cases.len())
}

#[test]
fn closed_streams_are_no_panic() {
    closed_streams();
}

/// Two at once: the second says whom it waits for, and both are kept. A lock file that nobody holds blocks nobody.
pub(crate) fn two_at_once() -> Counts {
    let home = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(home.path().join("lock"), "process 1\n").expect("written");
    let stale = output(&mut command(home.path(), &SMALL));
    assert_eq!(stale.status.code(), Some(0));
    assert!(!no_panic(&stale, &"stale").contains("waiting"));
    let first = long_run(home.path());
    let second = command(home.path(), &SMALL)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let holder = format!("(process {})", first.id());
    // The second one must have met the lock before the first one ends.
    let waits = || !blocked_on_lock(second.id()).is_empty();
    wait_a_minute_for("wait for the lock", waits);
    send("-INT", first.id());
    assert_eq!(wait(first).status.code(), Some(130));
    let second = wait(second);
    let said = no_panic(&second, &"second");
    assert!(
        said.contains("waiting for another run to end") && said.contains(&holder),
        "{said}"
    );
    assert_eq!(second.status.code(), Some(0), "{said}");
    Counts::faults(2)
}

/// What the kernel says the process waits in, where that is a lock on a file.
fn blocked_on_lock(process: u32) -> String {
    let locks = std::fs::read_to_string("/proc/locks").unwrap_or_default();
    let waiting = format!(" {process} ");
    let its = locks
        .lines()
        .find(|line| line.contains("->") && line.contains(&waiting));
    its.unwrap_or_default().to_owned()
}

#[test]
fn the_second_run_says_whom_it_waits_for() {
    two_at_once();
}

//! What comes from outside: interrupts, kills, closed pipes.
#![cfg(target_os = "linux")]

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use scalebench_store::Home;

use crate::counts::Counts;
use crate::patience::{no_panic, output, wait};
use crate::processes::{send, workers};
use crate::run::{SMALL, command, command_of, planned};

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

/// Lets a run of 200 launches go on until a few of them are over.
fn under_way(home: &Path, arguments: &[&str]) -> Child {
    let plan = planned(
        "200",
        "3",
        "1ms",
        &[arguments, &["known::counter"]].concat(),
    );
    let child = command(home, &plan)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    std::thread::sleep(Duration::from_secs(3));
    child
}

/// The launches of the only stored run, which is whole.
fn stored_launches(home: &Path) -> usize {
    let mut files = std::fs::read_dir(home.join("runs"))
        .expect("runs")
        .flatten();
    let run = Home::read_run(&files.next().expect("a run").path()).expect("a whole record");
    run.benchmarks[0].launches.len()
}

/// Whoever asks once gets the table of what was measured.
fn interrupted_by(signal: &str) {
    if signal == "-HUP" && hangups_are_ignored() {
        eprintln!("{signal} left out: these tests run under nohup, and so does what they start");
        return;
    }
    let home = tempfile::tempdir().expect("a temporary folder");
    let child = under_way(home.path(), &[]);
    send(signal, child.id());
    let output = wait(child);
    let table = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(130), "{signal}: {table}");
    assert!(table.contains("interrupted"), "{signal}: {table}");
    assert!((1..200).contains(&stored_launches(home.path())), "{signal}");
    assert!(home.path().join("report/index.html").exists());
    wait_a_minute_for("end of the workers", || workers(home.path()).is_empty());
}

/// Whoever asks again and again waits less, and finished launches are kept all the same.
fn interrupted_at_once_by(signals: &[&str], arguments: &[&str]) {
    let home = tempfile::tempdir().expect("a temporary folder");
    let child = under_way(home.path(), arguments);
    let kill = |signal: &&str| format!("kill {signal} {}", child.id());
    let all = signals.iter().map(kill).collect::<Vec<_>>().join("; ");
    // It may be over before the last of them.
    let mut shell = Command::new("sh");
    shell.args(["-c", &all]).stderr(Stdio::null());
    shell.status().expect("a shell");
    assert_eq!(wait(child).status.code(), Some(130), "{signals:?}");
    assert!(
        (1..200).contains(&stored_launches(home.path())),
        "{signals:?}"
    );
    wait_a_minute_for("end of the workers", || workers(home.path()).is_empty());
}

/// In its own process a run has one launch, and its worker is stuck in a call that never returns.
fn in_its_own_process() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let stuck = ["--in-process", "--ignored", "hang::never_returns"];
    let child = command(home.path(), &planned("1", "3", "1ms", &stuck))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    std::thread::sleep(Duration::from_secs(3));
    send("-INT", child.id());
    let output = wait(child);
    let table = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(130), "{table}");
    assert!(table.contains("interrupted"), "{table}");
    assert_eq!(stored_launches(home.path()), 0);
}

const SIGNALS: [&str; 8] = [
    "-INT", "-TERM", "-HUP", "-QUIT", "-XCPU", "-ALRM", "-USR1", "-USR2",
];

const AT_ONCE: [&[&str]; 4] = [
    &["-INT", "-INT", "-TERM"],
    &["-TERM", "-TERM"],
    &["-QUIT", "-INT"],
    &["-INT", "-INT", "-INT", "-INT", "-INT", "-INT"],
];

/// Every signal that people and systems end programs with, alone and several at once.
pub(crate) fn interrupts() -> Counts {
    for signal in SIGNALS {
        interrupted_by(signal);
    }
    for signals in AT_ONCE {
        interrupted_at_once_by(signals, &[]);
        interrupted_at_once_by(signals, &["--save-baseline", "main"]);
    }
    in_its_own_process();
    Counts::faults(SIGNALS.len() + 2 * AT_ONCE.len() + 1)
}

#[test]
fn an_interrupt_keeps_what_was_measured() {
    for signal in ["-INT", "-HUP", "-QUIT", "-XCPU"] {
        interrupted_by(signal);
    }
}

#[test]
fn a_second_interrupt_loses_nothing() {
    interrupted_at_once_by(AT_ONCE[0], &[]);
    interrupted_at_once_by(AT_ONCE[1], &["--save-baseline", "main"]);
}

#[test]
fn a_run_in_its_own_process_can_be_interrupted() {
    in_its_own_process();
}

/// What becomes of a program's file while it runs.
#[derive(Debug, Clone, Copy)]
enum Fate {
    Deleted,
    Replaced,
}

/// The run goes on with the program that it began with.
fn file_gone(fate: Fate) {
    let home = tempfile::tempdir().expect("a temporary folder");
    let program = home.path().join("subjects");
    std::fs::copy(env!("CARGO_BIN_EXE_subjects"), &program).expect("a copy");
    let plan = planned("10", "3", "1ms", &["known::counter"]);
    let child = command_of(&program, home.path(), &plan)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    wait_a_minute_for("workers", || !workers(home.path()).is_empty());
    std::fs::remove_file(&program).expect("it is there");
    if let Fate::Replaced = fate {
        std::fs::copy("/bin/false", &program).expect("a copy");
    }
    let output = wait(child);
    let said = no_panic(&output, &fate);
    assert_eq!(output.status.code(), Some(0), "{fate:?}: {said}");
    let table = String::from_utf8_lossy(&output.stdout);
    let table = table.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(table.contains("deleted or replaced"), "{fate:?}: {table}");
    assert_eq!(stored_launches(home.path()), 10);
}

/// Both of them.
pub(crate) fn files_gone() -> Counts {
    file_gone(Fate::Deleted);
    file_gone(Fate::Replaced);
    Counts::faults(2)
}

#[test]
fn a_program_that_is_deleted_or_replaced_runs_on() {
    files_gone();
}

/// The coordinator, and with it every worker to come, is left with one CPU in mid-run.
pub(crate) fn fewer_cpus() -> Counts {
    let status = std::fs::read_to_string("/proc/self/status").expect("a /proc");
    let allowed = status
        .lines()
        .find_map(|line| line.strip_prefix("Cpus_allowed_list:"));
    let allowed = allowed.expect("known").trim();
    let Some((first, _)) = allowed.split_once(['-', ',']) else {
        println!("fewer CPUs: there is only one here");
        return Counts::default();
    };
    let home = tempfile::tempdir().expect("a temporary folder");
    let plan = planned("20", "3", "1ms", &["known::counter"]);
    let child = command(home.path(), &plan)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    wait_a_minute_for("workers", || !workers(home.path()).is_empty());
    let left = Command::new("taskset")
        .args(["-p", "-c", first, &child.id().to_string()])
        .stdout(Stdio::null())
        .status();
    assert!(left.expect("taskset is part of util-linux").success());
    let output = wait(child);
    let said = no_panic(&output, &"fewer CPUs");
    assert_eq!(output.status.code(), Some(0), "{said}");
    let table = String::from_utf8_lossy(&output.stdout);
    let table = table.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(table.contains("of the CPUs when it began"), "{table}");
    Counts::faults(1)
}

#[test]
fn cpus_that_are_taken_away_are_told() {
    fewer_cpus();
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

//! What comes from outside: interrupts, kills, closed pipes.
#![cfg(target_os = "linux")]

use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::run::command;

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
    wait_for("workers", || !workers(home).is_empty());
    child
}

fn send(signal: &str, process: u32) {
    let status = Command::new("kill")
        .args([signal, &process.to_string()])
        .status()
        .expect("kill runs");
    assert!(status.success());
}

/// Worker processes that belong to a home.
fn workers(home: &Path) -> Vec<u32> {
    let of_home = format!("SCALEBENCH_HOME={}\0", home.display());
    let processes = std::fs::read_dir("/proc").expect("a /proc").flatten();
    processes
        .filter_map(|process| {
            let environment = std::fs::read(process.path().join("environ")).ok()?;
            let environment = String::from_utf8_lossy(&environment).into_owned();
            let is_worker =
                environment.contains(&of_home) && environment.contains("SCALEBENCH_WORKER=");
            is_worker.then(|| process.file_name().to_str()?.parse().ok())?
        })
        .collect()
}

/// A bound on waiting, not a measurement: far beyond what it takes, so that a busy machine does not fail the test.
fn wait_for(what: &str, is_so: impl Fn() -> bool) {
    let begin = Instant::now();
    while !is_so() {
        assert!(
            begin.elapsed() < Duration::from_secs(60),
            "no {what} within a minute"
        );
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn an_interrupt_keeps_what_was_measured() {
    for signal in ["-INT", "-TERM"] {
        let home = tempfile::tempdir().expect("a temporary folder");
        let arguments = [
            "--bench",
            "--launches",
            "200",
            "--rounds",
            "3",
            "--window",
            "1ms",
            "known::counter",
        ];
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
        wait_for("end of the workers", || workers(home.path()).is_empty());
    }
}

#[test]
fn workers_end_when_the_coordinator_is_killed() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let mut child = long_run(home.path());
    child.kill().expect("killed");
    child.wait().expect("gone");
    wait_for("end of the workers", || workers(home.path()).is_empty());
    // The lock of a killed run does not block the next one.
    let arguments = [
        "--bench",
        "--launches",
        "1",
        "--rounds",
        "3",
        "--window",
        "1ms",
        "known::counter",
    ];
    assert!(
        command(home.path(), &arguments)
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
            // It may have ended by itself meanwhile.
            let _ = Command::new("kill")
                .args(["-KILL", &worker.to_string()])
                .stderr(Stdio::null())
                .status();
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
    let arguments = [
        "--bench",
        "--launches",
        "1",
        "--rounds",
        "3",
        "--window",
        "1ms",
        "known::counter",
    ];
    let mut child = command(home.path(), &arguments)
        .stdout(Stdio::piped())
        .spawn()
        .expect("it starts");
    drop(child.stdout.take());
    assert!(child.wait().expect("it ends").success());
    assert!(home.path().join("report/index.html").exists());
}

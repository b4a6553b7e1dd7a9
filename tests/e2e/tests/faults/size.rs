//! Much of everything: 10,000 benchmarks, a run of 2,000, a record of 100 MB. Memory stays where it was, files stay small,
//! and all of it is drawn.
#![cfg(target_os = "linux")]

use std::fs;
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use scalebench_model::data::Preset;
use scalebench_model::laws::Usl;
use scalebench_model::report::Report;
use scalebench_model::simulate::{Noise, Simulation, Truth, run};
use scalebench_store::{Home, run_id};

use crate::counts::Counts;
use crate::flags::subcommand;
use crate::patience::{no_panic, output, wait_at_most};
use crate::run::{SMALL, command, command_of, planned};
use crate::terminal::terminal;

const MANY: &str = env!("CARGO_BIN_EXE_many");
const MIB: u64 = 1 << 20;
/// Of 2,000 processes one after the other, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(600);

/// What a process holds and held at most, bytes; `None` when it is gone.
fn memory(process: u32) -> Option<(u64, u64)> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let kib = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name))?;
        line.split_whitespace().next()?.parse::<u64>().ok()
    };
    Some((1024 * kib("VmRSS:")?, 1024 * kib("VmHWM:")?))
}

/// Waits for the end of a process; answers what it held every 20 ms until `home` had a stored run, and the most it held.
fn watch(child: Child, home: &Path) -> (Output, Vec<u64>, u64) {
    let process = child.id();
    let watched = std::thread::scope(|scope| {
        let watcher = scope.spawn(move || {
            let (mut held, mut most) = (Vec::new(), 0);
            while let Some((now, peak)) = memory(process) {
                most = most.max(peak);
                if !home.join("runs").exists() {
                    held.push(now);
                }
                std::thread::sleep(Duration::from_millis(20));
            }
            (held, most)
        });
        (
            wait_at_most(child, PATIENCE),
            watcher.join().expect("it watches"),
        )
    });
    let (output, (held, most)) = watched;
    (output, held, most)
}

fn piped(command: &mut Command) -> Child {
    let command = command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().expect("it starts")
}

/// Lists 10,000; answers how long that took.
fn list() -> Duration {
    let home = tempfile::tempdir().expect("a temporary folder");
    let begin = Instant::now();
    let listed = output(&mut command_of(
        MANY.as_ref(),
        home.path(),
        &["--bench", "--list"],
    ));
    let took = begin.elapsed();
    let names = String::from_utf8_lossy(&listed.stdout).into_owned();
    assert_eq!(
        names
            .lines()
            .filter(|line| line.ends_with(": benchmark"))
            .count(),
        10_000
    );
    took
}

/// The same list into a pipe whose reader goes after the first bytes, and onto a terminal.
fn list_elsewhere() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let list = || command_of(MANY.as_ref(), home.path(), &["--list"]);
    let mut child = piped(&mut list());
    let mut pipe = child.stdout.take().expect("piped");
    pipe.read_exact(&mut [0; 64]).expect("the first line");
    drop(pipe);
    let closed = wait_at_most(child, PATIENCE);
    assert_eq!(no_panic(&closed, &"a closed pipe"), "");
    assert_eq!(closed.status.code(), Some(0));
    let (mut ours, theirs) = terminal().expect("a terminal");
    let child = list().stdout(theirs).spawn().expect("it starts");
    let reader = std::thread::spawn(move || {
        let mut screen = Vec::new();
        // Ends with an error when the process has left the terminal.
        let _ = ours.read_to_end(&mut screen);
        screen
    });
    assert_eq!(wait_at_most(child, PATIENCE).status.code(), Some(0));
    let screen = reader.join().expect("reading does not panic");
    let lines = screen.split(|byte| *byte == b'\n');
    let listed = lines.filter(|line| line.trim_ascii_end().ends_with(b": benchmark"));
    assert_eq!(listed.count(), 10_000);
}

/// The names of the stored runs.
fn stored(home: &Path) -> Vec<String> {
    let files = fs::read_dir(home.join("runs")).expect("runs").flatten();
    let names = files.map(|file| file.file_name().to_string_lossy().into_owned());
    names.collect()
}

/// Runs from one parent that is not cargo, this process: each is a run of its own, so the oldest go, and the history shows what is
/// left. What one cargo starts is one run.
fn in_a_row(runs: usize) {
    const KEPT: usize = 4;
    let home = tempfile::tempdir().expect("a temporary folder");
    for _ in 0..runs {
        let mut small = command(home.path(), &SMALL);
        let run = output(small.env("SCALEBENCH_KEEP_RUNS", KEPT.to_string()));
        assert_eq!(run.status.code(), Some(0), "{}", no_panic(&run, &"run"));
    }
    assert_eq!(stored(home.path()).len(), KEPT);
    let shown = ["history", "--json"];
    let history = output(&mut command_of(subcommand(), home.path(), &shown));
    let report: Report = serde_json::from_slice(&history.stdout).expect("a report");
    assert!(!report.benchmarks[0].history.is_empty());
    let cargo = tempfile::tempdir().expect("a temporary folder");
    let script = cargo.path().join("cargo");
    fs::write(&script, "#!/bin/sh\n\"$@\"\n\"$@\"\n").expect("writable");
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).expect("it is ours");
    let twice = [&[env!("CARGO_BIN_EXE_subjects")][..], &SMALL].concat();
    let ran = output(&mut command_of(&script, cargo.path(), &twice));
    assert_eq!(ran.status.code(), Some(0), "{}", no_panic(&ran, &"twice"));
    let names = stored(cargo.path());
    let mut sessions: Vec<_> = names.iter().map(|name| name.split('_').nth(1)).collect();
    sessions.dedup();
    assert_eq!((names.len(), sessions.len()), (2, 1), "{names:?}");
}

/// A run of 2,000 benchmarks, each as short as can be. What the coordinator holds must not grow with those it has done,
/// beyond their results.
fn two_thousand() {
    const PER_BENCHMARK: u64 = 4096;
    let home = tempfile::tempdir().expect("a temporary folder");
    let rest = ["--threads", "1", "first", "second"];
    let plan = planned("1", "1", "1ms", &rest);
    let child = piped(&mut command_of(MANY.as_ref(), home.path(), &plan));
    let (output, held, most) = watch(child, home.path());
    assert_eq!(
        output.status.code(),
        Some(0),
        "{}",
        no_panic(&output, &"many")
    );
    let (early, late) = (held[held.len() / 4], held[held.len() - 1]);
    println!(
        "size: while 2,000 benchmarks were measured, memory went from {} to {} KiB; {} KiB with the page",
        early / 1024,
        late / 1024,
        most / 1024
    );
    assert!(late < early + 1500 * PER_BENCHMARK, "{held:?}");
    assert!(most < 256 * MIB, "{most}");
}

/// A record takes 300 to 400 bytes a sample, as `docs/reliability.md` says, and little besides.
fn records_are_small() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let plan = planned("2", "10", "1ms", &["--threads", "1,2", "known::counter"]);
    let run = output(&mut command(home.path(), &plan));
    assert_eq!(run.status.code(), Some(0), "{}", no_panic(&run, &"record"));
    let file = fs::read_dir(home.path().join("runs"))
        .expect("runs")
        .flatten()
        .next();
    let path = file.expect("a run").path();
    let record = Home::read_run(&path).expect("a record");
    let launches = record
        .benchmarks
        .iter()
        .chain(&record.nulls)
        .flat_map(|b| &b.launches);
    let samples: u64 = launches.map(|launch| launch.samples.len() as u64).sum();
    let bytes = fs::metadata(&path).expect("a file").len();
    assert!(samples >= 40, "{samples}");
    assert!(
        bytes < 8192 + 450 * samples,
        "{bytes} bytes for {samples} samples"
    );
}

/// Stores a run of at least 100 MB; answers its size.
fn store_a_large_run(home: &Path) -> u64 {
    let law = Usl {
        lambda: 1e6,
        sigma: 0.05,
        kappa: 0.001,
    };
    let simulations: Vec<Simulation> = (0..600)
        .map(|number| Simulation {
            noise: Noise {
                launch: 0.005,
                window: 0.01,
                ..Noise::default()
            },
            rounds: 20,
            seed: number,
            ..Simulation::new(
                &format!("large::{number}"),
                Truth::Usl(law),
                &[1, 2, 4, 8, 16, 32],
            )
        })
        .collect();
    let mut record = run(&simulations);
    record.plan.preset = Preset::Default;
    // Beside the next run of the subjects, as an older run of theirs.
    record.id = run_id(1, &record.session, "subjects");
    (record.package, record.target) = (Some("scalebench-e2e".to_owned()), "subjects".to_owned());
    let path = Home::at(home).save_run(&record).expect("stored");
    fs::metadata(path).expect("a file").len()
}

/// A record of 100 MB is read, analysed and drawn, by both programs, in memory of a few times its size.
fn large_record() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let bytes = store_a_large_run(home.path());
    assert!(bytes > 100_000_000, "{bytes}");
    let report = piped(&mut command_of(
        subcommand(),
        home.path(),
        &["scalebench", "report"],
    ));
    let begin = Instant::now();
    let (output, _, most) = watch(report, home.path());
    let took = begin.elapsed().as_secs_f64();
    assert_eq!(
        output.status.code(),
        Some(0),
        "{}",
        no_panic(&output, &"report")
    );
    let page = fs::metadata(home.path().join("report/index.html"))
        .expect("a page")
        .len();
    println!(
        "size: a record of {} MB was drawn in {took:.0} s and {} MiB, to a page of {} MB",
        bytes / 1_000_000,
        most / MIB,
        page / 1_000_000
    );
    assert!(most < 5 * bytes, "{most} bytes for {bytes}");
    assert!(page < bytes / 10, "{page} bytes for {bytes}");
    let next = piped(&mut command(home.path(), &SMALL));
    let (output, _, most) = watch(next, home.path());
    assert_eq!(
        output.status.code(),
        Some(0),
        "{}",
        no_panic(&output, &"next")
    );
    assert!(most < 5 * bytes, "{most} bytes for {bytes}");
}

/// All of it. Listing is timed here, where nothing else runs.
pub(crate) fn whole() -> Counts {
    let quickest = (0..5).map(|_| list()).min().expect("some");
    println!(
        "size: 10,000 benchmarks are listed in {} ms",
        quickest.as_millis()
    );
    assert!(quickest < Duration::from_millis(100), "{quickest:?}");
    list_elsewhere();
    in_a_row(50);
    records_are_small();
    std::thread::scope(|scope| {
        scope.spawn(large_record);
        scope.spawn(two_thousand);
    });
    Counts::faults(6)
}

#[test]
fn runs_in_a_row_are_runs_of_their_own() {
    in_a_row(6);
}

#[test]
fn ten_thousand_are_listed_and_records_stay_small() {
    list();
    list_elsewhere();
    records_are_small();
}

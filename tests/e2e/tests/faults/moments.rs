//! Signals at random moments: whatever was stored before is still there and whole, and nothing goes on by itself.
#![cfg(target_os = "linux")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Child, Output, Stdio};
use std::time::{Duration, Instant};

use scalebench_store::Home;

use crate::counts::{Counts, Random};
use crate::patience::{no_panic, wait, wait_for};
use crate::processes::{of_home, send, workers};
use crate::run::{command, planned};

/// What is hit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Aim {
    /// The coordinator is asked to end.
    Ask(&'static str),
    /// It is killed.
    Kill,
    /// A worker is killed.
    KillWorker,
}

/// Stores a run and a baseline; the baseline is written over in every run.
const STORING: [&str; 5] = [
    "--threads",
    "1",
    "--save-baseline",
    "main",
    "known::counter",
];

fn start(home: &Path) -> Child {
    command(home, &planned("1", "2", "1ms", &STORING))
        .env("SCALEBENCH_KEEP_RUNS", "0")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts")
}

/// The stored documents that are whole. One that is not is data lost.
fn whole_files(home: &Path) -> (BTreeSet<PathBuf>, u64) {
    let mut whole = BTreeSet::new();
    let mut broken = 0;
    for folder in ["runs", "baselines/main"] {
        let entries = std::fs::read_dir(home.join(folder))
            .into_iter()
            .flatten()
            .flatten();
        for path in entries.map(|entry| entry.path()) {
            if path.extension().is_none_or(|end| end != "json") {
                continue;
            }
            match Home::read_run(&path) {
                Ok(_) => drop(whole.insert(path)),
                Err(_) => broken += 1,
            }
        }
    }
    let report = std::fs::read(home.join("report/report.json"));
    let parsed = report.map(|bytes| serde_json::from_slice::<serde_json::Value>(&bytes).is_ok());
    broken += u64::from(matches!(parsed, Ok(false)));
    (whole, broken)
}

/// One run that is hit after `delay`.
fn hit(home: &Path, aim: Aim, delay: Duration) -> Output {
    let child = start(home);
    std::thread::sleep(delay);
    match aim {
        Aim::Ask(signal) => send(signal, child.id()),
        Aim::Kill => send("-KILL", child.id()),
        Aim::KillWorker => {
            for worker in workers(home) {
                send("-KILL", worker);
            }
        }
    }
    wait(child)
}

/// `moments` random moments of runs like this one. The folder stays the same, so every hit could break what was stored.
fn random_moments(moments: usize, seed: u64, aims: &[Aim]) -> Counts {
    let home = tempfile::tempdir().expect("a temporary folder");
    let begin = Instant::now();
    let first = wait(start(home.path()));
    assert_eq!(first.status.code(), Some(0), "{first:?}");
    // A little beyond the end, so that some are hit while they write, and some not at all.
    let span = begin.elapsed().as_micros() as usize * 11 / 10;
    let mut random = Random::new(seed);
    let (mut known, _) = whole_files(home.path());
    let mut counts = Counts::default();
    for moment in 0..moments {
        let aim = aims[moment % aims.len()];
        let delay = Duration::from_micros(random.below(span) as u64);
        let output = hit(home.path(), aim, delay);
        no_panic(&output, &(aim, delay));
        ends_as_told(aim, &output);
        // The promise: a worker without a coordinator ends by itself within 2 s.
        wait_for("end of all workers", Duration::from_secs(2), || {
            of_home(home.path()).is_empty()
        });
        let (whole, broken) = whole_files(home.path());
        counts += Counts::faults(1);
        counts.lost += broken + known.difference(&whole).count() as u64;
        known = whole;
    }
    assert_eq!(counts.lost, 0);
    counts
}

fn ends_as_told(aim: Aim, output: &Output) {
    use std::os::unix::process::ExitStatusExt;
    let code = output.status.code();
    let fine = match aim {
        // Before the program watches for signals it simply ends; after the last look it is done.
        Aim::Ask(_) => matches!(code, Some(0 | 130)) || output.status.signal().is_some(),
        Aim::Kill => code == Some(0) || output.status.signal() == Some(9),
        // The machine's ceiling can be done without.
        Aim::KillWorker => matches!(code, Some(0 | 3)),
    };
    assert!(fine, "{aim:?}: {output:?}");
    if code == Some(130) {
        let table = String::from_utf8_lossy(&output.stdout);
        assert!(table.contains("interrupted"), "{table}");
    }
}

const ASK: [Aim; 3] = [Aim::Ask("-INT"), Aim::Ask("-TERM"), Aim::Ask("-HUP")];

/// 200 of each kind; two series at a time, for they mostly wait.
pub(crate) fn whole() -> Counts {
    let series: [(usize, u64, &[Aim]); 6] = [
        (100, 1, &ASK),
        (100, 2, &ASK),
        (100, 3, &[Aim::Kill]),
        (100, 4, &[Aim::Kill]),
        (100, 5, &[Aim::KillWorker]),
        (100, 6, &[Aim::KillWorker]),
    ];
    let mut counts = Counts::default();
    for pair in series.chunks(2) {
        std::thread::scope(|scope| {
            let threads: Vec<_> = pair
                .iter()
                .map(|&(moments, seed, aims)| {
                    scope.spawn(move || random_moments(moments, seed, aims))
                })
                .collect();
            for thread in threads {
                counts += thread.join().expect("the series holds");
            }
        });
    }
    counts
}

#[test]
fn a_few_random_moments() {
    random_moments(9, 7, &[Aim::Ask("-INT"), Aim::Kill, Aim::KillWorker]);
}

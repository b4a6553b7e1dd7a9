//! Code that did not change: how often is it said to have?

use std::collections::BTreeMap;
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use scalebench_model::report::{Report, Verdict};

use super::{bench, changes, compare, machine, project, trials, word};

/// Counts of verdicts by benchmark and word.
pub(super) type Counts = BTreeMap<String, BTreeMap<&'static str, u32>>;

fn count(counts: &mut Counts, report: &Report) {
    for (name, change) in changes(report) {
        let of = counts.entry(name).or_default();
        let verdicts: Vec<&str> = match change {
            None => vec!["not measured"; 2],
            Some(change) => [change.performance_verdict, change.scalability_verdict]
                .map(word)
                .to_vec(),
        };
        for verdict in verdicts {
            *of.entry(verdict).or_default() += 1;
        }
    }
}

/// Prints the table and answers the share of verdicts "changed".
pub(super) fn table(title: &str, counts: &Counts, begin: Instant) -> f64 {
    const WORDS: [&str; 5] = [
        "changed",
        "small",
        "unchanged",
        "inconclusive",
        "not measured",
    ];
    println!("\n{title}\n\n| benchmark | {} |", WORDS.join(" | "));
    println!("| --- |{}", " --- |".repeat(WORDS.len()));
    let mut all: BTreeMap<&str, u32> = BTreeMap::new();
    for (name, of) in counts {
        print!("| {name} |");
        for word in WORDS {
            let count = of.get(word).copied().unwrap_or(0);
            *all.entry(word).or_default() += count;
            print!(" {count} |");
        }
        println!();
    }
    print!("| all |");
    for word in WORDS {
        print!(" {} |", all[word]);
    }
    println!("\n\n{}", machine(begin));
    let verdicts: u32 = all.values().sum();
    f64::from(all[word(Verdict::Changed)]) / f64::from(verdicts)
}

/// Processes that want a CPU, ended when dropped.
struct Busy(Vec<Child>);

impl Busy {
    fn new(processes: u32) -> Self {
        let start = |_| {
            let mut command = Command::new("sh");
            let silent = command
                .args(["-c", "while :; do :; done"])
                .stdin(Stdio::null());
            silent.spawn().expect("sh starts")
        };
        Self((0..processes).map(start).collect())
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        for child in &mut self.0 {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

fn against_itself(title: &str) -> f64 {
    let (project, begin) = (project(), Instant::now());
    let mut counts = Counts::new();
    for _ in 0..trials(10) {
        count(&mut counts, &compare(&project, "base", "base", "varied"));
    }
    table(title, &counts, begin)
}

/// ```sh
/// cargo test -p cargo-scalebench --test it -- --ignored --nocapture planted::unchanged::a_quiet
/// ```
#[test]
#[ignore = "a trial of about 15 minutes on a quiet machine"]
fn a_quiet_machine_changes_nothing() {
    let changed = against_itself("compare, quiet");
    assert!(changed <= 0.01, "{changed}");
}

/// ```sh
/// cargo test -p cargo-scalebench --test it -- --ignored --nocapture planted::unchanged::two_busy
/// ```
#[test]
#[ignore = "a trial of about half an hour on a machine that does nothing else"]
fn two_busy_processes_change_nothing() {
    let _busy = Busy::new(2);
    let changed = against_itself("compare, beside two busy processes");
    assert!(changed <= 0.01, "{changed}");
}

/// The same verdicts against the run before, which only the nulls protect from drift.
///
/// ```sh
/// cargo test -p cargo-scalebench --test it -- --ignored --nocapture planted::unchanged::saved
/// ```
#[test]
#[ignore = "a trial of about 10 minutes on a quiet machine"]
fn saved_runs_of_unchanged_code() {
    let (project, begin) = (project(), Instant::now());
    project.git(&["checkout", "--quiet", "base"]);
    let mut counts = Counts::new();
    for trial in 0..=trials(10) {
        bench(&project, "varied", trial);
        // The first run has none before it.
        if trial > 0 {
            count(&mut counts, &project.report());
        }
    }
    let changed = table("against the run before, quiet", &counts, begin);
    assert!(changed <= 0.01, "{changed}");
}

//! Planted changes: is each attributed to the right factor?

use std::collections::BTreeMap;
use std::time::Instant;

use scalebench_model::report::{Change, Report, Verdict};

use super::{bench, changes, compare, machine, median, project, trials, word};

/// Which factor a planted change belongs to.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Factor {
    Performance,
    Scalability,
}

/// Where each change is planted, which factor it belongs to, and whether it must be found nearly always.
const EXPECTED: [(&str, Factor, bool); 5] = [
    ("spin_5_percent", Factor::Performance, true),
    ("spin_2_percent", Factor::Performance, false),
    ("lock_held_20_percent", Factor::Scalability, true),
    ("shared_counter", Factor::Scalability, true),
    ("false_sharing", Factor::Scalability, true),
];

/// What was seen of one planted change in one direction.
#[derive(Debug, Default)]
struct Seen {
    comparisons: u32,
    right: u32,
    /// The other factor was called changed, or the right one in the wrong direction.
    wrong: u32,
    verdicts: BTreeMap<&'static str, u32>,
    performance: Vec<f64>,
    scalability: Vec<f64>,
}

impl Seen {
    fn take(&mut self, change: Option<&Change>, factor: Factor, gain: bool) {
        self.comparisons += 1;
        let Some(change) = change else {
            *self.verdicts.entry("not measured").or_default() += 1;
            return;
        };
        let performance = (change.performance.estimate, change.performance_verdict);
        let scalability = (change.scalability.estimate, change.scalability_verdict);
        self.performance.push(performance.0);
        self.scalability.push(scalability.0);
        let (of, other) = match factor {
            Factor::Performance => (performance, scalability),
            Factor::Scalability => (scalability, performance),
        };
        *self.verdicts.entry(word(of.1)).or_default() += 1;
        let found = of.1 == Verdict::Changed;
        if other.1 == Verdict::Changed || (found && (of.0 > 1.0) != gain) {
            self.wrong += 1;
        } else if found {
            self.right += 1;
        }
    }
}

/// What was seen, by place in [`EXPECTED`] and whether the change was undone, which gains.
#[derive(Debug, Default)]
struct Table(BTreeMap<(usize, bool), Seen>);

impl Table {
    fn take(&mut self, report: &Report, gain: bool) {
        for (name, change) in changes(report) {
            let place = EXPECTED.iter().position(|(known, ..)| *known == name);
            let place = place.expect("a planted benchmark");
            let seen = self.0.entry((place, gain)).or_default();
            seen.take(change, EXPECTED[place].1, gain);
        }
    }

    fn print(&mut self, begin: Instant) {
        println!(
            "\n| change | direction | belongs to | right | wrong | verdicts | performance | scalability |"
        );
        println!("| --- | --- | --- | --- | --- | --- | --- | --- |");
        for ((place, gain), seen) in &mut self.0 {
            let (name, factor, _) = EXPECTED[*place];
            let direction = if *gain { "undone" } else { "planted" };
            let verdicts: Vec<String> = (seen.verdicts.iter())
                .map(|(verdict, count)| format!("{count} {verdict}"))
                .collect();
            println!(
                "| {name} | {direction} | {factor:?} | {} of {} | {} | {} | ×{:.3} | ×{:.3} |",
                seen.right,
                seen.comparisons,
                seen.wrong,
                verdicts.join(", "),
                median(&mut seen.performance),
                median(&mut seen.scalability),
            );
        }
        println!("\n{}", machine(begin));
    }
}

/// +5 % and +2 % work, a lock held 20 % longer, a shared counter added, false sharing introduced; then all of it undone.
///
/// ```sh
/// cargo test -p cargo-scalebench --test it -- --ignored --nocapture planted::changes::planted
/// ```
#[test]
#[ignore = "a trial of about a quarter of an hour on a quiet machine"]
fn planted_changes_are_attributed() {
    let (project, begin) = (project(), Instant::now());
    let mut table = Table::default();
    for _ in 0..trials(20) {
        for (old, new, gain) in [("base", "planted", false), ("planted", "base", true)] {
            table.take(&compare(&project, old, new, "changes"), gain);
        }
    }
    table.print(begin);
    for ((place, gain), seen) in &table.0 {
        let (name, _, must) = EXPECTED[*place];
        assert!(
            !must || 20 * seen.right >= 19 * seen.comparisons,
            "{name}, {gain}"
        );
    }
}

/// The same against the run before, where fewer are found and none may be taken for another.
///
/// ```sh
/// cargo test -p cargo-scalebench --test it -- --ignored --nocapture planted::changes::saved
/// ```
#[test]
#[ignore = "a trial of about 5 minutes on a quiet machine"]
fn saved_runs_of_planted_changes() {
    let (project, begin) = (project(), Instant::now());
    let mut table = Table::default();
    for run in 0..=2 * trials(20) {
        // The first run has none before it.
        let gain = run % 2 == 0;
        let revision = if gain { "base" } else { "planted" };
        project.git(&["checkout", "--quiet", revision]);
        bench(&project, "changes", run);
        if run > 0 {
            table.take(&project.report(), gain);
        }
    }
    table.print(begin);
    for ((place, gain), seen) in &table.0 {
        assert!(
            20 * seen.wrong <= seen.comparisons,
            "{}, {gain}",
            EXPECTED[*place].0
        );
    }
}

//! Planted changes: is each attributed to the right factor?

use std::collections::BTreeMap;
use std::time::Instant;

use scalebench_model::report::{Change, Verdict};

use super::{changes, compare, machine, median, project, trials, word};

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

/// +5 % and +2 % work, a lock held 20 % longer, a shared counter added, false sharing introduced; then all of it undone.
///
/// ```sh
/// cargo test -p cargo-scalebench --test it -- --ignored --nocapture planted::changes
/// ```
#[test]
#[ignore = "a trial of about a quarter of an hour on a quiet machine"]
fn planted_changes_are_attributed() {
    let (project, begin) = (project(), Instant::now());
    let mut seen: BTreeMap<(usize, bool), Seen> = BTreeMap::new();
    for _ in 0..trials(20) {
        for (old, new, gain) in [("base", "planted", false), ("planted", "base", true)] {
            let report = compare(&project, old, new, "changes");
            for (name, change) in changes(&report) {
                let place = EXPECTED.iter().position(|(known, ..)| *known == name);
                let place = place.expect("a planted benchmark");
                let seen = seen.entry((place, gain)).or_default();
                seen.take(change, EXPECTED[place].1, gain);
            }
        }
    }
    println!(
        "\n| change | direction | belongs to | right | wrong | verdicts | performance | scalability |"
    );
    println!("| --- | --- | --- | --- | --- | --- | --- | --- |");
    for ((place, gain), seen) in &mut seen {
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
    for ((place, gain), seen) in &seen {
        let (name, _, must) = EXPECTED[*place];
        assert!(
            !must || 20 * seen.right >= 19 * seen.comparisons,
            "{name}, {gain}"
        );
    }
}

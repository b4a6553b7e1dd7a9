//! `uneven [RUNS] [CASE…]`: whether intervals hold what uneven calls take by hand.

use comparisons::uneven::{CASES, Case};

use super::{doubled, named, take, truth};
use crate::peers::Key;
use crate::report::{Estimate, Report};
use crate::table::short;

const RUNS: usize = 3;

/// The time that ScaleBench has for a benchmark unless told otherwise, ns.
const BUDGET_NS: f64 = 10e9;

/// Where the budget holds so many pauses, the interval must be narrow.
const ENOUGH_PAUSES: f64 = 100.0;
const NARROW: f64 = 0.2;

const THREADS: [u32; 2] = [1, 2];

/// One point of one run.
struct Outcome {
    threads: u32,
    truth: (f64, f64),
    latency: Option<Estimate>,
    pauses: f64,
    /// Where the kind of the case decides it.
    true_efficiency: Option<f64>,
    efficiency: Option<Estimate>,
}

impl Outcome {
    fn is_inside(&self) -> bool {
        self.latency
            .is_some_and(|latency| latency.meets(self.truth))
    }

    fn is_narrow(&self) -> bool {
        self.latency
            .is_some_and(|latency| latency.half_width() <= NARROW)
    }

    /// Whether the efficiency is the one that is known; `None` where there is nothing to be known.
    fn is_efficient(&self) -> Option<bool> {
        let truth = self.true_efficiency?;
        if self.threads == 1 {
            return None;
        }
        Some(self.efficiency.is_some_and(|it| it.meets((truth, truth))))
    }
}

/// Shows the table, and what it adds up to.
pub fn show(words: &[String]) {
    let mut words = words.to_vec();
    if take(&mut words, "doubled") {
        return doubled::show(&chosen(&words));
    }
    let runs = words.first().and_then(|word| word.parse().ok());
    if runs.is_some() {
        words.remove(0);
    }
    println!(
        "| case | N | truth | latency | inside | half-width | pauses in the budget | efficiency | truth |\n|{}",
        "---|".repeat(9)
    );
    // One for each run of each case, of one outcome for each thread count.
    let mut all = Vec::new();
    for _ in 0..runs.unwrap_or(RUNS) {
        for case in chosen(&words) {
            let outcomes = run(&case);
            for outcome in &outcomes {
                print(&case, outcome);
            }
            all.push(outcomes);
        }
    }
    println!("\n{}", summary(&all));
}

fn chosen(words: &[String]) -> Vec<Case> {
    let names = named(CASES.iter().map(|case| case.name), words);
    let is_chosen = |case: &Case| names.contains(&case.name);
    CASES.into_iter().filter(is_chosen).collect()
}

fn run(case: &Case) -> Vec<Outcome> {
    let before = THREADS.map(|threads| truth::by_hand(case, threads, 1));
    let report = Report::of("uneven", &[case.name], &[]);
    let after = THREADS.map(|threads| truth::by_hand(case, threads, 1));
    let (latencies, efficiencies) = (report.latencies(), report.efficiencies());
    let outcome = |(index, threads): (usize, u32)| {
        let key: Key = (case.name.to_owned(), threads);
        let truth = truth::hull(before[index], after[index]);
        Outcome {
            threads,
            truth,
            latency: latencies.get(&key).copied(),
            pauses: BUDGET_NS / (case.period as f64 * truth.0),
            true_efficiency: case.kind.efficiency(threads),
            efficiency: efficiencies.get(&key).copied(),
        }
    };
    THREADS.into_iter().enumerate().map(outcome).collect()
}

fn print(case: &Case, outcome: &Outcome) {
    let latency = |it: Estimate| {
        let bounds = [it.estimate, it.lower, it.upper].map(|ns| short(Some(ns)));
        format!("{} [{}, {}]", bounds[0], bounds[1], bounds[2])
    };
    let percent = |share: f64| format!("{:.1} %", 100.0 * share);
    let efficiency = |it: Estimate| {
        let bounds = [it.estimate, it.lower, it.upper].map(percent);
        format!("{} [{}, {}]", bounds[0], bounds[1], bounds[2])
    };
    let or_none = |text: Option<String>| text.unwrap_or_else(|| "not measured".to_owned());
    println!(
        "| {} | {} | [{}, {}] | {} | {} | {} | {:.0} | {} | {} |",
        case.name,
        outcome.threads,
        short(Some(outcome.truth.0)),
        short(Some(outcome.truth.1)),
        or_none(outcome.latency.map(latency)),
        if outcome.is_inside() { "yes" } else { "**no**" },
        or_none(outcome.latency.map(|it| percent(it.half_width()))),
        outcome.pauses,
        or_none(outcome.efficiency.map(efficiency)),
        outcome.true_efficiency.map_or("-".to_owned(), percent),
    );
}

fn summary(all: &[Vec<Outcome>]) -> String {
    let mut lines = Vec::new();
    for (index, threads) in THREADS.into_iter().enumerate() {
        let inside = all.iter().filter(|it| it[index].is_inside()).count();
        lines.push(format!(
            "{inside} of {} inside at N = {threads}.",
            all.len()
        ));
    }
    let both = all.iter().filter(|it| it.iter().all(Outcome::is_inside));
    lines.push(format!("{} of {} inside at both.", both.count(), all.len()));
    let points = || all.iter().flatten();
    let rich = || points().filter(|it| it.pauses >= ENOUGH_PAUSES);
    lines.push(format!(
        "Half-width at most {:.0} % in {} of the {} points whose budget holds {ENOUGH_PAUSES:.0} pauses or more.",
        100.0 * NARROW,
        rich().filter(|it| it.is_narrow()).count(),
        rich().count()
    ));
    let known: Vec<bool> = points().filter_map(Outcome::is_efficient).collect();
    lines.push(format!(
        "The efficiency that is known (100 % with a count of one's own) lies in the interval in {} of {}.",
        known.iter().filter(|it| **it).count(),
        known.len()
    ));
    lines.join("\n")
}

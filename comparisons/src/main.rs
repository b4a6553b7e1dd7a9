//! Runs the harnesses beside hand-written loops and prints the tables of the README.
//!
//! `cargo run --release -- accuracy [HARNESS…]`, `-- noise [HARNESS…] [CASE…]` or `-- repeat [HARNESS…] [CASE…]`; without
//! names all harnesses and cases run, and criterion takes most of the time. `-- uneven`, `-- loops`, `-- inputs` and `-- layouts`
//! are trials of ScaleBench alone against known answers.

mod away;
mod hand;
mod loops;
mod noise;
mod pace;
mod peers;
mod repeat;
mod report;
mod table;
mod trials;

use std::os::unix::process::parent_id;
use std::process::ExitCode;

use peers::{Figures, Harness, Key};
use table::{heading, median, short};

const HARNESSES: [(&str, Harness); 3] = [
    ("scalebench", Harness::Scalebench),
    ("divan", Harness::Divan),
    ("criterion", Harness::Criterion),
];

const NOISE_CASES: [&str; 6] = [
    "spin_100ns",
    "walk_32mib",
    "allocation",
    "shared_atomic",
    "mutex_1us",
    "mutex_empty",
];

/// The harnesses named on the command line, or all.
fn harnesses() -> Vec<(&'static str, Harness)> {
    let named: Vec<String> = std::env::args().skip(2).collect();
    let any = HARNESSES
        .iter()
        .any(|(name, _)| named.iter().any(|each| each == name));
    let wanted = |name: &str| !any || named.iter().any(|each| each == name);
    HARNESSES
        .into_iter()
        .filter(|(name, _)| wanted(name))
        .collect()
}

/// The cases named on the command line, or all of the tables of noise and repetition.
fn cases() -> Vec<&'static str> {
    let named: Vec<String> = std::env::args().skip(2).collect();
    let is_named = |case: &&str| named.iter().any(|each| each == case);
    let chosen: Vec<_> = NOISE_CASES.into_iter().filter(is_named).collect();
    if chosen.is_empty() {
        NOISE_CASES.to_vec()
    } else {
        chosen
    }
}

fn main() -> ExitCode {
    match std::env::args().nth(1).as_deref() {
        Some("accuracy") => accuracy(),
        Some("noise") => noise::show(&harnesses(), &cases()),
        Some("repeat") => repeat::show(&harnesses(), &cases()),
        Some("away") => away::show(),
        Some("busy") => busy(),
        Some("uneven") => trials::uneven::show(&words()),
        Some("loops") => trials::loops::show(&words()),
        Some("hand") => trials::loops::by_hand(&words()),
        Some("inputs") => trials::inputs::show(),
        Some("layouts") => trials::layouts::show(&words()),
        _ => {
            eprintln!(
                "say what to show: accuracy, noise, repeat, away, uneven, loops, inputs or layouts"
            );
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}

/// What the command line says behind the name of what to show.
fn words() -> Vec<String> {
    std::env::args().skip(2).collect()
}

/// A process that wants a CPU, for as long as there is somebody to end it.
fn busy() {
    let (parent, mut state) = (parent_id(), 1);
    while parent_id() == parent {
        std::hint::black_box(comparisons::spin(&mut state, 1_000_000));
    }
}

/// How often the accuracy of every harness is looked at.
const ROUNDS: usize = 3;

/// Every harness against the loops around it: a machine's clock drifts by more than what is looked for, so each figure
/// is compared with the loops just before and just after it, and the median of the rounds stands in the table.
fn accuracy() {
    let harnesses = harnesses();
    let mut truths = vec![loops::all()];
    let mut figures: Vec<Vec<Figures>> = vec![Vec::new(); harnesses.len()];
    let mut ratios: Vec<Vec<Figures>> = figures.clone();
    for _ in 0..ROUNDS {
        for (index, (_, harness)) in harnesses.iter().enumerate() {
            let measured = harness.run(&["empty", "spin", "shared", "mutex", "alloc", "walk"]);
            let after = loops::all();
            let before = &truths[truths.len() - 1];
            ratios[index].push(against(&measured, before, &after));
            figures[index].push(measured);
            truths.push(after);
        }
    }
    println!(
        "The median of {ROUNDS} rounds, and of its ratio to the loops just before and after.\n"
    );
    heading("case | threads | loop", &harnesses);
    for key in truths[0].keys() {
        let cells: Vec<String> = (0..harnesses.len())
            .map(|index| {
                let ratio = median(&ratios[index], key);
                let ratio = ratio.map(|ratio| format!(" ({:+.1} %)", 100.0 * (ratio - 1.0)));
                short(median(&figures[index], key)) + &ratio.unwrap_or_default()
            })
            .collect();
        let truth = short(median(&truths, key));
        println!(
            "| {} | {} | {truth} | {} |",
            key.0,
            key.1,
            cells.join(" | ")
        );
    }
}

/// Each figure over the mean of two truths.
fn against(measured: &Figures, before: &Figures, after: &Figures) -> Figures {
    let ratio = |(key, figure): (&Key, &f64)| {
        let truth = (before.get(key)? + after.get(key)?) / 2.0;
        Some((key.clone(), figure / truth))
    };
    measured.iter().filter_map(ratio).collect()
}

//! `loops [quick] [CASE…]`: loops by hand and ScaleBench in alternation. `loops chunks [CASE…]`: loops by hand with chunks of
//! several lengths in alternation.

use std::io::Write as _;
use std::process::Command;
use std::time::Duration;

use comparisons::everyday::*;

use super::{Agreement, agreement, named, summary, take};
use crate::hand;
use crate::report::{Estimate, Report};
use crate::table::{middle, short};

/// So often ScaleBench measures between two loops by hand.
const ALTERNATIONS: usize = 5;
const QUICK_ALTERNATIONS: usize = 3;

const QUICK: [&str; 5] = [
    "spin_100ns",
    "store_reload",
    "chase_l2",
    "hash_u64",
    "copy_64kb",
];

/// The figures must agree within the larger of these.
const SHARE: f64 = 0.03;
const NS: f64 = 0.3;

/// Between clock reads of a loop that knows the truth.
const CHUNK: Duration = Duration::from_millis(10);

/// Lengths of chunks to compare, µs.
const LENGTHS_US: [u64; 5] = [20, 100, 600, 2_000, 10_000];
const CHUNK_ROUNDS: usize = 7;

/// A loop by hand lasts so long.
const TIME: Duration = Duration::from_millis(500);

macro_rules! names {
    ($($name:ident: $state:ty,)*) => {
        /// The names of all loops.
        pub const NAMES: &[&str] = &[$(stringify!($name)),*];
    };
}

comparisons::everyday_loops!(names);

macro_rules! dispatch {
    ($($name:ident: $state:ty,)*) => {
        fn latency(wanted: &str, chunk: Duration) -> f64 {
            match wanted {
                $(stringify!($name) => latency_of::<$state>(chunk),)*
                _ => panic!("there is no loop {wanted}"),
            }
        }
    };
}

comparisons::everyday_loops!(dispatch);

/// In a pinned thread: the C library allocates and locks more cheaply as long as there is only one.
fn latency_of<L: Everyday>(chunk: Duration) -> f64 {
    let run = || {
        hand::pin(0);
        let mut state = L::make();
        hand::chunked(chunk, TIME, |calls| hand::time(&mut state, L::call, calls))
    };
    std::thread::scope(|scope| scope.spawn(run).join().expect("no panic"))
}

/// `hand CASE NS`: what a process of its own does for [`in_a_process`].
pub fn by_hand(words: &[String]) {
    let [name, ns] = words else {
        panic!("hand CASE NS");
    };
    let chunk = Duration::from_nanos(ns.parse().expect("ns"));
    println!("{}", latency(name, chunk));
}

/// ns a call by hand, in a process of its own.
fn in_a_process(name: &str, chunk: Duration) -> f64 {
    // The file of this name may be another by now: cargo builds again when a harness runs.
    let output = Command::new("/proc/self/exe")
        .args(["hand", name, &chunk.as_nanos().to_string()])
        .output()
        .expect("a process");
    let text = String::from_utf8_lossy(&output.stdout);
    text.trim()
        .parse()
        .expect("a loop by hand prints its figure")
}

/// Shows what the words ask for.
pub fn show(words: &[String]) {
    let mut words = words.to_vec();
    if take(&mut words, "chunks") {
        return chunks(&named(NAMES.iter().copied(), &words));
    }
    if take(&mut words, "quick") {
        return alternate(&named(QUICK, &words), QUICK_ALTERNATIONS);
    }
    alternate(&named(NAMES.iter().copied(), &words), ALTERNATIONS);
}

fn alternate(names: &[&str], alternations: usize) {
    println!(
        "| loop | by hand | spread by hand | scalebench | half-width | ratio | ratios | within |\n|{}",
        "---|".repeat(8)
    );
    let outcomes = names
        .iter()
        .map(|name| Alternation::of(name, alternations).print(name));
    println!(
        "\n{}",
        summary(&outcomes.collect::<Vec<Agreement>>(), SHARE, NS)
    );
}

/// One loop, by hand and under ScaleBench in alternation.
struct Alternation {
    /// One more than there are measurements.
    by_hand: Vec<f64>,
    measured: Vec<Option<Estimate>>,
}

impl Alternation {
    fn of(name: &str, alternations: usize) -> Self {
        let mut by_hand = vec![in_a_process(name, CHUNK)];
        let mut measured = Vec::new();
        let id = format!("loops::{name}");
        for _ in 0..alternations {
            let report = Report::of("loops", &[&id, "--exact", "--threads", "1"], &[]);
            measured.push(report.latencies().get(&((*name).to_owned(), 1)).copied());
            by_hand.push(in_a_process(name, CHUNK));
        }
        Self { by_hand, measured }
    }

    /// Each measurement over the mean of its two neighbours.
    fn ratios(&self) -> Vec<f64> {
        let neighbours = self
            .by_hand
            .windows(2)
            .map(|pair| (pair[0] + pair[1]) / 2.0);
        let pairs = self.measured.iter().zip(neighbours);
        pairs
            .filter_map(|(measured, truth)| Some(measured.as_ref()?.estimate / truth))
            .collect()
    }

    /// Each loop by hand over the next: what the machine itself does to ratios.
    fn controls(&self) -> Vec<f64> {
        self.by_hand
            .windows(2)
            .map(|pair| pair[0] / pair[1])
            .collect()
    }

    /// Prints a line; says whether the figures agree.
    fn print(&self, name: &str) -> Agreement {
        let truth = middle(self.by_hand.clone());
        let measured = || self.measured.iter().flatten();
        let half_widths = measured().map(Estimate::half_width).collect();
        let ratio = middle(self.ratios());
        let outcome = agreement(ratio, &self.controls(), truth, SHARE, NS);
        let percent = |ratio: &f64| format!("{:+.1} %", 100.0 * (ratio - 1.0));
        let ratios: Vec<String> = self.ratios().iter().map(percent).collect();
        println!(
            "| {name} | {} | {:.1} % | {} | ±{:.1} % | {} | {} | {} |",
            short(truth),
            100.0 * spread(&self.by_hand),
            short(middle(measured().map(|it| it.estimate).collect())),
            100.0 * middle(half_widths).unwrap_or(f64::NAN),
            ratio.as_ref().map_or("-".to_owned(), percent),
            ratios.join(", "),
            outcome.text(),
        );
        outcome
    }
}

/// The highest over the lowest, less 1.
fn spread(figures: &[f64]) -> f64 {
    let most = figures.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let least = figures.iter().copied().fold(f64::INFINITY, f64::min);
    most / least - 1.0
}

/// What the clock reads between chunks do to the code around them.
fn chunks(names: &[&str]) {
    let lengths = LENGTHS_US.map(Duration::from_micros);
    let heads = LENGTHS_US.map(|us| format!("{} ms", us as f64 / 1e3));
    println!(
        "Loops by hand, medians of {CHUNK_ROUNDS} rounds; in parentheses of the ratios to {} in the same round.\n\n| loop | {} |\n|{}",
        heads[heads.len() - 1],
        heads.join(" | "),
        "---|".repeat(1 + heads.len())
    );
    for name in names {
        let rounds: Vec<Vec<f64>> = (0..CHUNK_ROUNDS)
            .map(|_| {
                lengths
                    .iter()
                    .map(|length| in_a_process(name, *length))
                    .collect()
            })
            .collect();
        let cells = (0..lengths.len()).map(|index| {
            let figure = middle(rounds.iter().map(|round| round[index]).collect());
            let ratios = rounds
                .iter()
                .map(|round| round[index] / round[lengths.len() - 1]);
            let ratio = middle(ratios.collect()).unwrap_or(f64::NAN);
            format!("{} ({:+.1} %)", short(figure), 100.0 * (ratio - 1.0))
        });
        println!("| {name} | {} |", cells.collect::<Vec<_>>().join(" | "));
        // A line is there as soon as it is known, also in a file.
        let _ = std::io::stdout().flush();
    }
}

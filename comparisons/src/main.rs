//! Runs the harnesses beside hand-written loops and prints the tables of the README.
//!
//! `cargo run --release -- accuracy [HARNESS…]`, `-- noise [HARNESS…] [CASE…]` or `-- repeat [HARNESS…] [CASE…]`; without
//! names all harnesses and cases run, and criterion takes most of the time.

mod away;
mod loops;
mod pace;
mod peers;

use std::os::unix::process::parent_id;
use std::process::{Child, Command, ExitCode, Stdio};

use peers::{Figures, Harness, Key};

const HARNESSES: [(&str, Harness); 3] = [
    ("scalebench", Harness::Scalebench),
    ("divan", Harness::Divan),
    ("criterion", Harness::Criterion),
];

/// The harnesses named on the command line, or all.
fn harnesses() -> Vec<(&'static str, Harness)> {
    let named: Vec<String> = std::env::args().skip(2).collect();
    let any = HARNESSES.iter().any(|(name, _)| named.iter().any(|each| each == name));
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
    if chosen.is_empty() { NOISE_CASES.to_vec() } else { chosen }
}

/// The first lines of a table with a column for each harness.
fn heading(first: &str, harnesses: &[(&str, Harness)]) {
    let names: Vec<&str> = harnesses.iter().map(|(name, _)| *name).collect();
    println!(
        "| {first} | {} |\n|{}",
        names.join(" | "),
        "---|".repeat(names.len() + first.split('|').count())
    );
}

fn main() -> ExitCode {
    match std::env::args().nth(1).as_deref() {
        Some("accuracy") => accuracy(),
        Some("noise") => noise(),
        Some("repeat") => repeat(),
        Some("away") => away::show(),
        Some("busy") => busy(),
        _ => {
            eprintln!("say what to show: accuracy, noise, repeat or away");
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}

/// A process that wants a CPU, for as long as there is somebody to end it.
fn busy() {
    let (parent, mut state) = (parent_id(), 1);
    while parent_id() == parent {
        std::hint::black_box(comparisons::spin(&mut state, 1_000_000));
    }
}

/// Busy processes, ended when dropped.
struct Load(Vec<Child>);

impl Load {
    fn new(processes: usize) -> Self {
        let start = |_| {
            // The file of this name may be another by now: cargo builds again when a harness runs.
            Command::new("/proc/self/exe")
                .arg("busy")
                .stdin(Stdio::null())
                .spawn()
                .expect("a busy process")
        };
        Self((0..processes).map(start).collect())
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        for child in &mut self.0 {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

fn short(ns: Option<f64>) -> String {
    match ns {
        None => "not measured".to_owned(),
        Some(ns) if ns < 1e3 => format!("{ns:.2} ns"),
        Some(ns) if ns < 1e6 => format!("{:.3} µs", ns / 1e3),
        Some(ns) => format!("{:.3} ms", ns / 1e6),
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

const NOISE_CASES: [&str; 6] = [
    "spin_100ns",
    "walk_32mib",
    "allocation",
    "shared_atomic",
    "mutex_1us",
    "mutex_empty",
];

/// How often each side of the noise table is measured.
const REPEATS: usize = 5;

/// Runs at full pace are waited for up to so many times as many runs as are wanted.
const PATIENCE: usize = 4;

/// Quiet against 4 busy processes, turn by turn. Of scalebench there are more turns where its gauge says that somebody beyond
/// this system was on the CPUs, and a second table of the turns in which nobody was.
fn noise() {
    let (harnesses, cases) = (harnesses(), cases());
    let mut quiet: Vec<Vec<Figures>> = vec![Vec::new(); harnesses.len()];
    let mut loud = quiet.clone();
    let (mut quiet_paces, mut loud_paces) = (Vec::new(), Vec::new());
    for turn in 0..PATIENCE * REPEATS {
        for (index, (_, harness)) in harnesses.iter().enumerate() {
            let own = *harness == Harness::Scalebench;
            if turn >= REPEATS && (!own || pace::enough(&[&quiet_paces, &loud_paces], &cases, REPEATS)) {
                continue;
            }
            quiet[index].push(harness.run(&cases));
            if own {
                quiet_paces.push(peers::paces());
            }
            let load = Load::new(4);
            loud[index].push(harness.run(&cases));
            drop(load);
            if own {
                loud_paces.push(peers::paces());
            }
        }
    }
    println!(
        "Busy over quiet: the ratio of the medians of {REPEATS} runs each, then the median of the ratios of a busy run to the \
         quiet one just before it (in parentheses: quiet).\n"
    );
    let first = |runs: &[Figures]| runs[..REPEATS.min(runs.len())].to_vec();
    heading("case | threads", &harnesses);
    for key in keys(&cases) {
        let cells: Vec<String> = (0..harnesses.len())
            .map(|index| ratio(&first(&quiet[index]), &first(&loud[index]), &key))
            .collect();
        println!("| {} | {} | {} |", key.0, key.1, cells.join(" | "));
    }
    println!("\nThe most that an efficiency at 2 threads beside busy processes was above the quiet median:\n");
    for (index, (name, _)) in harnesses.iter().enumerate() {
        let most = most_above(&first(&quiet[index]), &first(&loud[index]), &cases);
        let most = most.map(|(above, case)| format!("{above:+.3} ({case})"));
        println!("- {name}: {}", most.unwrap_or_else(|| "not measured".to_owned()));
    }
    let Some(index) = harnesses.iter().position(|(_, h)| *h == Harness::Scalebench) else {
        return;
    };
    println!(
        "\nscalebench at full pace: the ratio of the medians of those of its {} runs each in which fixed arithmetic took at most \
         {:.0} % longer than in the best of all (in parentheses: how many quiet and busy ones), and the most that an efficiency of a \
         busy one was above the quiet median.\n\n| case | threads | latency | efficiency |\n|---|---|---|---|",
        quiet[index].len(),
        100.0 * (pace::TOLERANCE - 1.0)
    );
    let best = pace::best(&[&quiet_paces, &loud_paces]);
    for key in keys(&cases) {
        let before = pace::kept(&quiet[index], &quiet_paces, &best, &[&key]);
        let after = pace::kept(&loud[index], &loud_paces, &best, &[&key]);
        let latency = match (median(&before, &key), median(&after, &key)) {
            (Some(quiet), Some(busy)) => format!("{:+.1} %", 100.0 * (busy / quiet - 1.0)),
            _ => "-".to_owned(),
        };
        let ends = [&(key.0.clone(), 1), &key];
        let most = most_above(
            &pace::kept(&quiet[index], &quiet_paces, &best, &ends),
            &pace::kept(&loud[index], &loud_paces, &best, &ends),
            &[key.0.as_str()],
        );
        let most = most.filter(|_| key.1 > 1).map_or("-".to_owned(), |(above, _)| format!("{above:+.3}"));
        println!("| {} | {} | {latency} ({}, {}) | {most} |", key.0, key.1, before.len(), after.len());
    }
}

/// Each case at 1 and 2 threads.
fn keys(cases: &[&str]) -> Vec<Key> {
    let at = |case: &&str| [1, 2].map(|threads| ((*case).to_owned(), threads));
    cases.iter().flat_map(at).collect()
}

/// Efficiency at 2 threads.
fn efficiency(figures: &Figures, case: &str) -> Option<f64> {
    let at = |threads| figures.get(&(case.to_owned(), threads));
    Some(at(1)? / at(2)?)
}

/// The highest efficiency of a busy run, over the median of the quiet ones, and in which case.
fn most_above<'a>(quiet: &[Figures], loud: &[Figures], cases: &[&'a str]) -> Option<(f64, &'a str)> {
    let above = |case: &&'a str| {
        let all = |runs: &[Figures]| runs.iter().filter_map(|run| efficiency(run, case)).collect();
        let usual = middle(all(quiet))?;
        let most = all(loud).into_iter().max_by(f64::total_cmp)?;
        Some((most - usual, *case))
    };
    cases.iter().filter_map(above).max_by(|a, b| a.0.total_cmp(&b.0))
}

fn ratio(quiet: &[Figures], loud: &[Figures], key: &Key) -> String {
    let (Some(before), Some(after)) = (median(quiet, key), median(loud, key)) else {
        return "not measured".to_owned();
    };
    let unmeasured = loud
        .iter()
        .filter(|figures| !figures.contains_key(key))
        .count();
    let note = if unmeasured > 0 {
        format!(", not measured in {unmeasured} of {}", loud.len())
    } else {
        String::new()
    };
    let turns = quiet.iter().zip(loud);
    let turns = turns.filter_map(|(quiet, loud)| Some(loud.get(key)? / quiet.get(key)?));
    let turns = middle(turns.collect()).map(|ratio| format!(", {:+.1} %", 100.0 * (ratio - 1.0)));
    format!(
        "{:+.1} %{} ({}{note})",
        100.0 * (after / before - 1.0),
        turns.unwrap_or_default(),
        short(Some(before))
    )
}

fn median(runs: &[Figures], key: &Key) -> Option<f64> {
    let figures = runs.iter().filter_map(|figures| figures.get(key).copied());
    middle(figures.collect())
}

fn middle(mut figures: Vec<f64>) -> Option<f64> {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied()
}

/// The spread between 10 runs of the same binary on a quiet machine, and that of the loops between them: what the machine
/// itself varies by. What is left when each run is divided by the loops around it is the harness's own. Of scalebench there are
/// more runs where its gauge says that the machine was not quiet.
fn repeat() {
    const RUNS: usize = 10;
    let (harnesses, cases) = (harnesses(), cases());
    let mut runs: Vec<Vec<Figures>> = vec![Vec::new(); harnesses.len()];
    let mut ratios = runs.clone();
    let (mut walls, mut paces) = (Vec::new(), Vec::new());
    let mut loops = vec![loops::all()];
    for turn in 0..PATIENCE * RUNS {
        for (index, (_, harness)) in harnesses.iter().enumerate() {
            let own = *harness == Harness::Scalebench;
            if turn >= RUNS && (!own || pace::enough(&[&paces], &cases, RUNS)) {
                continue;
            }
            let measured = harness.run(&cases);
            if own {
                walls.push(peers::by_the_wall_clock());
                paces.push(peers::paces());
            }
            if turn < RUNS {
                let after = loops::all();
                ratios[index].push(against(&measured, &loops[loops.len() - 1], &after));
                loops.push(after);
            }
            runs[index].push(measured);
        }
    }
    let first = |runs: &[Figures]| runs[..RUNS.min(runs.len())].to_vec();
    println!("Coefficient of variation between {RUNS} runs (in parentheses: of the ratio to the loops around a run).\n");
    heading("case | threads | loop", &harnesses);
    for key in keys(&cases) {
        let cells: Vec<String> = (0..harnesses.len())
            .map(|index| {
                let own = variation(&ratios[index], &key);
                format!("{} ({own})", variation(&first(&runs[index]), &key))
            })
            .collect();
        let loops = variation(&loops, &key);
        println!("| {} | {} | {loops} | {} |", key.0, key.1, cells.join(" | "));
    }
    let Some(index) = harnesses.iter().position(|(_, h)| *h == Harness::Scalebench) else {
        return;
    };
    println!(
        "\nThe same {RUNS} runs of scalebench by the wall clock alone, windows at a slow pace and disturbed ones included; and of \
         {} runs those first {RUNS} in which fixed arithmetic took at most {:.0} % longer than in the best (in parentheses: how \
         many).\n\n| case | threads | scalebench, wall | scalebench, at full pace |\n|---|---|---|---|",
        runs[index].len(),
        100.0 * (pace::TOLERANCE - 1.0)
    );
    let best = pace::best(&[&paces]);
    for key in keys(&cases) {
        let kept = first(&pace::kept(&runs[index], &paces, &best, &[&key]));
        let (wall, full) = (variation(&first(&walls), &key), variation(&kept, &key));
        println!("| {} | {} | {wall} | {full} ({}) |", key.0, key.1, kept.len());
    }
}

fn variation(runs: &[Figures], key: &Key) -> String {
    let figures: Vec<f64> = runs
        .iter()
        .filter_map(|figures| figures.get(key).copied())
        .collect();
    if figures.len() < 2 {
        return "-".to_owned();
    }
    let mean = figures.iter().sum::<f64>() / figures.len() as f64;
    let squares: f64 = figures.iter().map(|figure| (figure - mean).powi(2)).sum();
    format!(
        "{:.2} %",
        100.0 * (squares / (figures.len() - 1) as f64).sqrt() / mean
    )
}

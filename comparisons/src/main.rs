//! Runs the harnesses beside hand-written loops and prints the tables of the README.
//!
//! `cargo run --release -- accuracy`, `-- noise` or `-- repeat`.

mod loops;
mod peers;

use std::process::{Child, Command, ExitCode, Stdio};

use peers::{Figures, Harness, Key};

const HARNESSES: [Harness; 3] = [Harness::Scalebench, Harness::Divan, Harness::Criterion];

fn main() -> ExitCode {
    match std::env::args().nth(1).as_deref() {
        Some("accuracy") => accuracy(),
        Some("noise") => noise(),
        Some("repeat") => repeat(),
        Some("busy") => busy(),
        _ => {
            eprintln!("say what to show: accuracy, noise or repeat");
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}

/// A process that wants a CPU.
fn busy() {
    let mut state = 1;
    loop {
        std::hint::black_box(comparisons::spin(&mut state, 1_000_000));
    }
}

/// Busy processes, ended when dropped.
struct Load(Vec<Child>);

impl Load {
    fn new(processes: usize) -> Self {
        let this = std::env::current_exe().expect("this program");
        let start = |_| {
            Command::new(&this)
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

fn percent(figure: Option<f64>, truth: f64) -> String {
    figure.map_or(String::new(), |figure| {
        format!(" ({:+.1} %)", 100.0 * (figure / truth - 1.0))
    })
}

/// Every harness against the loop, in one run.
fn accuracy() {
    let loops = loops::all();
    let results: Vec<Figures> = HARNESSES
        .iter()
        .map(|harness| harness.run(&["empty", "spin", "shared", "mutex", "alloc"]))
        .collect();
    let again = loops::all();
    println!(
        "| case | threads | loop | scalebench | divan | criterion |\n|---|---|---|---|---|---|"
    );
    for (key, before) in &loops {
        let truth = before.min(again[key]);
        print!("| {} | {} | {} |", key.0, key.1, short(Some(truth)));
        for figures in &results {
            let figure = figures.get(key).copied();
            print!(" {}{} |", short(figure), percent(figure, truth));
        }
        println!();
    }
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

/// Quiet against 4 busy processes, turn by turn.
fn noise() {
    let mut quiet: Vec<Vec<Figures>> = vec![Vec::new(); HARNESSES.len()];
    let mut loud = quiet.clone();
    for _ in 0..REPEATS {
        for (index, harness) in HARNESSES.iter().enumerate() {
            quiet[index].push(harness.run(&NOISE_CASES));
            let load = Load::new(4);
            loud[index].push(harness.run(&NOISE_CASES));
            drop(load);
        }
    }
    println!("Busy over quiet, median of {REPEATS} runs each.\n");
    println!("| case | threads | scalebench | divan | criterion |\n|---|---|---|---|---|");
    for case in NOISE_CASES {
        for threads in [1, 2] {
            let key: Key = (case.to_owned(), threads);
            print!("| {case} | {threads} |");
            for index in 0..HARNESSES.len() {
                print!(" {} |", ratio(&quiet[index], &loud[index], &key));
            }
            println!();
        }
    }
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
    format!(
        "{:+.1} % ({}{note})",
        100.0 * (after / before - 1.0),
        short(Some(before))
    )
}

fn median(runs: &[Figures], key: &Key) -> Option<f64> {
    let mut figures: Vec<f64> = runs
        .iter()
        .filter_map(|figures| figures.get(key).copied())
        .collect();
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied()
}

/// The spread between 10 runs of the same binary on a quiet machine.
fn repeat() {
    const RUNS: usize = 10;
    let runs: Vec<Vec<Figures>> = HARNESSES
        .iter()
        .map(|harness| (0..RUNS).map(|_| harness.run(&NOISE_CASES)).collect())
        .collect();
    println!("Coefficient of variation between {RUNS} runs.\n");
    println!("| case | threads | scalebench | divan | criterion |\n|---|---|---|---|---|");
    for case in NOISE_CASES {
        for threads in [1, 2] {
            let key: Key = (case.to_owned(), threads);
            let cells: Vec<String> = runs
                .iter()
                .map(|figures| variation(figures, &key))
                .collect();
            println!("| {case} | {threads} | {} |", cells.join(" | "));
        }
    }
}

fn variation(runs: &[Figures], key: &Key) -> String {
    let figures: Vec<f64> = runs
        .iter()
        .filter_map(|figures| figures.get(key).copied())
        .collect();
    if figures.len() < 2 {
        return "not measured".to_owned();
    }
    let mean = figures.iter().sum::<f64>() / figures.len() as f64;
    let squares: f64 = figures.iter().map(|figure| (figure - mean).powi(2)).sum();
    format!(
        "{:.2} %",
        100.0 * (squares / (figures.len() - 1) as f64).sqrt() / mean
    )
}

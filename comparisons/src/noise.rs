//! Quiet runs and runs beside 4 busy processes, in turns.

use std::process::{Child, Command, Stdio};

use crate::pace::{Run, TOLERANCE};
use crate::peers::{Figures, Harness, Key};
use crate::table::{heading, keys, median, middle, short};

/// How often each side is measured.
const REPEATS: usize = 5;

/// Of scalebench, turns go on until so many of them had CPUs as fast on both sides at every thread count,
const WANTED: usize = 8;

/// or up to so many turns.
const PATIENCE: usize = 15;

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

/// A quiet run and the busy one just after it.
struct Turn<T> {
    quiet: T,
    busy: T,
}

/// The table of all harnesses, then that of scalebench with CPUs as fast in both runs of a turn.
pub fn show(harnesses: &[(&str, Harness)], cases: &[&str]) {
    println!(
        "Busy over quiet: the ratio of the medians of {REPEATS} runs each, then the median of the ratios of a busy run to the \
         quiet one just before it (in parentheses: quiet). Below, the most that an efficiency at 2 threads of a busy run was above \
         the quiet median.\n"
    );
    heading("case | threads", harnesses);
    let mut own = Vec::new();
    for case in cases {
        let turns: Vec<Vec<Turn<Figures>>> = harnesses
            .iter()
            .map(|(_, harness)| match harness {
                Harness::Scalebench => {
                    let turns = with_scalebench(case);
                    let first: Vec<Turn<Figures>> =
                        turns.iter().take(REPEATS).map(figures).collect();
                    own.push((*case, turns));
                    first
                }
                _ => (0..REPEATS)
                    .map(|_| turn(|| harness.run(&[case])))
                    .collect(),
            })
            .collect();
        for key in keys(case) {
            let cells: Vec<String> = turns.iter().map(|turns| cell(turns, &key)).collect();
            println!("| {case} | {} | {} |", key.1, cells.join(" | "));
        }
        let most = turns.iter().map(|turns| most_above(turns, case));
        let most = most.map(|above| above.map_or("-".to_owned(), |above| format!("{above:+.3}")));
        println!(
            "| | efficiency | {} |",
            most.collect::<Vec<_>>().join(" | ")
        );
    }
    if !own.is_empty() {
        like_paces(&own);
    }
}

fn turn<T>(run: impl Fn() -> T) -> Turn<T> {
    let quiet = run();
    let _load = Load::new(4);
    Turn { quiet, busy: run() }
}

fn with_scalebench(case: &str) -> Vec<Turn<Run>> {
    let mut turns: Vec<Turn<Run>> = Vec::new();
    let enough = |turns: &[Turn<Run>]| {
        let like = turns
            .iter()
            .filter(|turn| turn.quiet.is_like(&turn.busy, &keys(case)));
        turns.len() >= REPEATS && like.count() >= WANTED
    };
    while turns.len() < PATIENCE && !enough(&turns) {
        let turn = turn(|| Run::latest(Harness::Scalebench.run(&[case])));
        turn.quiet.tell("quiet", &keys(case));
        turn.busy.tell("busy ", &keys(case));
        turns.push(turn);
    }
    turns
}

fn figures(turn: &Turn<Run>) -> Turn<Figures> {
    Turn {
        quiet: turn.quiet.figures.clone(),
        busy: turn.busy.figures.clone(),
    }
}

/// What somebody beyond this system did to one run of a turn and not to the other is no matter of the busy processes.
fn like_paces(cases: &[(&str, Vec<Turn<Run>>)]) {
    println!(
        "\nscalebench, of the turns in which fixed arithmetic took as long in both runs (up to {:.0} %): the median of the ratios of \
         the latencies with its 95 % interval (in parentheses: how many turns, of how many), and the quartiles of the differences of \
         the efficiencies with the most.\n\n| case | threads | latency | efficiency |\n|---|---|---|---|",
        100.0 * (TOLERANCE - 1.0)
    );
    for (case, turns) in cases {
        for key in keys(case) {
            let ratios = differences(turns, std::slice::from_ref(&key), |figures| {
                Some(figures.get(&key)?.ln())
            });
            let latency =
                middle_with_interval(&ratios).map_or("-".to_owned(), |[low, middle, high]| {
                    let percent = |ratio: f64| 100.0 * ratio.exp_m1();
                    format!(
                        "{:+.1} % [{:+.1}, {:+.1}]",
                        percent(middle),
                        percent(low),
                        percent(high)
                    )
                });
            let efficiencies = differences(turns, &keys(case), |figures| efficiency(figures, case));
            let efficiency = match efficiencies.as_slice() {
                [] => "-".to_owned(),
                _ if key.1 == 1 => "-".to_owned(),
                all => {
                    let at = |share: usize| all[(all.len() - 1) * share / 4];
                    format!(
                        "{:+.3} to {:+.3}, {:+.3} ({})",
                        at(1),
                        at(3),
                        at(4),
                        all.len()
                    )
                }
            };
            println!(
                "| {case} | {} | {latency} ({}, {}) | {efficiency} |",
                key.1,
                ratios.len(),
                turns.len()
            );
        }
    }
}

/// Busy less quiet in the turns with CPUs as fast at `keys`, ascending.
fn differences(
    turns: &[Turn<Run>],
    keys: &[Key],
    of: impl Fn(&Figures) -> Option<f64>,
) -> Vec<f64> {
    let like = turns
        .iter()
        .filter(|turn| turn.quiet.is_like(&turn.busy, keys));
    let both = like.filter_map(|turn| Some(of(&turn.busy.figures)? - of(&turn.quiet.figures)?));
    let mut all: Vec<f64> = both.collect();
    all.sort_by(f64::total_cmp);
    all
}

/// The median of ascending figures between the ends of its interval, by the ranks that a fair coin leaves (normal approximation).
fn middle_with_interval(figures: &[f64]) -> Option<[f64; 3]> {
    let count = figures.len() as f64;
    let half = 1.96 * count.sqrt() / 2.0;
    let low = (count / 2.0 - half).floor();
    let last = figures.len().checked_sub(1)?;
    let low = if low < 0.0 {
        0
    } else {
        (low as usize).min(last)
    };
    Some([figures[low], figures[last / 2], figures[last - low]])
}

/// Efficiency at 2 threads.
fn efficiency(figures: &Figures, case: &str) -> Option<f64> {
    let [one, two] = keys(case);
    Some(figures.get(&one)? / figures.get(&two)?)
}

/// The highest efficiency of a busy run, over the median of the quiet ones.
fn most_above(turns: &[Turn<Figures>], case: &str) -> Option<f64> {
    let of = |figures| efficiency(figures, case);
    let usual = middle(turns.iter().filter_map(|turn| of(&turn.quiet)).collect())?;
    let busy = turns.iter().filter_map(|turn| of(&turn.busy));
    Some(busy.max_by(f64::total_cmp)? - usual)
}

fn cell(turns: &[Turn<Figures>], key: &Key) -> String {
    let side =
        |of: fn(&Turn<Figures>) -> &Figures| -> Vec<&Figures> { turns.iter().map(of).collect() };
    let (quiet, busy) = (side(|turn| &turn.quiet), side(|turn| &turn.busy));
    let (Some(before), Some(after)) = (median(&quiet, key), median(&busy, key)) else {
        return "not measured".to_owned();
    };
    let unmeasured = busy
        .iter()
        .filter(|figures| !figures.contains_key(key))
        .count();
    let note = if unmeasured > 0 {
        format!(", not measured in {unmeasured} of {}", busy.len())
    } else {
        String::new()
    };
    let ratios = turns
        .iter()
        .filter_map(|turn| Some(turn.busy.get(key)? / turn.quiet.get(key)?));
    let ratios = middle(ratios.collect()).map(|ratio| format!(", {:+.1} %", 100.0 * (ratio - 1.0)));
    format!(
        "{:+.1} %{} ({}{note})",
        100.0 * (after / before - 1.0),
        ratios.unwrap_or_default(),
        short(Some(before))
    )
}

//! The spread between runs of the same binary on a quiet machine.

use crate::loops;
use crate::pace::{self, Run, TOLERANCE};
use crate::peers::{Figures, Harness};
use crate::table::{heading, keys, variation};

const RUNS: usize = 10;

/// Of scalebench, runs of a case go on until so many of them were at full pace at every thread count, or up to so many.
const PATIENCE: usize = 25;

/// The runs of one harness over one case.
#[derive(Default)]
struct Series {
    figures: Vec<Figures>,
    /// Over the loops just before and after.
    ratios: Vec<Figures>,
}

/// The table of all harnesses and of the loops between their runs, which is what the machine itself varies by; then that of
/// scalebench's runs at full pace.
pub fn show(harnesses: &[(&str, Harness)], cases: &[&str]) {
    println!(
        "Coefficient of variation between {RUNS} runs (in parentheses: of the ratio to the loops around a run).\n"
    );
    heading("case | threads | loop", harnesses);
    let mut own = Vec::new();
    for case in cases {
        let mut loops = vec![loops::all()];
        let mut series: Vec<Series> = harnesses.iter().map(|_| Series::default()).collect();
        let mut runs = Vec::new();
        for _ in 0..RUNS {
            for ((_, harness), series) in harnesses.iter().zip(&mut series) {
                let figures = harness.run(&[case]);
                if *harness == Harness::Scalebench {
                    let run = Run::latest(figures.clone());
                    run.tell("run", &keys(case));
                    runs.push(run);
                }
                let after = loops::all();
                let ratios = crate::against(&figures, &loops[loops.len() - 1], &after);
                series.ratios.push(ratios);
                series.figures.push(figures);
                loops.push(after);
            }
        }
        for key in keys(case) {
            let cell = |series: &Series| {
                let own = variation(&series.ratios, &key);
                format!("{} ({own})", variation(&series.figures, &key))
            };
            let cells: Vec<String> = series.iter().map(cell).collect();
            println!(
                "| {case} | {} | {} | {} |",
                key.1,
                variation(&loops, &key),
                cells.join(" | ")
            );
        }
        if !runs.is_empty() {
            go_on(&mut runs, case);
            own.push((*case, runs));
        }
    }
    if !own.is_empty() {
        at_full_pace(&own);
    }
}

fn go_on(runs: &mut Vec<Run>, case: &str) {
    let enough = |runs: &[Run]| {
        keys(case)
            .iter()
            .all(|key| pace::full(runs, key).len() >= RUNS)
    };
    while runs.len() < PATIENCE && !enough(runs) {
        let run = Run::latest(Harness::Scalebench.run(&[case]));
        run.tell("run", &keys(case));
        runs.push(run);
    }
}

fn at_full_pace(cases: &[(&str, Vec<Run>)]) {
    println!(
        "\nThe same {RUNS} runs of scalebench by the wall clock alone, windows at a slow pace and disturbed ones included; and those \
         first {RUNS} of all its runs in which fixed arithmetic took at most {:.0} % longer than in the best (in parentheses: how \
         many of how many).\n\n| case | threads | scalebench, wall | scalebench, at full pace |\n|---|---|---|---|",
        100.0 * (TOLERANCE - 1.0)
    );
    for (case, runs) in cases {
        for key in keys(case) {
            let wall: Vec<&Figures> = runs.iter().take(RUNS).map(|run| &run.wall).collect();
            let full = pace::full(runs, &key);
            let first: Vec<&Figures> = full.iter().take(RUNS).map(|run| &run.figures).collect();
            println!(
                "| {case} | {} | {} | {} ({} of {}) |",
                key.1,
                variation(&wall, &key),
                variation(&first, &key),
                first.len(),
                runs.len()
            );
        }
    }
}

//! Figures of several runs, and how they are printed.

use std::borrow::Borrow;

use crate::peers::{Figures, Harness, Key};

/// The first lines of a table with a column for each harness.
pub fn heading(first: &str, harnesses: &[(&str, Harness)]) {
    let names: Vec<&str> = harnesses.iter().map(|(name, _)| *name).collect();
    println!(
        "| {first} | {} |\n|{}",
        names.join(" | "),
        "---|".repeat(names.len() + first.split('|').count())
    );
}

pub fn short(ns: Option<f64>) -> String {
    match ns {
        None => "not measured".to_owned(),
        Some(ns) if ns < 1e3 => format!("{ns:.2} ns"),
        Some(ns) if ns < 1e6 => format!("{:.3} µs", ns / 1e3),
        Some(ns) => format!("{:.3} ms", ns / 1e6),
    }
}

/// The median of the runs that have the figure.
pub fn median(runs: &[impl Borrow<Figures>], key: &Key) -> Option<f64> {
    let figures = runs
        .iter()
        .filter_map(|figures| figures.borrow().get(key).copied());
    middle(figures.collect())
}

/// The median of `figures`.
pub fn middle(mut figures: Vec<f64>) -> Option<f64> {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied()
}

/// The coefficient of variation of a figure between runs.
pub fn variation(runs: &[impl Borrow<Figures>], key: &Key) -> String {
    let figures: Vec<f64> = runs
        .iter()
        .filter_map(|figures| figures.borrow().get(key).copied())
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

/// A case at 1 and 2 threads.
pub fn keys(case: &str) -> [Key; 2] {
    [1, 2].map(|threads| (case.to_owned(), threads))
}

//! Which runs the machine was quiet in: told by how long fixed arithmetic took, never by what was measured.

use std::collections::BTreeMap;

use crate::peers::{Figures, Key};

/// Up to this ratio to the best of all runs a pace is full.
pub const TOLERANCE: f64 = 1.05;

/// The best pace of each cell in all of `runs`.
pub fn best(runs: &[&Vec<Figures>]) -> Figures {
    let mut best: Figures = BTreeMap::new();
    for (key, &pace) in runs.iter().flat_map(|runs| runs.iter()).flatten() {
        let known = best.entry(key.clone()).or_insert(pace);
        *known = known.min(pace);
    }
    best
}

/// The runs that kept the full pace in all of `keys`. What has no pace is kept.
pub fn kept(runs: &[Figures], paces: &[Figures], best: &Figures, keys: &[&Key]) -> Vec<Figures> {
    let is_full = |pace: &Figures, key: &Key| match (pace.get(key), best.get(key)) {
        (Some(pace), Some(best)) => *pace <= TOLERANCE * best,
        _ => true,
    };
    let both = runs.iter().zip(paces);
    both.filter(|(_, pace)| keys.iter().all(|key| is_full(pace, key)))
        .map(|(run, _)| run.clone())
        .collect()
}

/// Whether each of the sides has `wanted` runs at full pace in every cell.
pub fn enough(sides: &[&Vec<Figures>], cases: &[&str], wanted: usize) -> bool {
    let best = best(sides);
    let cells = crate::keys(cases);
    let has = |side: &&Vec<Figures>| {
        let count = |key: &Key| kept(side, side, &best, &[key]).len();
        cells.iter().all(|key| count(key) >= wanted)
    };
    sides.iter().all(has)
}

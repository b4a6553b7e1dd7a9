//! How fast the CPUs were in a run: told by how long fixed arithmetic took, never by what was measured.

use crate::peers::{self, Figures, Key};
use crate::table::short;

/// Up to this ratio to another, a pace is the same.
pub const TOLERANCE: f64 = 1.05;

/// One run of scalebench over one case.
#[derive(Debug, Clone)]
pub struct Run {
    pub figures: Figures,
    /// What the same windows say by the wall clock alone, disturbed ones and those at a slow pace included.
    pub wall: Figures,
    /// How long fixed arithmetic took on the CPUs in the windows that count, ns.
    paces: Figures,
}

impl Run {
    /// What scalebench's latest run left, which found `figures`.
    pub fn latest(figures: Figures) -> Self {
        Self {
            figures,
            wall: peers::by_the_wall_clock(),
            paces: peers::paces(),
        }
    }

    /// Says on standard error what the run found, for whoever waits for the table.
    pub fn tell(&self, what: &str, keys: &[Key]) {
        let of = |key: &Key| {
            let figure = short(self.figures.get(key).copied());
            let pace = self
                .paces
                .get(key)
                .map_or(String::new(), |ns| format!(" at {ns:.0} ns"));
            format!("{} {}: {figure}{pace}", key.0, key.1)
        };
        let all: Vec<String> = keys.iter().map(of).collect();
        eprintln!("{what} {}", all.join(", "));
    }

    /// Whether the CPUs were as fast in both runs, at each of `keys` that both have.
    pub fn is_like(&self, other: &Self, keys: &[Key]) -> bool {
        keys.iter()
            .all(|key| match (self.paces.get(key), other.paces.get(key)) {
                (Some(a), Some(b)) => a.max(*b) <= TOLERANCE * a.min(*b),
                _ => true,
            })
    }
}

/// The runs in which the CPUs were as fast as in the best of them, at `key`.
pub fn full<'a>(runs: &'a [Run], key: &Key) -> Vec<&'a Run> {
    let paces = runs.iter().filter_map(|run| run.paces.get(key));
    let best = paces.copied().fold(f64::INFINITY, f64::min);
    let is_full = |run: &&Run| {
        run.paces
            .get(key)
            .is_none_or(|pace| *pace <= TOLERANCE * best)
    };
    runs.iter().filter(is_full).collect()
}

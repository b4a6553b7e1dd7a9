//! The points that a law is fitted to.

use super::design::Design;
use super::fit::{Fit, MISFIT, Observed};
use super::select::{Selection, select, select_single};
use super::spread::r_of;
use crate::estimate::{Basis, Curves};
use crate::sort;

/// The points that count.
pub(super) struct Points {
    pub(super) threads: Vec<u32>,
    pub(super) columns: Vec<usize>,
    /// Unit of R, ns, so that numbers stay near 1 whatever the latency.
    pub(super) unit: f64,
    pub(super) observed: Observed,
}

impl Points {
    pub(super) fn of(curves: &Curves, counted: &[u32]) -> Option<Self> {
        let mut columns: Vec<usize> = counted
            .iter()
            .filter_map(|&n| curves.column(n))
            .filter(|&c| curves.central()[c].is_finite())
            .collect();
        sort::by(&mut columns, &usize::cmp);
        columns.dedup();
        let threads: Vec<u32> = columns.iter().map(|&c| curves.threads()[c]).collect();
        let unit = curves.central()[*columns.first()?];
        let variance = |&column: &usize| {
            let error = curves.log_error(column).unwrap_or(0.0);
            (error * error + MISFIT * MISFIT).min(f64::MAX)
        };
        Some(Self {
            observed: Observed {
                threads: threads.iter().map(|&n| f64::from(n)).collect(),
                r: r_of(curves, curves.central(), &columns, unit),
                variance: columns.iter().map(variance).collect(),
            },
            threads,
            columns,
            unit,
        })
    }

    pub(super) fn largest(&self) -> u32 {
        self.threads.last().copied().unwrap_or(0)
    }

    /// Chooses a law.
    pub(super) fn select(&self, curves: &Curves) -> Option<Selection> {
        match curves.basis() {
            Basis::Single => select_single(&self.observed),
            _ => select(&self.observed),
        }
    }

    /// The problem of a fitted law, for what other curves of the same points come to.
    pub(super) fn design(&self, fit: &Fit) -> Option<Design> {
        Design::of(fit.law, &self.observed, &fit.weights, fit.split)
    }

    /// R(1) where it was measured.
    pub(super) fn one(&self) -> Option<usize> {
        (self.threads.first() == Some(&1)).then(|| self.columns[0])
    }
}

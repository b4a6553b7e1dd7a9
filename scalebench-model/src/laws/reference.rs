//! What efficiency refers to where a single caller was not measured.

use super::design::Design;
use super::fit::Observed;
use super::points::Points;
use super::spread::r_of;
use crate::estimate::Curves;

/// So many points a fit needs before it is trusted below them.
const LEAST_POINTS: usize = 3;
/// Where throughput grows over the points by less than N to this power, they do not show what a single caller reaches: behind
/// a pool of any size it would be the same.
const LEAST_GROWTH: f64 = 0.1;

/// The rate of a single caller by the law that is fitted to a curve's points.
pub(crate) struct FittedSingle {
    design: Design,
    columns: Vec<usize>,
    unit: f64,
}

impl FittedSingle {
    /// `None` where the points are too few, no law describes them, or they hardly grow.
    pub(crate) fn of(curves: &Curves, counted: &[u32]) -> Option<Self> {
        let points = Points::of(curves, counted)?;
        if points.columns.len() < LEAST_POINTS {
            return None;
        }
        let selection = points.select(curves)?;
        let chosen = &selection.chosen;
        let design = points.design(chosen)?;
        (selection.describes && grows(&points.observed)).then_some(Self {
            design,
            columns: points.columns,
            unit: points.unit,
        })
    }

    /// The points that it is computed from.
    pub(crate) fn columns(&self) -> &[usize] {
        &self.columns
    }

    /// ln R(1) of a curve, R in ns; NaN where it cannot be told.
    pub(crate) fn ln_r_one(&self, curves: &Curves, curve: &[f64]) -> f64 {
        let r = r_of(curves, curve, &self.columns, self.unit);
        let solved = self.design.solve(&r);
        solved.map_or(f64::NAN, |parameters| {
            (self.design.law.predict(&parameters, 1.0) * self.unit).ln()
        })
    }
}

fn grows(observed: &Observed) -> bool {
    let (Some(&first), Some(&r_first)) = (observed.threads.first(), observed.r.first()) else {
        return false;
    };
    let points = observed.threads.iter().zip(&observed.r).skip(1);
    // X over that of the first point is its N over its R, relative to theirs.
    let power = |(n, r): (&f64, &f64)| 1.0 - (r / r_first).ln() / (n / first).ln();
    points.map(power).fold(0.0, f64::max) >= LEAST_GROWTH
}

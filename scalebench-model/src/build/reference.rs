//! Efficiency where the point at N = 1 was not measured: relative to the fitted curve, or to the smallest N.

use crate::data::{BenchmarkRecord, Mode};
use crate::estimate::{Curves, Scale, scaled};
use crate::laws::FittedSingle;
use crate::report::{Estimate, Point, Reference};

/// Gives the points their efficiency and speedup, where N = 1 was not measured and two others count.
///
/// A benchmark that shares its threads with others refers to its smallest N: no curve is fitted to a part of a group.
pub(super) fn refer(
    record: &BenchmarkRecord,
    curves: &Curves,
    points: &mut [Point],
) -> Option<Reference> {
    let counted: Vec<u32> = points
        .iter()
        .filter(|p| p.counted)
        .map(|p| p.threads)
        .collect();
    let usable = |n: u32| {
        curves
            .column(n)
            .filter(|&c| curves.central()[c].is_finite())
    };
    let columns: Vec<usize> = counted.iter().filter_map(|&n| usable(n)).collect();
    if usable(1).is_some() || columns.len() < 2 {
        return None;
    }
    let fitted = match record.group {
        None => FittedSingle::of(curves, &counted),
        Some(_) => None,
    };
    let single = match &fitted {
        Some(fit) => Single::Fitted(fit),
        None => Single::Smallest(columns[0]),
    };
    for point in points {
        if let Some(column) = usable(point.threads) {
            point.efficiency = single.efficiency(curves, column);
            let n = f64::from(point.threads);
            point.speedup = point.efficiency.map(|e| scaled(e, n));
        }
    }
    Some(match single {
        Single::Fitted(_) => Reference::Fitted,
        Single::Smallest(_) => Reference::Smallest,
    })
}

/// Where the time of a single call comes from.
enum Single<'a> {
    Fitted(&'a FittedSingle),
    Smallest(usize),
}

impl Single<'_> {
    /// R(1)/R(N).
    fn efficiency(&self, curves: &Curves, column: usize) -> Option<Estimate> {
        let ln_r = |curve: &[f64], column: usize| {
            let threads = match curves.mode() {
                Mode::Parallel => f64::from(curves.threads()[column]),
                Mode::Concurrent | Mode::Load => 1.0,
            };
            (curve[column] * threads).ln()
        };
        match self {
            Self::Fitted(fit) => {
                let mut columns = fit.columns().to_vec();
                columns.push(column);
                curves.estimate(&columns, Scale::Log, &|curve| {
                    fit.ln_r_one(curves, curve) - ln_r(curve, column)
                })
            }
            Self::Smallest(first) => curves.estimate(&[*first, column], Scale::Log, &|curve| {
                ln_r(curve, *first) - ln_r(curve, column)
            }),
        }
    }
}

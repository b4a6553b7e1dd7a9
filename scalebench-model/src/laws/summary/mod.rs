//! The first sentence about a curve, without any model.

mod concurrent;
mod parallel;
mod shape;

use crate::data::{Axis, GroupKind, Mode};
use crate::estimate::{Curves, Scale};
use crate::report::Estimate;

pub use shape::{Shape, shape};

/// What the curve does, in a sentence; `None` where nothing counts.
///
/// Only the thread counts in `counted` take part. `group` is how the benchmark shares its threads with others.
#[must_use]
pub fn summary(curves: &Curves, counted: &[u32], group: Option<GroupKind>) -> Option<String> {
    let trail = Trail::of(curves, counted, group);
    if trail.threads.is_empty() {
        return None;
    }
    let shape = shape(&trail.ideal(), &|from, to| trail.gain(from, to));
    Some(match (shape, curves.mode()) {
        (Shape::Alone, _) => format!(
            "Only the point at {} counts, so nothing is known about scaling.",
            trail.at(0)
        ),
        (_, Mode::Parallel) => parallel::sentence(shape, &trail),
        (_, Mode::Concurrent | Mode::Load) => concurrent::sentence(shape, &trail),
    })
}

/// The points that count, ascending, named by their index.
struct Trail<'a> {
    curves: &'a Curves,
    group: Option<GroupKind>,
    threads: Vec<u32>,
    columns: Vec<usize>,
    callers: Vec<f64>,
}

impl<'a> Trail<'a> {
    fn of(curves: &'a Curves, counted: &[u32], group: Option<GroupKind>) -> Self {
        let usable = |column: &usize| curves.central()[*column].is_finite();
        let columns = counted.iter().filter_map(|&n| curves.column(n));
        let mut columns: Vec<usize> = columns.filter(usable).collect();
        crate::sort::by(&mut columns, &usize::cmp);
        columns.dedup();
        Self {
            curves,
            group,
            threads: columns.iter().map(|&c| curves.threads()[c]).collect(),
            callers: columns.iter().map(|&c| curves.callers()[c]).collect(),
            columns,
        }
    }

    /// What throughput would be proportional to: the threads, of a role its own.
    fn ideal(&self) -> Vec<f64> {
        match (self.group, self.curves.mode()) {
            (Some(GroupKind::Roles), Mode::Concurrent | Mode::Load) => self.callers.clone(),
            _ => self.threads.iter().map(|&n| f64::from(n)).collect(),
        }
    }

    /// Throughput at one point over that at an earlier one.
    fn gain(&self, from: usize, to: usize) -> Estimate {
        let (a, b) = (self.columns[from], self.columns[to]);
        let more_callers = (self.callers[to] / self.callers[from]).ln();
        let gain = |curve: &[f64]| curve[a].ln() - curve[b].ln() + more_callers;
        let known = self.curves.estimate(&[a, b], Scale::Log, &gain);
        known.unwrap_or_else(|| {
            // No launch has both points: nothing is known of how they differ.
            let middle = gain(self.curves.central());
            Estimate::between(middle, f64::MIN, f64::MAX, 0.95, Scale::Log)
        })
    }

    /// Time from one call's end to the next one's at a point, ns.
    fn r_ns(&self, point: usize) -> f64 {
        self.curves.central()[self.columns[point]] / self.callers[point]
    }

    fn last(&self) -> usize {
        self.threads.len() - 1
    }

    /// The point with the highest throughput of some.
    fn best(&self, first: usize, last: usize) -> usize {
        (first..=last)
            .min_by(|&a, &b| self.r_ns(a).total_cmp(&self.r_ns(b)))
            .unwrap_or(first)
    }

    /// "8 threads".
    fn at(&self, point: usize) -> String {
        self.axis().count(self.threads[point])
    }

    /// "8 threads", or "4 to 8 threads".
    fn between(&self, first: usize, last: usize) -> String {
        match first == last {
            true => self.at(first),
            false => format!("{} to {}", self.threads[first], self.at(last)),
        }
    }

    fn starts_at_one(&self) -> bool {
        self.threads[0] == 1
    }

    /// Whether the last point lies below a single caller.
    fn ends_below_one(&self) -> bool {
        self.starts_at_one() && self.gain(0, self.last()).upper < 1.0
    }

    fn axis(&self) -> Axis {
        self.curves.axis()
    }
}

/// Whether the last step is too small to be said as a factor.
fn hardly_grows(trail: &Trail<'_>) -> bool {
    trail.gain(trail.last() - 1, trail.last()).estimate < 1.045
}

/// A factor as people say it: "5.6 times", "1.05 times".
fn times(factor: f64) -> String {
    match factor < 2.0 {
        true => format!("{factor:.2} times"),
        false => format!("{} times", crate::words::number(factor)),
    }
}

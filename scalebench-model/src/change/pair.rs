//! Both sides of a comparison at the two thread counts of the split, and how their figures differ.

use super::comparison::Scope;
use super::split::Ends;
use super::verdict::Factor;
use crate::data::Mode;
use crate::estimate::{Basis, Curves};
use crate::stats::{Difference, Location, difference, paired_difference};

/// From so many launches on, pairs are compared as pairs: fewer leave too few degrees of freedom.
const LEAST_PAIRS: usize = 5;

/// One side at the two thread counts of the split.
struct Half<'a> {
    curves: &'a Curves,
    one: usize,
    many: usize,
}

impl Half<'_> {
    fn ends(&self, curve: &[f64]) -> Ends {
        let callers = match self.curves.mode() {
            Mode::Parallel => f64::from(self.curves.threads()[self.many]),
            Mode::Concurrent | Mode::Load => 1.0,
        };
        Ends {
            r_one: curve[self.one],
            r_many: curve[self.many] * callers,
        }
    }

    /// Each replica's figure; NaN unless it has both points, so that every part is taken from the same replicas.
    fn values(&self, part: impl Fn(&Ends) -> f64) -> Vec<f64> {
        let figure = |curve: &[f64]| {
            let ends = self.ends(curve);
            match ends.r_one.is_finite() && ends.r_many.is_finite() {
                true => part(&ends),
                false => f64::NAN,
            }
        };
        self.curves.replicas().map(figure).collect()
    }

    fn location(&self, part: impl Fn(&Ends) -> f64) -> Option<Location> {
        if !self.curves.spread_known(&[self.one, self.many]) {
            return None;
        }
        let finite: Vec<f64> = self
            .values(&part)
            .into_iter()
            .filter(|v| v.is_finite())
            .collect();
        let location = Location::of(&finite)?;
        Some(match self.curves.basis() {
            // Each resample stands for all the rounds: their spread is the error itself.
            Basis::Rounds(_) => Location {
                estimate: part(&self.ends(self.curves.central())),
                error: location.error * (finite.len() as f64).sqrt(),
                degrees: f64::INFINITY,
            },
            _ => location,
        })
    }
}

/// Both sides at the two thread counts of the split.
pub(super) struct Pair<'a> {
    old: Half<'a>,
    new: Half<'a>,
    /// Whether launch k of one side ran beside launch k of the other.
    paired: bool,
}

impl<'a> Pair<'a> {
    /// `None` where a side lacks one of the points.
    pub(super) fn of(old: &'a Curves, new: &'a Curves, threads: u32, scope: Scope) -> Option<Self> {
        let half = |curves: &'a Curves| {
            Some(Half {
                curves,
                one: curves.column(1)?,
                many: curves.column(threads)?,
            })
        };
        let paired = scope == Scope::Paired
            && matches!(
                (old.basis(), new.basis()),
                (Basis::Launches(_), Basis::Launches(_))
            )
            && old.launch_numbers() == new.launch_numbers()
            && old.launch_numbers().len() >= LEAST_PAIRS;
        let pair = Self {
            old: half(old)?,
            new: half(new)?,
            paired,
        };
        let finite = |ends: Ends| ends.r_one.is_finite() && ends.r_many.is_finite();
        (finite(pair.ends(&pair.old)) && finite(pair.ends(&pair.new))).then_some(pair)
    }

    /// The estimates of both sides, old and new.
    pub(super) fn both_ends(&self) -> [Ends; 2] {
        [self.ends(&self.old), self.ends(&self.new)]
    }

    /// The estimates of a side: in geometric mean over the launches that have both points.
    fn ends(&self, half: &Half<'_>) -> Ends {
        let log = |part: fn(&Ends) -> f64| half.location(part).map(|l| l.estimate.exp());
        let central = half.ends(half.curves.central());
        Ends {
            r_one: log(|e| e.r_one.ln()).unwrap_or(central.r_one),
            r_many: log(|e| e.r_many.ln()).unwrap_or(central.r_many),
        }
    }

    /// The change of a figure from old to new.
    pub(super) fn factor(&self, part: impl Fn(&Ends) -> f64) -> Factor {
        let (old, new) = (self.old.location(&part), self.new.location(&part));
        let (Some(old), Some(new)) = (old, new) else {
            let central = |half: &Half<'_>| part(&half.ends(half.curves.central()));
            return Factor {
                estimate: central(&self.new) - central(&self.old),
                difference: None,
            };
        };
        let difference = self
            .paired_values(&part)
            .unwrap_or_else(|| difference(&old, &new));
        Factor {
            estimate: difference.estimate,
            difference: Some(difference),
        }
    }

    /// The difference by pairs of launches that ran beside each other, where every launch has its partner.
    fn paired_values(&self, part: impl Fn(&Ends) -> f64) -> Option<Difference> {
        let (old, new) = (self.old.values(&part), self.new.values(&part));
        let complete = |values: &[f64]| values.iter().all(|v| v.is_finite());
        match self.paired && complete(&old) && complete(&new) {
            true => paired_difference(&old, &new),
            false => None,
        }
    }

    /// Change of R(N) − R(1) as a share of the new R(N).
    pub(super) fn surcharge(&self) -> Factor {
        let scale = self.ends(&self.new).r_many;
        self.factor(|e| (e.r_many - e.r_one) / scale)
    }

    /// The smaller number of launches, where intervals stand on launches.
    pub(super) fn launches(&self) -> Option<usize> {
        match (self.old.curves.basis(), self.new.curves.basis()) {
            (Basis::Launches(a), Basis::Launches(b)) => Some(a.min(b)),
            _ => None,
        }
    }
}

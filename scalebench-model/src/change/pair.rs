//! Both sides of a comparison at the two ends of the split, and how their figures differ.

use super::comparison::Scope;
use super::split::{Ends, parts};
use super::verdict::Factor;
use crate::data::Mode;
use crate::estimate::{Basis, Curves, LoadCurves, NORMAL, Replicas};
use crate::stats::{Difference, Location, difference, paired_difference};

/// From so many launches on, pairs are compared as pairs: fewer leave too few degrees of freedom.
const LEAST_PAIRS: usize = 5;

/// How the two ends of the split follow from a row of figures.
type EndsOf<'a> = dyn Fn(&[f64]) -> Ends + 'a;

/// One side: its replicas, and how the two ends of the split follow from a row of them.
pub(super) struct Half<'a> {
    replicas: &'a Replicas,
    /// The columns that the ends are made of.
    columns: Vec<usize>,
    ends: Box<EndsOf<'a>>,
}

impl<'a> Half<'a> {
    /// A side at 1 and at `threads` threads; `None` where it lacks one of the points.
    pub(super) fn at_threads(curves: &'a Curves, threads: u32) -> Option<Self> {
        let (one, many) = (curves.column(1)?, curves.column(threads)?);
        let callers = match curves.mode() {
            Mode::Parallel => f64::from(threads),
            Mode::Concurrent | Mode::Load => 1.0,
        };
        Some(Self {
            replicas: curves,
            columns: vec![one, many],
            ends: Box::new(move |curve| Ends {
                r_one: curve[one],
                r_many: curve[many] * callers,
            }),
        })
    }

    /// A side under load: the unloaded latency, and at the knee the time from one arrival to the next. Without knees both
    /// ends are the unloaded latency.
    pub(super) fn under_load(curves: &'a LoadCurves, knees: bool) -> Self {
        Self {
            replicas: curves,
            columns: if knees {
                curves.knee_columns()
            } else {
                vec![0]
            },
            ends: Box::new(move |row| {
                let unloaded_ns = LoadCurves::unloaded_ns(row);
                Ends {
                    r_one: unloaded_ns,
                    r_many: match knees {
                        true => 1e9 / curves.knee_ln(row).exp(),
                        false => unloaded_ns,
                    },
                }
            }),
        }
    }

    fn ends(&self, row: &[f64]) -> Ends {
        (self.ends)(row)
    }

    /// Each replica's figure; NaN unless it has both points, so that every part is taken from the same replicas.
    fn values(&self, part: &dyn Fn(&Ends) -> f64) -> Vec<f64> {
        let figure = |curve: &[f64]| {
            let ends = self.ends(curve);
            match ends.r_one.is_finite() && ends.r_many.is_finite() {
                true => part(&ends),
                false => f64::NAN,
            }
        };
        self.replicas.replicas().map(figure).collect()
    }

    fn location(&self, part: &dyn Fn(&Ends) -> f64) -> Option<Location> {
        if !self.replicas.spread_known(&self.columns) {
            return None;
        }
        let finite: Vec<f64> = self
            .values(part)
            .into_iter()
            .filter(|v| v.is_finite())
            .collect();
        let location = Location::of(&finite)?;
        let central = part(&self.ends(self.replicas.central()));
        let location = match self.replicas.basis() {
            // Each resample stands for all the rounds: their spread is the error itself.
            Basis::Rounds(_) => Location {
                estimate: central,
                error: location.error * (finite.len() as f64).sqrt(),
                degrees: f64::INFINITY,
            },
            // As the points of the report: all launches together where all of them have both ends.
            Basis::Launches(k) if finite.len() == k => Location {
                estimate: central,
                ..location
            },
            _ => location,
        };
        Some(location.with_least_error(self.leeway(part)))
    }

    /// The error that comes from how few long calls were seen.
    fn leeway(&self, part: &dyn Fn(&Ends) -> f64) -> f64 {
        let figure = |row: &[f64]| part(&self.ends(row));
        let [lower, upper] = self.replicas.leeway(&self.columns, &figure);
        upper.max(-lower) / NORMAL
    }
}

/// Both sides of the split.
pub(super) struct Pair<'a> {
    old: Half<'a>,
    new: Half<'a>,
    /// Whether launch k of one side ran beside launch k of the other.
    paired: bool,
}

impl<'a> Pair<'a> {
    /// `None` where a side lacks one of the ends.
    pub(super) fn of(old: Half<'a>, new: Half<'a>, scope: Scope) -> Option<Self> {
        let (before, after) = (old.replicas, new.replicas);
        let paired = scope == Scope::Paired
            && matches!(
                (before.basis(), after.basis()),
                (Basis::Launches(_), Basis::Launches(_))
            )
            && before.launch_numbers() == after.launch_numbers()
            && before.launch_numbers().len() >= LEAST_PAIRS;
        let pair = Self { old, new, paired };
        let finite = |ends: Ends| ends.r_one.is_finite() && ends.r_many.is_finite();
        (finite(pair.ends(&pair.old)) && finite(pair.ends(&pair.new))).then_some(pair)
    }

    /// The estimates of both sides, old and new.
    pub(super) fn both_ends(&self) -> [Ends; 2] {
        [self.ends(&self.old), self.ends(&self.new)]
    }

    /// The estimates of a side: in geometric mean over the launches that have both points.
    fn ends(&self, half: &Half<'_>) -> Ends {
        let log = |part: fn(&Ends) -> f64| half.location(&part).map(|l| l.estimate.exp());
        let central = half.ends(half.replicas.central());
        Ends {
            r_one: log(|e| e.r_one.ln()).unwrap_or(central.r_one),
            r_many: log(|e| e.r_many.ln()).unwrap_or(central.r_many),
        }
    }

    /// The change of a figure from old to new.
    pub(super) fn factor(&self, part: &dyn Fn(&Ends) -> f64) -> Factor {
        let (old, new) = (self.old.location(part), self.new.location(part));
        let (Some(old), Some(new)) = (old, new) else {
            let central = |half: &Half<'_>| part(&half.ends(half.replicas.central()));
            return Factor {
                estimate: central(&self.new) - central(&self.old),
                difference: None,
                drift: 0.0,
            };
        };
        let difference = match self.paired_values(part) {
            Some(paired) => paired.with_least_error(self.leeway(part)),
            None => difference(&old, &new),
        };
        Factor {
            estimate: difference.estimate,
            difference: Some(difference),
            drift: 0.0,
        }
    }

    /// The error that comes from how few long calls were seen on both sides.
    fn leeway(&self, part: &dyn Fn(&Ends) -> f64) -> f64 {
        self.old.leeway(part).hypot(self.new.leeway(part))
    }

    /// The difference by pairs of launches that ran beside each other, where every launch has its partner.
    fn paired_values(&self, part: &dyn Fn(&Ends) -> f64) -> Option<Difference> {
        let (old, new) = (self.old.values(part), self.new.values(part));
        let complete = |values: &[f64]| values.iter().all(|v| v.is_finite());
        match self.paired && complete(&old) && complete(&new) {
            true => paired_difference(&old, &new),
            false => None,
        }
    }

    /// Change of the overhead R(N) − R(1), as a share of R(N) on the side with the higher efficiency: of the old R(N) where
    /// efficiency falls. 0.02 is 2 % of it.
    pub(super) fn overhead(&self) -> Factor {
        let [old, new] = self.both_ends();
        let rose = parts(&new).scalability > parts(&old).scalability;
        let scale = if rose { new.r_many } else { old.r_many };
        self.factor(&|e| (e.r_many - e.r_one) / scale)
    }

    /// The smaller number of launches, where intervals stand on launches.
    pub(super) fn launches(&self) -> Option<usize> {
        match (self.old.replicas.basis(), self.new.replicas.basis()) {
            (Basis::Launches(a), Basis::Launches(b)) => Some(a.min(b)),
            _ => None,
        }
    }
}

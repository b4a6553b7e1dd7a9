//! A change before and after the verdicts of all benchmarks are weighed together.

use super::comparison::{Comparison, Scope, Thresholds};
use super::split::{Ends, Split, parts};
use super::verdict::{Factor, pattern, verdict};
use super::words;
use crate::data::Mode;
use crate::estimate::{Basis, Curves};
use crate::report::{Change, Estimate, Flag, OldPoint, Point, Verdict};
use crate::stats::{Difference, Location, difference, discoveries, paired_difference};

/// Rate of false discoveries among all verdicts of a run.
const FALSE_DISCOVERIES: f64 = 0.05;
/// Intervals from within one process miss most of what makes two runs differ, so smaller changes are not called any.
const LEAST_WITHIN_ONE_PROCESS: f64 = 0.05;

/// One side of a comparison: a benchmark's curves and the points made of them.
#[derive(Debug, Clone, Copy)]
pub struct Side<'a> {
    /// Latency curves.
    pub curves: &'a Curves,
    /// Points of the report.
    pub points: &'a [Point],
}

/// The change of one benchmark, its figures settled, its verdicts not yet.
#[derive(Debug, Clone)]
pub struct Draft {
    mode: Mode,
    threads: u32,
    throughput: Factor,
    performance: Factor,
    scalability: Factor,
    /// Change of R(N) − R(1), as a share of the new R(N).
    surcharge: Factor,
    old: Ends,
    new: Ends,
    old_points: Vec<OldPoint>,
    /// The smaller number of launches, where intervals stand on launches.
    launches: Option<usize>,
}

/// Which figure of a curve is compared.
type Part = fn(&Ends) -> f64;

impl Draft {
    /// Compares two sides at the largest thread count that counts in both.
    ///
    /// # Errors
    /// A sentence saying why they cannot be compared.
    pub fn of(old: &Side<'_>, new: &Side<'_>, scope: Scope) -> Result<Self, String> {
        if old.curves.mode() != new.curves.mode() {
            return Err("the mode changed".into());
        }
        let counts = |side: &Side<'_>, n| side.points.iter().any(|p| p.counted && p.threads == n);
        let both = |n: &u32| counts(old, *n) && counts(new, *n);
        if !both(&1) {
            return Err("no point at 1 thread counts in both".into());
        }
        let threads = new
            .curves
            .threads()
            .iter()
            .copied()
            .filter(both)
            .max()
            .unwrap_or(1);
        let pair = Pair::of(old.curves, new.curves, threads, scope)
            .ok_or("no launch has both 1 thread and the thread count of the verdict")?;
        let factor = |part: Part| pair.factor(part);
        Ok(Self {
            mode: new.curves.mode(),
            threads,
            throughput: factor(|e| parts(e).throughput),
            performance: factor(|e| parts(e).performance),
            scalability: factor(|e| parts(e).scalability),
            surcharge: pair.surcharge(),
            old: pair.ends(&pair.old),
            new: pair.ends(&pair.new),
            old_points: old_points(old.points),
            launches: pair.launches(),
        })
    }

    fn thresholds(&self, comparison: &Comparison<'_>) -> Thresholds {
        match self.launches {
            Some(_) => comparison.thresholds,
            None => comparison
                .thresholds
                .at_least(LEAST_WITHIN_ONE_PROCESS, LEAST_WITHIN_ONE_PROCESS),
        }
    }

    /// The probabilities that enter the control of false discoveries; 1 where there is nothing to discover.
    fn probabilities(&self, comparison: &Comparison<'_>) -> [f64; 2] {
        let thresholds = self.thresholds(comparison);
        let one = |factor: &Factor, t| factor.probability_within(t).unwrap_or(1.0);
        [
            one(&self.performance, thresholds.performance),
            match self.threads {
                1 => 1.0,
                _ => one(&self.scalability, thresholds.scalability),
            },
        ]
    }

    fn conclude(self, comparison: &Comparison<'_>, discovered: [bool; 2]) -> Change {
        let thresholds = self.thresholds(comparison);
        let performance_verdict = verdict(&self.performance, thresholds.performance, discovered[0]);
        let scalability_verdict = match self.threads {
            1 => Verdict::Inconclusive,
            _ => verdict(&self.scalability, thresholds.scalability, discovered[1]),
        };
        let more = |factor: &Factor, verdict, threshold| match (verdict, self.launches) {
            (Verdict::Inconclusive, Some(launches))
                if self.threads > 1 || threshold == thresholds.performance =>
            {
                factor.more_launches(threshold, launches)
            }
            _ => None,
        };
        let mut change = Change {
            baseline: comparison.baseline.to_owned(),
            scope: self.scope(comparison.scope),
            threads: self.threads,
            throughput: self.throughput.factor(),
            performance: self.performance.factor(),
            scalability: match self.threads {
                1 => Estimate {
                    estimate: 1.0,
                    lower: 1.0,
                    upper: 1.0,
                    level: 0.0,
                },
                _ => self.scalability.factor(),
            },
            performance_verdict,
            scalability_verdict,
            performance_more_launches: more(
                &self.performance,
                performance_verdict,
                thresholds.performance,
            ),
            scalability_more_launches: more(
                &self.scalability,
                scalability_verdict,
                thresholds.scalability,
            ),
            pattern: pattern(
                &self.scalability,
                scalability_verdict,
                &self.throughput,
                &self.surcharge,
                thresholds.scalability,
            ),
            sentence: String::new(),
            old_points: self.old_points,
        };
        let told = words::Told {
            mode: self.mode,
            old: self.old,
            new: self.new,
            throughput_changed: self.throughput.excludes_none(),
            split: Split {
                throughput: self.throughput.estimate,
                performance: self.performance.estimate,
                scalability: self.scalability.estimate,
            },
        };
        change.sentence = words::sentence(&change, &told);
        change
    }

    fn scope(&self, scope: Scope) -> String {
        match self.launches {
            Some(_) => scope.words().to_owned(),
            None => format!(
                "{}; within one process: differences between processes not covered",
                scope.words()
            ),
        }
    }
}

/// Settles the verdicts of all benchmarks together, so that few of those called changed are false.
#[must_use]
pub fn conclude(drafts: Vec<Draft>, comparison: &Comparison<'_>) -> Vec<Change> {
    let probabilities: Vec<f64> = drafts
        .iter()
        .flat_map(|d| d.probabilities(comparison))
        .collect();
    let discovered = discoveries(&probabilities, FALSE_DISCOVERIES);
    drafts
        .into_iter()
        .zip(discovered.chunks_exact(2))
        .map(|(draft, found)| draft.conclude(comparison, [found[0], found[1]]))
        .collect()
}

fn old_points(points: &[Point]) -> Vec<OldPoint> {
    points
        .iter()
        .filter(|p| !p.flags.contains(&Flag::NotMeasured))
        .map(|p| OldPoint {
            threads: p.threads,
            latency_ns: p.latency_ns.estimate,
            throughput_per_s: p.throughput_per_s.estimate,
            efficiency: p.efficiency.map(|e| e.estimate),
        })
        .collect()
}

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

struct Pair<'a> {
    old: Half<'a>,
    new: Half<'a>,
    paired: bool,
}

impl<'a> Pair<'a> {
    fn of(old: &'a Curves, new: &'a Curves, threads: u32, scope: Scope) -> Option<Self> {
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

    /// The estimates of a side: in geometric mean over the launches that have both points.
    fn ends(&self, half: &Half<'_>) -> Ends {
        let log = |part: Part| half.location(part).map(|l| l.estimate.exp());
        let central = half.ends(half.curves.central());
        Ends {
            r_one: log(|e| e.r_one.ln()).unwrap_or(central.r_one),
            r_many: log(|e| e.r_many.ln()).unwrap_or(central.r_many),
        }
    }

    fn factor(&self, part: impl Fn(&Ends) -> f64) -> Factor {
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
    fn surcharge(&self) -> Factor {
        let scale = self.ends(&self.new).r_many;
        self.factor(|e| (e.r_many - e.r_one) / scale)
    }

    fn launches(&self) -> Option<usize> {
        match (self.old.curves.basis(), self.new.curves.basis()) {
            (Basis::Launches(a), Basis::Launches(b)) => Some(a.min(b)),
            _ => None,
        }
    }
}

/// From so many launches on, pairs are compared as pairs: fewer leave too few degrees of freedom.
const LEAST_PAIRS: usize = 5;

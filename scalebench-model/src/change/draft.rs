//! A change before and after the verdicts of all benchmarks are weighed together.

use super::comparison::{Comparison, Scope, Thresholds};
use super::drift::{Controls, Machine};
use super::load::Moved;
use super::pair::{Half, Pair};
use super::split::{Ends, Split, parts};
use super::verdict::{Factor, pattern, verdict};
use super::words;
use crate::data::{Axis, Grid, Mode};
use crate::estimate::{Curves, LoadCurves, Scale};
use crate::report::{Change, Estimate, Flag, OldPoint, Point, Verdict};
use crate::stats::discoveries;

/// Rate of false discoveries among all verdicts of a run.
const FALSE_DISCOVERIES: f64 = 0.05;
/// Intervals from within one process miss most of what makes two runs differ, so smaller changes are not called any.
const LEAST_WITHIN_ONE_PROCESS: f64 = 0.05;

/// One side of a comparison: a benchmark's curves and the points made of them.
#[derive(Debug, Clone, Copy)]
pub struct Side<'a> {
    /// Latency curves.
    pub curves: &'a Curves,
    /// Points of the report; in load mode those of the closed loop.
    pub points: &'a [Point],
    /// Response times under load, in load mode.
    pub load: Option<&'a LoadCurves>,
    /// The machine's own code in the same run, where known.
    pub machine: Option<&'a Machine>,
    /// Curves of the CPUs' pace while this benchmark was measured, where that was gauged.
    pub pace: Option<&'a Curves>,
}

/// The change of one benchmark, its figures settled, its verdicts not yet.
#[derive(Debug, Clone)]
pub struct Draft {
    mode: Mode,
    axis: Axis,
    threads: u32,
    /// How the callers divide at `threads`, in a grid.
    grid: Option<Grid>,
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
    /// What is known besides in load mode.
    load: Option<Moved>,
}

impl Draft {
    /// Compares two sides at the largest thread count that counts in both.
    ///
    /// # Errors
    /// A sentence saying why they cannot be compared.
    pub fn of(old: &Side<'_>, new: &Side<'_>, scope: Scope) -> Result<Self, String> {
        if old.curves.mode() != new.curves.mode() {
            return Err("the mode changed".into());
        }
        if old.curves.axis() != new.curves.axis() {
            return Err("what is varied changed, for example from threads to tasks".into());
        }
        if waits_alone(old) || waits_alone(new) {
            return Err("alone its calls wait in vain for other roles".into());
        }
        let counts = |side: &Side<'_>, n| side.points.iter().any(|p| p.counted && p.threads == n);
        let both = |n: &u32| counts(old, *n) && counts(new, *n);
        if !both(&1) {
            return Err("no point at 1 thread counts in both".into());
        }
        if let (Some(before), Some(after)) = (old.load, new.load) {
            return Ok(Self {
                threads: new.curves.threads().last().copied().unwrap_or(1),
                ..Self::under_load(before, after, scope, controls(old, new, 1, scope).as_ref())?
            });
        }
        let threads = new
            .curves
            .threads()
            .iter()
            .copied()
            .filter(both)
            .max()
            .unwrap_or(1);
        let halves =
            Half::at_threads(old.curves, threads).zip(Half::at_threads(new.curves, threads));
        let pair = halves
            .and_then(|(old, new)| Pair::of(old, new, scope))
            .ok_or("no launch has both 1 thread and the thread count of the verdict")?;
        Ok(Self {
            mode: new.curves.mode(),
            axis: new.curves.axis(),
            threads,
            grid: new
                .points
                .iter()
                .find(|p| p.threads == threads)
                .and_then(|p| p.grid),
            old_points: old_points(old.points),
            ..Self::of_pair(&pair, controls(old, new, threads, scope).as_ref())
        })
    }

    /// Compares two sides under load: at their knees, where both have one. What the knee is follows the new side.
    fn under_load(
        old: &LoadCurves,
        new: &LoadCurves,
        scope: Scope,
        controls: Option<&Controls<'_>>,
    ) -> Result<Self, String> {
        let old = &old.clone().with_knee_factor(new.knee_factor());
        let moved = Moved::of(old, new);
        let knees = moved.knees_compared();
        let (before, after) = (Half::under_load(old, knees), Half::under_load(new, knees));
        let pair = Pair::of(before, after, scope).ok_or("no launch has all that it takes")?;
        Ok(Self {
            load: Some(moved),
            ..Self::of_pair(&pair, controls)
        })
    }

    /// What follows from a pair alone.
    fn of_pair(pair: &Pair<'_>, controls: Option<&Controls<'_>>) -> Self {
        let [old, new] = pair.both_ends();
        let factor = |factor: Factor, part: &dyn Fn(&Ends) -> f64| {
            let drift = controls.and_then(|controls| controls.drift(part));
            match drift.zip(pair.launches()) {
                Some((drift, launches)) => drift.widen(factor, launches),
                None => factor,
            }
        };
        let of = |part: &dyn Fn(&Ends) -> f64| factor(pair.factor(part), part);
        Self {
            mode: Mode::Load,
            axis: Axis::Threads,
            threads: 1,
            grid: None,
            throughput: of(&|e| parts(e).throughput),
            performance: of(&|e| parts(e).performance),
            scalability: of(&|e| parts(e).scalability),
            surcharge: factor(pair.surcharge(), &|e| parts(e).throughput),
            old,
            new,
            old_points: Vec::new(),
            launches: pair.launches(),
            load: None,
        }
    }

    /// Whether there is a scalability to speak of: not at one thread, nor under load where a side has no knee.
    fn compares_scalability(&self) -> bool {
        match &self.load {
            Some(moved) => moved.knees_compared(),
            None => self.threads > 1,
        }
    }

    fn thresholds(&self, comparison: &Comparison<'_>) -> Thresholds {
        match self.launches {
            Some(_) => comparison.thresholds,
            None => comparison
                .thresholds
                .at_least(LEAST_WITHIN_ONE_PROCESS, LEAST_WITHIN_ONE_PROCESS),
        }
    }

    /// Whether more launches are not needed to tell what changed; see [`Factor::is_settled`].
    #[must_use]
    pub fn is_settled(&self, thresholds: Thresholds) -> bool {
        self.performance.is_settled(thresholds.performance)
            && (!self.compares_scalability() || self.scalability.is_settled(thresholds.scalability))
    }

    /// The probabilities that enter the control of false discoveries; 1 where there is nothing to discover.
    fn probabilities(&self, comparison: &Comparison<'_>) -> [f64; 2] {
        let thresholds = self.thresholds(comparison);
        let one = |factor: &Factor, t| factor.probability_within(t).unwrap_or(1.0);
        [
            one(&self.performance, thresholds.performance),
            match self.compares_scalability() {
                true => one(&self.scalability, thresholds.scalability),
                false => 1.0,
            },
        ]
    }

    fn conclude(self, comparison: &Comparison<'_>, discovered: [bool; 2]) -> Change {
        let thresholds = self.thresholds(comparison);
        let performance = self.judge(&self.performance, thresholds.performance, discovered[0]);
        let nothing = Estimate::around(1.0, 0.0, 0.0, Scale::Plain);
        let compared = self.compares_scalability();
        let scalability = match compared {
            true => self.judge(&self.scalability, thresholds.scalability, discovered[1]),
            false => Judged::INCONCLUSIVE,
        };
        let mut change = Change {
            baseline: comparison.baseline.to_owned(),
            scope: self.scope(comparison.scope, thresholds),
            threads: self.threads,
            throughput: match compared || self.load.is_none() {
                true => self.throughput.factor(),
                false => nothing,
            },
            performance: self.performance.factor(),
            scalability: match compared {
                true => self.scalability.factor(),
                false => nothing,
            },
            performance_verdict: performance.verdict,
            scalability_verdict: scalability.verdict,
            performance_threshold: Some(thresholds.performance),
            scalability_threshold: Some(thresholds.scalability),
            performance_more_launches: performance.more_launches,
            scalability_more_launches: scalability.more_launches,
            performance_drift: performance.drift,
            scalability_drift: scalability.drift,
            pattern: pattern(
                &self.scalability,
                scalability.verdict,
                &self.throughput,
                &self.surcharge,
                thresholds.scalability,
            )
            // A surcharge is what company costs in a closed loop.
            .filter(|_| self.load.is_none()),
            sentence: String::new(),
            old_points: self.old_points.clone(),
            load: self.load.as_ref().map(|moved| moved.change(&self.old)),
        };
        change.sentence = match &self.load {
            Some(moved) => words::sentence_under_load(&change, &self.told(), moved),
            None => words::sentence(&change, &self.told()),
        };
        change
    }

    fn judge(&self, factor: &Factor, threshold: f64, discovered: bool) -> Judged {
        let verdict = verdict(factor, threshold, discovered);
        let more_launches = self
            .launches
            .filter(|_| verdict == Verdict::Inconclusive)
            .and_then(|launches| factor.more_launches(threshold, launches));
        Judged {
            verdict,
            more_launches,
            drift: (factor.drift > 0.0).then(|| factor.drift.exp_m1()),
        }
    }

    fn told(&self) -> words::Told {
        words::Told {
            mode: self.mode,
            axis: self.axis,
            grid: self.grid,
            old: self.old,
            new: self.new,
            throughput_changed: self.throughput.excludes_none(),
            split: Split {
                throughput: self.throughput.estimate,
                performance: self.performance.estimate,
                scalability: self.scalability.estimate,
            },
        }
    }

    fn scope(&self, scope: Scope, thresholds: Thresholds) -> String {
        let within = match self.launches {
            Some(_) => "",
            None => "; within one process: differences between processes not covered",
        };
        let drift = match self.performance.drift.max(self.scalability.drift) > 0.0 {
            true => ", but in the intervals, as far as the machine's own code shows it",
            false => "",
        };
        let (scope, thresholds) = (scope.words(), thresholds.words());
        format!("{scope}{drift}{within}; {thresholds}")
    }
}

/// What can be said of a factor.
struct Judged {
    verdict: Verdict,
    /// So many launches more would about settle an inconclusive verdict.
    more_launches: Option<u32>,
    /// The standard error that the machine's drift is, as a share.
    drift: Option<f64>,
}

impl Judged {
    const INCONCLUSIVE: Self = Self {
        verdict: Verdict::Inconclusive,
        more_launches: None,
        drift: None,
    };
}

/// Runs that took turns met the same machine, and unlike machines differ by more than drift.
fn controls<'a>(
    old: &Side<'a>,
    new: &Side<'a>,
    threads: u32,
    scope: Scope,
) -> Option<Controls<'a>> {
    if scope != Scope::Saved {
        return None;
    }
    let nulls = old.machine.zip(new.machine);
    Some(Controls::of(nulls, old.pace.zip(new.pace), threads))
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

/// Whether it is a role whose call alone waits for others: what that wait changes by says nothing of the call.
fn waits_alone(side: &Side<'_>) -> bool {
    let mut flags = side.points.iter().flat_map(|p| &p.flags);
    flags.any(|flag| *flag == Flag::WaitsAlone)
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

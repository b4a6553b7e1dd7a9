//! A change before and after the verdicts of all benchmarks are weighed together.

use super::comparison::{Comparison, Scope, Thresholds};
use super::drift::{Controls, Machine};
use super::interference;
use super::judge::{self, Factors, Judged};
use super::load::Moved;
use super::pair::{Half, Pair};
use super::split::{Ends, Split, parts};
use super::verdict::Factor;
use super::words;
use crate::data::{Axis, Grid, Mode};
use crate::estimate::{Curves, LoadCurves, Scale};
use crate::report::{Change, Estimate, Flag, OldPoint, Point};
use crate::stats::discoveries;

/// Rate of false discoveries among all verdicts of a run.
const FALSE_DISCOVERIES: f64 = 0.05;

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
    /// Share of the launches whose callers ran at a raised priority, 0 to 1.
    pub raised_priority: f64,
}

/// The change of one benchmark, its figures settled, its verdicts not yet.
#[derive(Debug, Clone)]
pub struct Draft {
    mode: Mode,
    axis: Axis,
    threads: u32,
    /// How the callers divide at `threads`, in a grid.
    grid: Option<Grid>,
    factors: Factors,
    /// What neighbours add to the error of each factor, a logarithm.
    interference: f64,
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
            let threads = new.curves.threads().last().copied().unwrap_or(1);
            let errors = Errors::between(old, new, 1, scope);
            return Ok(Self {
                threads,
                ..Self::under_load(before, after, scope, &errors)?
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
            ..Self::of_pair(&pair, &Errors::between(old, new, threads, scope))
        })
    }

    /// Compares two sides under load: at their knees, where both have one. What the knee is follows the new side.
    fn under_load(
        old: &LoadCurves,
        new: &LoadCurves,
        scope: Scope,
        errors: &Errors<'_>,
    ) -> Result<Self, String> {
        let old = &old.clone().with_knee_factor(new.knee_factor());
        let moved = Moved::of(old, new);
        let knees = moved.knees_compared();
        let (before, after) = (Half::under_load(old, knees), Half::under_load(new, knees));
        let pair = Pair::of(before, after, scope).ok_or("no launch has all that it takes")?;
        let mut draft = Self::of_pair(&pair, errors);
        draft.factors.overhead = None;
        if knees {
            draft.factors.carried = errors.in_factor(carried(old, new, scope), &pair, &throughput);
        }
        Ok(Self {
            load: Some(moved),
            ..draft
        })
    }

    /// What follows from a pair alone.
    fn of_pair(pair: &Pair<'_>, errors: &Errors<'_>) -> Self {
        let [old, new] = pair.both_ends();
        let of = |part: &dyn Fn(&Ends) -> f64| errors.in_factor(pair.factor(part), pair, part);
        let whole = of(&throughput);
        Self {
            mode: Mode::Load,
            axis: Axis::Threads,
            threads: 1,
            grid: None,
            factors: Factors {
                throughput: whole,
                performance: of(&|e| parts(e).performance),
                scalability: of(&|e| parts(e).scalability),
                overhead: Some(errors.in_factor(pair.overhead(), pair, &throughput)),
                carried: whole,
            },
            interference: errors.interference,
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
        judge::thresholds(comparison.thresholds, self.launches)
    }

    /// Whether more launches are not needed to tell what changed; see [`Factor::is_settled`].
    #[must_use]
    pub fn is_settled(&self, thresholds: Thresholds) -> bool {
        let factors = &self.factors;
        factors.performance.is_settled(thresholds.performance)
            && (!self.compares_scalability()
                || factors.scalability_is_settled(thresholds.scalability))
    }

    /// The probabilities that enter the control of false discoveries; 1 where there is nothing to discover.
    fn probabilities(&self, comparison: &Comparison<'_>) -> [f64; 2] {
        let thresholds = self.thresholds(comparison);
        let one = |factor: &Factor, t| factor.probability_within(t).unwrap_or(1.0);
        let judges_scalability = self.compares_scalability() && self.launches.is_some();
        [
            one(&self.factors.performance, thresholds.performance),
            match judges_scalability {
                true => one(&self.factors.scalability, thresholds.scalability),
                false => 1.0,
            },
        ]
    }

    fn conclude(self, comparison: &Comparison<'_>, discovered: [bool; 2]) -> Change {
        let thresholds = self.thresholds(comparison);
        let (factors, launches) = (&self.factors, self.launches);
        let performance = factors.judge_performance(thresholds, discovered[0], launches);
        let nothing = Estimate::around(1.0, 0.0, 0.0, Scale::Plain);
        let compared = self.compares_scalability();
        let (scalability, pattern) = match compared {
            true => factors.judge_scalability(thresholds, discovered[1], launches),
            false => (Judged::INCONCLUSIVE, None),
        };
        let mut change = Change {
            baseline: comparison.baseline.to_owned(),
            scope: judge::scope(comparison.scope, self.widened(), thresholds, launches),
            threads: self.threads,
            throughput: match compared || self.load.is_none() {
                true => factors.throughput.factor(),
                false => nothing,
            },
            performance: factors.performance.factor(),
            scalability: match compared {
                true => factors.scalability.factor(),
                false => nothing,
            },
            performance_verdict: performance.verdict,
            scalability_verdict: scalability.verdict,
            performance_threshold: Some(thresholds.performance),
            scalability_threshold: launches.map(|_| thresholds.scalability),
            performance_more_launches: performance.more_launches,
            scalability_more_launches: scalability.more_launches,
            performance_drift: performance.drift,
            scalability_drift: scalability.drift,
            pattern,
            sentence: String::new(),
            short: String::new(),
            old_points: self.old_points.clone(),
            load: self.load.as_ref().map(|moved| moved.change(&self.old)),
        };
        let told = self.told();
        change.sentence = match &self.load {
            Some(moved) => words::sentence_under_load(&change, &told, moved),
            None => words::sentence(&change, &told),
        };
        change.short = words::short(&change, &told);
        change
    }

    fn told(&self) -> words::Told {
        words::Told {
            mode: self.mode,
            axis: self.axis,
            threads: self.threads,
            grid: self.grid,
            old: self.old,
            new: self.new,
            throughput_changed: self.factors.throughput.excludes_none(),
            split: Split {
                throughput: self.factors.throughput.estimate,
                performance: self.factors.performance.estimate,
                scalability: self.factors.scalability.estimate,
            },
            within_one_process: self.launches.is_none(),
            beside_others: self.interference > 0.0,
        }
    }

    /// What the intervals hold besides what launches vary by.
    fn widened(&self) -> &'static str {
        let drift = self
            .factors
            .performance
            .drift
            .max(self.factors.scalability.drift);
        match (drift > 0.0, self.interference > 0.0) {
            (_, true) => {
                ", but in the intervals, as far as the machine's own code and what disturbed the runs show it"
            }
            (true, false) => ", but in the intervals, as far as the machine's own code shows it",
            (false, false) => "",
        }
    }
}

fn throughput(ends: &Ends) -> f64 {
    parts(ends).throughput
}

/// By how much the load differs that both sides carry within the response time that is the knee's on the old side. At its own
/// knee the new side is asked for shorter responses only because its call is shorter.
fn carried(old: &LoadCurves, new: &LoadCurves, scope: Scope) -> Factor {
    let unloaded = |side: &LoadCurves| LoadCurves::unloaded_ns(side.central());
    let factor = new.knee_factor() * unloaded(old) / unloaded(new);
    let new = new.clone().with_knee_factor(factor);
    let halves = (Half::under_load(old, true), Half::under_load(&new, true));
    Pair::of(halves.0, halves.1, scope).map_or(Factor::UNKNOWN, |pair| pair.factor(&throughput))
}

/// What two sides' launches do not show of how their runs differ.
struct Errors<'a> {
    controls: Option<Controls<'a>>,
    interference: f64,
}

impl<'a> Errors<'a> {
    /// Runs that took turns met the same machine, and unlike machines differ by more than drift.
    fn between(old: &Side<'a>, new: &Side<'a>, threads: u32, scope: Scope) -> Self {
        let nulls = old.machine.zip(new.machine);
        let controls = || Controls::of(nulls, old.pace.zip(new.pace), threads);
        Self {
            controls: (scope == Scope::Saved).then(controls),
            interference: match scope {
                Scope::Paired => 0.0,
                Scope::Saved | Scope::UnlikeMachines => interference::error(old, new, threads),
            },
        }
    }

    /// The factor of a pair with these errors in its own; `part` is the figure that it is a change of.
    fn in_factor(&self, factor: Factor, pair: &Pair<'_>, part: &dyn Fn(&Ends) -> f64) -> Factor {
        let controls = self.controls.as_ref();
        let drift = controls.and_then(|controls| controls.drift(part));
        let drifted = match drift.zip(pair.launches()) {
            Some((drift, launches)) => drift.widen(factor, launches),
            None => factor,
        };
        drifted.with_drift(self.interference, f64::INFINITY)
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

//! The old side of a comparison: finding each benchmark's counterpart.

use super::nulls::{Machines, Nulls};
use super::{Measured, in_order};
use crate::change::{Comparison, Draft, Scope, Thresholds, conclude};
use crate::data::{BenchmarkRecord, GroupKind, Run, Status, unlike_estimator};
use crate::estimate::Curves;
use crate::excerpt::{SHORT_TEXT, excerpt};
use crate::report::{Benchmark, Point};
use crate::sort;
use crate::stats::median;

/// What identifies a benchmark: the package, where known, and the id.
type Key<'a> = (Option<&'a str>, &'a str);

/// The benchmarks of the old runs, and what was found out so far.
pub(super) struct Baseline<'a> {
    comparison: &'a Comparison<'a>,
    /// Of the runs of both sides.
    machines: Machines<'a>,
    /// The latest record of each id, sorted, by package: two packages may use the same id.
    records: Vec<Old<'a>>,
    /// Places in the report and the drafts for them.
    drafts: Vec<(usize, Draft)>,
    /// By how much the CPUs were slower than in the old runs, for each benchmark of which that is known.
    paces: Vec<f64>,
    added: Vec<String>,
    /// Why records of other estimators were not compared.
    refused: Option<String>,
    warnings: Vec<String>,
}

/// A record of an old run.
struct Old<'a> {
    key: Key<'a>,
    run: &'a Run,
    record: &'a BenchmarkRecord,
    /// Whether it has a counterpart.
    met: bool,
}

impl<'a> Baseline<'a> {
    /// For comparing `runs`.
    pub(super) fn of(runs: &'a [Run], comparison: &'a Comparison<'a>) -> Self {
        let mut records = Vec::new();
        for run in in_order(comparison.runs) {
            records.extend(run.benchmarks.iter().map(|record| Old {
                key: (run.package.as_deref(), &record.id),
                run,
                record,
                met: false,
            }));
        }
        // The latest first, which is then the one that stays.
        records.reverse();
        sort::by(&mut records, &|a, b| a.key.cmp(&b.key));
        records.dedup_by(|later, first| later.key == first.key);
        Self {
            comparison,
            machines: Machines::of(runs.iter().chain(comparison.runs)),
            records,
            drafts: Vec::new(),
            paces: Vec::new(),
            added: Vec::new(),
            refused: None,
            warnings: Vec::new(),
        }
    }

    /// Compares one benchmark, whose place in the report is `place`, with its counterpart if it has one.
    pub(super) fn compare(
        &mut self,
        place: usize,
        run: &'a Run,
        record: &'a BenchmarkRecord,
        new: &Measured,
    ) {
        let key = (run.package.as_deref(), record.id.as_str());
        let Ok(place_of_old) = self.records.binary_search_by(|old| old.key.cmp(&key)) else {
            self.added.push(record.id.clone());
            return;
        };
        let old = &mut self.records[place_of_old];
        old.met = true;
        let (old_run, old_record) = (old.run, old.record);
        if let Some(why) = unlike_estimator(old_run.estimator, run.estimator) {
            self.refused = Some(why);
            return;
        }
        if let Some(why) = unusable(old_record) {
            let (id, name) = (&record.id, self.comparison.baseline);
            self.warnings.push(format!(
                "{id} was not compared with {name}: there it {why}."
            ));
            return;
        }
        if let Some(what) = configuration_changed(old_record, record) {
            self.warnings.push(format!(
                "{}: {what} since {}.",
                record.id, self.comparison.baseline
            ));
        }
        if new.points.is_empty() {
            return;
        }
        // No law or null is needed of the old side, only its curves and which points count.
        let old = Measured::of(old_run, old_record, &Nulls::default());
        let paces = [old_record, record].map(Curves::of_pace);
        self.paces.extend(pace_ratio(&old.points, &new.points));
        let machines = [old_run, run].map(|run| self.machines.get(run));
        let old = old.side(old_record, machines[0], Some(&paces[0]));
        let new = new.side(record, machines[1], Some(&paces[1]));
        match Draft::of(&old, &new, self.comparison.scope) {
            Ok(draft) => self.drafts.push((place, draft)),
            Err(why) => self.warnings.push(format!(
                "{} was not compared with {}: {why}.",
                record.id, self.comparison.baseline
            )),
        }
    }

    /// Settles all verdicts together, writes them into the report and answers what else is to be known.
    pub(super) fn conclude(self, benchmarks: &mut [Benchmark]) -> Vec<String> {
        let (places, drafts): (Vec<usize>, Vec<Draft>) = self.drafts.into_iter().unzip();
        for (place, change) in places.into_iter().zip(conclude(drafts, self.comparison)) {
            benchmarks[place].change = Some(change);
        }
        let name = self.comparison.baseline;
        let removed = self.records.iter().filter(|old| !old.met);
        let mut warnings = self.warnings;
        if self.comparison.scope == Scope::Saved {
            warnings.extend(median(&self.paces).and_then(|ratio| unlike_pace(ratio, name)));
        }
        let refused = self.refused.into_iter();
        warnings.extend(refused.map(|why| {
            format!("Benchmarks were not compared with {name}: {why}. Measure the baseline again.")
        }));
        warnings.extend(
            self.added
                .iter()
                .map(|id| format!("{id} is not in {name}.")),
        );
        warnings.extend(removed.map(|old| format!("{} is in {name} only.", old.record.id)));
        warnings
    }
}

/// Whether the launches so far tell what changed between two sides that were measured in pairs, or more of them would
/// not help: when they cannot be compared at all. `run` is the one that they belong to.
#[must_use]
pub fn is_settled(
    run: &Run,
    old: &BenchmarkRecord,
    new: &BenchmarkRecord,
    thresholds: Thresholds,
) -> bool {
    let nulls = Nulls::default();
    let measured = [old, new].map(|record| Measured::of(run, record, &nulls));
    let draft = Draft::of(
        &measured[0].side(old, None, None),
        &measured[1].side(new, None, None),
        Scope::Paired,
    );
    draft.is_err() || draft.is_ok_and(|draft| draft.is_settled(thresholds))
}

/// How many times as long fixed arithmetic took alone as on the old side, where both know.
fn pace_ratio(old: &[Point], new: &[Point]) -> Option<f64> {
    let alone = |points: &[Point]| points.iter().find(|p| p.threads == 1)?.pace_ns;
    Some(alone(new)? / alone(old)?)
}

/// From this share on it is worth a sentence that CPUs were slower or faster than before: a clock's steps are smaller.
const UNLIKE_PACE: f64 = 0.1;

/// What to know of CPUs on which fixed arithmetic took `ratio` times as long as in the baseline.
fn unlike_pace(ratio: f64, baseline: &str) -> Option<String> {
    let change = ratio - 1.0;
    let (more, than, read) = if change > 0.0 {
        (
            "longer",
            "slower, or shared with somebody beyond this system",
            "longer",
        )
    } else {
        (
            "less",
            "faster, or shared with fewer beyond this system",
            "shorter",
        )
    };
    (change.abs() >= UNLIKE_PACE).then(|| {
        format!(
            "Fixed arithmetic took {:.0} % {more} than in {baseline}: the CPUs were {than}. Latencies read {read} for that alone, and \
             intervals are as much wider.",
            100.0 * change.abs()
        )
    })
}

/// Why the old side of a benchmark has nothing to compare with, in words.
fn unusable(old: &BenchmarkRecord) -> Option<String> {
    let what = match old.status {
        Status::Ok => return None,
        Status::Failed => "failed",
        Status::TimedOut => "took too long",
        Status::Skipped => "was not measured",
    };
    let failure = old.failure.as_ref();
    Some(failure.map_or(what.to_owned(), |failure| {
        let message = excerpt(&failure.message, SHORT_TEXT);
        let message = message.trim_end_matches('.');
        format!("{what} ({message})")
    }))
}

/// Which part of its group a benchmark is.
fn share(record: &BenchmarkRecord) -> Option<(GroupKind, u32, u32)> {
    let group = record.group.as_ref()?;
    Some((group.kind, group.share, group.of))
}

/// What of a benchmark's configuration differs, in words.
fn configuration_changed(old: &BenchmarkRecord, new: &BenchmarkRecord) -> Option<&'static str> {
    if old.mode != new.mode {
        Some("its mode changed")
    } else if old.threads != new.threads {
        Some("its thread counts changed")
    } else if share(old) != share(new) {
        Some("its share of the threads or calls of its group changed")
    } else if old.workers.is_some() && new.workers.is_some() && old.workers != new.workers {
        Some("the number of worker threads of its tasks changed")
    } else if old.work != new.work {
        Some("the work of a call, as stated, changed")
    } else {
        None
    }
}

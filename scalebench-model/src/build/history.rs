//! The two figures of each benchmark over the stored runs, and where they changed.

use super::in_order;
use super::nulls::Machines;
use super::point::plain_points;
use crate::change::{Comparison, Draft, Scope, Side, Thresholds, conclude};
use crate::data::{BenchmarkRecord, Compared, Run, Status, unlike};
use crate::estimate::{Basis, Clock, Curves, LoadCurves};
use crate::report::{Change, Estimate, HistoryPoint, Point, Report, Verdict};
use crate::sort;
use crate::words::count;

/// So many points a benchmark at most: more could not be told apart on a chart.
const MOST_POINTS: usize = 30;

/// What identifies a benchmark: the package, where known, and the id.
type Key<'a> = (Option<&'a str>, &'a str);

/// Gives each benchmark of the report, which was made of `runs`, its history.
pub(super) fn fill(report: &mut Report, runs: &[Run], older: &[Run]) {
    let past = Past::of(older);
    let machines = Machines::of(runs.iter().chain(older));
    let mut steps = Vec::new();
    for (place, (run, record)) in own_records(runs).into_iter().enumerate() {
        let entries = entries(run, record, &past);
        let Some(threads) = entries.last().map(|own| own.largest_counted()) else {
            continue;
        };
        let points: Vec<HistoryPoint> = entries.iter().map(|e| e.point(threads)).collect();
        if points.len() > 1 {
            steps.extend(drafts(place, &entries, threads, &machines));
            report.benchmarks[place].history = points;
        }
    }
    mark(report, steps, thresholds(runs));
    report.warnings.extend(left_out_of_history(runs, older));
}

/// How many of the older runs are by another estimator than the newest of `runs` and so not in its history, in words.
#[must_use]
pub fn left_out_of_history(runs: &[Run], older: &[Run]) -> Option<String> {
    let own = in_order(runs).last()?.estimator;
    let others = older.iter().filter(|old| old.estimator != own).count();
    (others > 0).then(|| {
        format!(
            "The history leaves out {} by another estimator than number {own}: the figures mean something else.",
            count(others as u32, "run")
        )
    })
}

/// The records in the order of the report's benchmarks.
fn own_records(runs: &[Run]) -> Vec<(&Run, &BenchmarkRecord)> {
    let mut records: Vec<(&Run, &BenchmarkRecord)> = in_order(runs)
        .into_iter()
        .flat_map(|run| run.benchmarks.iter().map(move |record| (run, record)))
        .collect();
    sort::by(&mut records, &|a, b| sort::ids(&a.1.id, &b.1.id));
    records
}

/// The older records by key, those of a key newest first.
struct Past<'a>(Vec<(Key<'a>, &'a Run, &'a BenchmarkRecord)>);

impl<'a> Past<'a> {
    fn of(older: &'a [Run]) -> Self {
        let mut records = Vec::new();
        for run in in_order(older).into_iter().rev() {
            for record in &run.benchmarks {
                let key = (run.package.as_deref(), record.id.as_str());
                records.push((key, run, record));
            }
        }
        sort::by(&mut records, &|a, b| a.0.cmp(&b.0));
        Self(records)
    }

    /// What may stand beside a record, newest first: older, usable, comparable, one of each session.
    fn before(&self, run: &Run, record: &BenchmarkRecord) -> Vec<(&'a Run, &'a BenchmarkRecord)> {
        let key = (run.package.as_deref(), record.id.as_str());
        let first = self.0.partition_point(|(other, ..)| *other < key);
        let of_key = self.0[first..]
            .iter()
            .take_while(|(other, ..)| *other == key);
        let mut sessions = vec![run.session.as_str()];
        let mut found = Vec::new();
        for &(_, old_run, old) in of_key {
            let began = (old_run.started_unix_s, &old_run.id);
            let comparable = old.status == Status::Ok
                && old.mode == record.mode
                && old_run.estimator == run.estimator
                && began < (run.started_unix_s, &run.id)
                && unlike(&old_run.host, &run.host).is_none();
            if comparable && !sessions.contains(&old_run.session.as_str()) {
                sessions.push(&old_run.session);
                found.push((old_run, old));
            }
        }
        found
    }
}

/// A benchmark in one run, where its single call counts.
struct Entry<'a> {
    run: &'a Run,
    curves: Curves,
    points: Vec<Point>,
    alone: Estimate,
    /// Response times under load, in load mode.
    load: Option<LoadCurves>,
    pace: Curves,
    raised_priority: f64,
}

impl<'a> Entry<'a> {
    fn of(run: &'a Run, record: &BenchmarkRecord) -> Option<Self> {
        // Without a bootstrap: what it gives leaves out just what differs between the runs of a history.
        let curves = Curves::central_only(record, Clock::Counted);
        let points = plain_points(run, record, &curves);
        let alone = points.iter().find(|p| p.threads == 1 && p.counted)?;
        let load = record.load.as_ref();
        Some(Self {
            run,
            alone: alone.latency_ns,
            load: load.map(|plan| LoadCurves::central_only(record, plan)),
            pace: Curves::of_pace(record),
            raised_priority: record.raised_priority(),
            curves,
            points,
        })
    }

    /// The largest thread count above 1 that counts; none under load, where the second figure is the knee.
    fn largest_counted(&self) -> Option<u32> {
        if self.load.is_some() {
            return None;
        }
        let counted = self.points.iter().filter(|p| p.threads > 1 && p.counted);
        counted
            .filter(|p| p.efficiency.is_some())
            .map(|p| p.threads)
            .max()
    }

    fn point(&self, threads: Option<u32>) -> HistoryPoint {
        let at = |p: &&Point| Some(p.threads) == threads && p.counted;
        HistoryPoint {
            run: self.run.id.clone(),
            started_unix_s: self.run.started_unix_s,
            revision: self.run.revision.clone(),
            latency_ns: self.alone,
            knee_per_s: self.load.as_ref().and_then(LoadCurves::knee),
            threads,
            efficiency: self.points.iter().find(at).and_then(|p| p.efficiency),
            performance_changed: None,
            scalability_changed: None,
        }
    }

    fn carries_intervals(&self) -> bool {
        matches!(self.curves.basis(), Basis::Launches(_))
    }

    fn side<'b>(&'b self, points: &'b [Point], machines: &'b Machines<'_>) -> Side<'b> {
        Side {
            curves: &self.curves,
            points,
            load: self.load.as_ref(),
            machine: machines.get(self.run),
            pace: Some(&self.pace),
            raised_priority: self.raised_priority,
        }
    }

    /// The points at 1 thread and at that of the history: verdicts are about these.
    fn ends(&self, threads: Option<u32>) -> Vec<Point> {
        let of_history = |p: &&Point| p.threads == 1 || Some(p.threads) == threads;
        self.points.iter().filter(of_history).cloned().collect()
    }
}

/// The history's entries, oldest first and the run's own last; none where its own does not count.
fn entries<'a>(run: &'a Run, record: &'a BenchmarkRecord, past: &Past<'a>) -> Vec<Entry<'a>> {
    let Some(own) = Entry::of(run, record).filter(|_| record.status == Status::Ok) else {
        return Vec::new();
    };
    let before = past.before(run, record).into_iter();
    let mut entries: Vec<Entry<'a>> = std::iter::once(own)
        .chain(before.filter_map(|(run, record)| Entry::of(run, record)))
        .take(MOST_POINTS)
        .collect();
    entries.reverse();
    entries
}

/// A benchmark's place in the report, a point's place in its history, and how it differs from the one before.
type Step = ((usize, usize), Draft);

/// Each entry beside the last one before it that carries intervals: no other could show a change.
fn drafts(
    place: usize,
    entries: &[Entry<'_>],
    threads: Option<u32>,
    machines: &Machines<'_>,
) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut before: Option<(&Entry<'_>, Vec<Point>)> = None;
    for (index, entry) in entries.iter().enumerate() {
        if !entry.carries_intervals() {
            continue;
        }
        let ends = entry.ends(threads);
        if let Some((old, old_ends)) = &before {
            let (old, new) = (old.side(old_ends, machines), entry.side(&ends, machines));
            let draft = Draft::of(&old, &new, Scope::Saved);
            steps.extend(draft.ok().map(|draft| ((place, index), draft)));
        }
        before = Some((entry, ends));
    }
    steps
}

/// Settles the verdicts of all steps together and writes those that say "changed" into the history.
fn mark(report: &mut Report, steps: Vec<Step>, thresholds: Thresholds) {
    let comparison = Comparison {
        baseline: "the run before",
        scope: Scope::Saved,
        runs: &[],
        thresholds,
    };
    let (places, drafts): (Vec<_>, Vec<Draft>) = steps.into_iter().unzip();
    for ((place, index), change) in places.into_iter().zip(conclude(drafts, &comparison)) {
        let point = &mut report.benchmarks[place].history[index];
        let Change {
            performance,
            scalability,
            ..
        } = change;
        let changed = |verdict, factor| (verdict == Verdict::Changed).then_some(factor);
        point.performance_changed = changed(change.performance_verdict, performance);
        // Where a side lacks the thread count, the verdict is about another and at 1 thread about none.
        let is_ours = change.load.is_some() || point.threads == Some(change.threads);
        point.scalability_changed =
            changed(change.scalability_verdict, scalability).filter(|_| is_ours);
    }
}

/// Those of saved runs, or what this machine was seen to vary by where that is more.
fn thresholds(runs: &[Run]) -> Thresholds {
    let compared: Vec<&Compared> = runs
        .iter()
        .filter_map(|run| run.compared.as_deref())
        .collect();
    compared
        .into_iter()
        .filter(|each| each.scope == Scope::Saved)
        .fold(Thresholds::of(Scope::Saved), |least, each| {
            least.at_least(each.performance_threshold, each.scalability_threshold)
        })
}

//! What a run is compared with.

use std::path::Path;
use std::time::Duration;

use scalebench_model::build;
use scalebench_model::change::Thresholds;
use scalebench_model::data::{
    BenchmarkRecord, Compared, ESTIMATOR, Host, Mode, Run, Scope, Status, unlike, unlike_estimator,
};
use scalebench_model::sort;
use scalebench_store::{Home, StoreError, TargetName};

use super::Exit;
use super::listing::Known;
use crate::coordinator;
use crate::coordinator::ask::{AskError, Asked, Spawn, unexpected};
use crate::coordinator::hosts::Fleet;
use crate::coordinator::process::Processes;
use crate::options::{Comparing, Options};
use crate::protocol::{BenchmarkInfo, Order, Reply};
use crate::say::tell;
use crate::sys::Program;

/// What a run will be compared with, found before anything is measured, so that a wrong name costs no time.
pub(super) enum OldSide {
    /// With nothing.
    None,
    /// With a baseline.
    Baseline { name: String, run: Box<Run> },
    /// With the runs of this target before it.
    Previous,
    /// With another build, measured beside this one.
    Paired(Paired),
}

impl OldSide {
    /// The other build, for the coordinator.
    pub(super) fn paired<'a>(
        &'a self,
        is_settled: &'a Settles<'a>,
    ) -> Option<coordinator::OldSide<'a>> {
        match self {
            Self::Paired(paired) => Some(coordinator::OldSide {
                spawn: paired.spawn.as_ref(),
                ids: &paired.ids,
                is_settled,
            }),
            _ => None,
        }
    }

    /// Whether it takes long to compare with: of many runs the files are read.
    pub(super) fn takes_long(&self) -> bool {
        matches!(self, Self::Previous)
    }

    /// Whether two records of `run` tell what changed.
    pub(super) fn is_settled(
        &self,
        run: &Run,
        old: &BenchmarkRecord,
        new: &BenchmarkRecord,
    ) -> bool {
        match self {
            Self::Paired(paired) => build::is_settled(run, old, new, paired.thresholds),
            _ => true,
        }
    }
}

/// Whether an old and a new record tell what changed.
pub(super) type Settles<'a> = dyn Fn(&BenchmarkRecord, &BenchmarkRecord) -> bool + 'a;

/// Another build of the target.
pub(super) struct Paired {
    spawn: Box<dyn Spawn>,
    /// What it can measure.
    ids: Vec<String>,
    /// What it has and this program has not, as records of nothing.
    gone: Vec<BenchmarkRecord>,
    name: String,
    thresholds: Thresholds,
}

/// Why nothing can be compared, in words, and how the run ends.
pub(super) type Refusal = (Exit, String);

/// Finds the old side that the options ask for.
pub(super) fn find(
    home: &Home,
    target: TargetName<'_>,
    host: &Host,
    options: &Options,
    known: &Known,
    fleet: Option<&Fleet>,
) -> Result<OldSide, Refusal> {
    let comparing = &options.comparing;
    if let Some(name) = &comparing.save {
        // What cannot be read will not be written over.
        load(home, name, target)?;
    }
    if let Some(binary) = &comparing.against {
        // What is wrong with them is said when all is measured.
        let (thresholds, _) = thresholds(home, Scope::Paired);
        return paired(binary, options, known, fleet, thresholds).map(OldSide::Paired);
    }
    let Some(name) = &comparing.baseline else {
        return Ok(OldSide::Previous);
    };
    match load(home, name, target)? {
        Some(run) if comparing.load.is_none() && run.estimator != ESTIMATOR => {
            Err(other_estimator(name, run.estimator, ESTIMATOR))
        }
        Some(run) => match unlike(&run.host, host) {
            Some(difference) if !comparing.unlike_machines => {
                Err((Exit::Usage, refusal(name, &difference)))
            }
            _ => Ok(OldSide::Baseline {
                name: name.clone(),
                run: Box::new(run),
            }),
        },
        None if comparing.lenient => Ok(OldSide::None),
        None => Err((Exit::Usage, missing(home, name, target))),
    }
}

/// From which size on a change counts on this machine, and a sentence where what is known of its noise cannot be used.
fn thresholds(home: &Home, scope: Scope) -> (Thresholds, Option<String>) {
    let (noise, note) = home.noise();
    let thresholds = Thresholds::of(scope).at_least(noise.performance, noise.scalability);
    (thresholds, note)
}

/// Keeps `run` as a baseline. What it did not measure well this time, by a filter or a failure, stays as it was there;
/// `known` are all ids of the target.
pub(super) fn save(home: &Home, name: &str, run: &Run, known: &Known) -> Result<(), StoreError> {
    let mut plain = Run {
        compared: None,
        ..run.clone()
    };
    let before = home.baseline(name, TargetName::of(run))?;
    let before = before
        .filter(|old| old.estimator == run.estimator && unlike(&old.host, &run.host).is_none());
    for old in before.into_iter().flat_map(|old| old.benchmarks) {
        let place = plain.benchmarks.iter().position(|new| are_same(new, &old));
        match place {
            Some(place) if plain.benchmarks[place].status != Status::Ok => {
                plain.benchmarks[place] = old;
            }
            None if known.contains(&old.id) => plain.benchmarks.push(old),
            _ => {}
        }
    }
    sort::by(&mut plain.benchmarks, &|a, b| sort::ids(&a.id, &b.id));
    home.save_baseline(name, &plain)?;
    Ok(())
}

/// The same benchmark, measured in the same way: with `--load` it is another thing that is measured.
fn are_same(one: &BenchmarkRecord, other: &BenchmarkRecord) -> bool {
    one.id == other.id && (one.mode == Mode::Load) == (other.mode == Mode::Load)
}

/// The baseline that is shown instead of measuring; it must be comparable with `side`.
pub(super) fn loaded(
    home: &Home,
    name: &str,
    target: TargetName<'_>,
    side: &OldSide,
) -> Result<Run, Refusal> {
    let run = load(home, name, target)?;
    let run = run.ok_or_else(|| (Exit::Usage, missing(home, name, target)))?;
    match side {
        OldSide::Baseline { name, run: old } if old.estimator != run.estimator => {
            Err(other_estimator(name, old.estimator, run.estimator))
        }
        _ => Ok(run),
    }
}

/// Refuses a baseline by another estimator than the figures that it would stand beside.
fn other_estimator(name: &str, old: u32, new: u32) -> Refusal {
    let why = unlike_estimator(old, new).unwrap_or_default();
    let reason = format!(
        "the baseline `{name}` cannot be compared with: {why}\nhelp: measure the baseline again, with `--save-baseline {name}`"
    );
    (Exit::Usage, reason)
}

fn load(home: &Home, name: &str, target: TargetName<'_>) -> Result<Option<Run>, Refusal> {
    home.baseline(name, target)
        .map_err(|error| (Exit::Files, error.to_string()))
}

fn missing(home: &Home, name: &str, target: TargetName<'_>) -> String {
    let known = home.baseline_names(target);
    let known = if known.is_empty() {
        "there are none yet".to_owned()
    } else {
        format!("there are: {}", known.join(", "))
    };
    format!(
        "`{}` has no baseline `{name}` ({known}); `--save-baseline {name}` makes it",
        target.name
    )
}

fn refusal(name: &str, difference: &str) -> String {
    format!(
        "the baseline `{name}` comes from an unlike machine: {difference}. Differences would be the machine's; \
         `--allow-different-machine` compares all the same"
    )
}

fn paired(
    binary: &Path,
    options: &Options,
    known: &Known,
    fleet: Option<&Fleet>,
    thresholds: Thresholds,
) -> Result<Paired, Refusal> {
    let refuse = |reason: String| {
        let binary = binary.display();
        let reason = format!("`{binary}` cannot be measured beside this program: {reason}");
        (Exit::Usage, reason)
    };
    let program = Program::at(binary);
    let here = || Processes {
        program: program.clone(),
        timeout: options.timeout,
        nocapture: options.nocapture,
    };
    // What it can measure is asked here in any case: on the hosts lies the same program.
    let benchmarks = list(here()).map_err(|error| match error {
        AskError::Failed(failure) | AskError::TimedOut(failure) => refuse(failure.message),
        AskError::Interrupted => (Exit::Interrupted, "interrupted".to_owned()),
    })?;
    let spawn: Box<dyn Spawn> = match fleet {
        Some(fleet) => Box::new(fleet.beside(binary).map_err(refuse)?),
        None => Box::new(here()),
    };
    let name = options
        .comparing
        .against_name
        .clone()
        .unwrap_or_else(|| binary.display().to_string());
    let gone = benchmarks
        .iter()
        .filter(|info| !known.contains(&info.id) && options.selection.takes(&info.id, info.ignore))
        .map(BenchmarkInfo::unmeasured)
        .collect();
    Ok(Paired {
        spawn,
        ids: benchmarks.into_iter().map(|info| info.id).collect(),
        gone,
        name,
        thresholds,
    })
}

/// What another build can measure. A function of it whose expressions fail has nothing to compare with, which is said.
fn list(spawn: Processes) -> Result<Vec<BenchmarkInfo>, AskError> {
    // Something that is no bench binary would keep silent for ever; it gets a few seconds.
    let quick = Processes {
        timeout: spawn.timeout.min(Duration::from_secs(20)),
        ..spawn
    };
    let mut asked = Asked::of(&quick);
    let (mut benchmarks, open) = list_of(&mut asked, None)?;
    for function in open {
        match list_of(&mut asked, Some(function.clone())) {
            Ok((known, _)) => benchmarks.extend(known),
            Err(AskError::Interrupted) => return Err(AskError::Interrupted),
            Err(AskError::Failed(failure) | AskError::TimedOut(failure)) => {
                tell(format_args!("{function} (old side): {}", failure.message));
            }
        }
    }
    Ok(benchmarks)
}

/// What is known without evaluating expressions, and which functions have some; or what the one of that name has.
fn list_of(
    asked: &mut Asked<'_>,
    function: Option<String>,
) -> Result<(Vec<BenchmarkInfo>, Vec<String>), AskError> {
    match asked.ask(&Order::List { function })? {
        Reply::List { benchmarks, open } => Ok((benchmarks, open)),
        other => Err(unexpected(&other)),
    }
}

/// Puts what `run` is compared with into its record; `known` are all ids of the target, `old` what was paired.
pub(super) fn compare(
    side: OldSide,
    home: &Home,
    run: &mut Run,
    known: &Known,
    old: Vec<BenchmarkRecord>,
    comparing: &Comparing,
) {
    let (baseline, scope, runs) = match side {
        OldSide::None => return,
        OldSide::Baseline { name, run: old } => {
            let scope = if unlike(&old.host, &run.host).is_some() {
                Scope::UnlikeMachines
            } else {
                Scope::Saved
            };
            (name, scope, vec![*old])
        }
        OldSide::Previous => {
            let (previous, note) = previous(home, run, comparing);
            run.warnings.extend(note);
            match previous {
                Some(previous) => previous,
                None => return,
            }
        }
        OldSide::Paired(paired) => {
            let old = Run {
                benchmarks: old.into_iter().chain(paired.gone).collect(),
                // Runs in turns need no control for the machine.
                nulls: Vec::new(),
                // Which revision the other binary was built from is in its name, if anywhere.
                revision: None,
                ..run.clone()
            };
            (paired.name, Scope::Paired, vec![old])
        }
    };
    let runs = newest_records(runs, run, known);
    let (thresholds, note) = thresholds(home, scope);
    run.warnings.extend(note);
    run.compared = Some(Box::new(Compared {
        baseline,
        scope,
        performance_threshold: thresholds.performance,
        scalability_threshold: thresholds.scalability,
        runs,
    }));
}

/// What a run is compared with: its name, how it was measured, and the runs.
type Against = (String, Scope, Vec<Run>);

/// The runs before this one by the same estimator and on a like machine: what each benchmark was when it last was measured
/// well. And a sentence where only another estimator measured some of them.
fn previous(home: &Home, run: &Run, comparing: &Comparing) -> (Option<Against>, Option<String>) {
    // What is wrong with old files does not concern this run; reports of them say so.
    let mut found = home.runs_before(run).unwrap_or_default();
    for old in &mut found.runs {
        old.benchmarks.retain(|record| record.status == Status::Ok);
    }
    let (usable, others): (Vec<Run>, Vec<Run>) = found
        .runs
        .into_iter()
        .partition(|old| old.estimator == run.estimator);
    let note = passed_over(&others, &usable, run);
    (on_like_machines(usable, run, comparing), note)
}

/// A sentence on the runs before where they are by another estimator, and nothing else is known of some benchmark.
fn passed_over(others: &[Run], usable: &[Run], run: &Run) -> Option<String> {
    let has = |runs: &[Run], new: &BenchmarkRecord| {
        let mut records = runs.iter().flat_map(|old| &old.benchmarks);
        records.any(|old| are_same(old, new))
    };
    let new = &run.benchmarks;
    let is_lost = new.iter().any(|new| has(others, new) && !has(usable, new));
    let why = unlike_estimator(others.last()?.estimator, run.estimator)?;
    is_lost.then(|| format!("Nothing was compared with the run before where {why}."))
}

fn on_like_machines(runs: Vec<Run>, run: &Run, comparing: &Comparing) -> Option<Against> {
    let (like, unlikes): (Vec<Run>, Vec<Run>) = runs
        .into_iter()
        .partition(|old| unlike(&old.host, &run.host).is_none());
    let name = "the run before".to_owned();
    if !like.is_empty() {
        return Some((name, Scope::Saved, like));
    }
    let usable = comparing.unlike_machines && !unlikes.is_empty();
    usable.then_some((name, Scope::UnlikeMachines, unlikes))
}

/// Of old runs, what can be compared: the newest record of each benchmark that is not merely left out this time.
/// Benchmarks that no longer exist are news once: only the newest run tells of them.
fn newest_records(runs: Vec<Run>, new: &Run, known: &Known) -> Vec<Run> {
    let mut seen: Vec<String> = Vec::new();
    let mut kept = Vec::new();
    for (age, old) in runs.into_iter().rev().enumerate() {
        let matters = |record: &BenchmarkRecord| {
            let gone = age == 0 && !known.contains(&record.id);
            gone || new.benchmarks.iter().any(|each| are_same(each, record))
        };
        let benchmarks: Vec<BenchmarkRecord> = old
            .benchmarks
            .into_iter()
            .filter(|record| matters(record) && !seen.contains(&record.id))
            .collect();
        seen.extend(benchmarks.iter().map(|record| record.id.clone()));
        if age == 0 || !benchmarks.is_empty() {
            kept.push(Run {
                benchmarks,
                compared: None,
                ..old
            });
        }
    }
    kept.reverse();
    kept
}

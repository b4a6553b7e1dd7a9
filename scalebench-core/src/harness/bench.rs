//! `--bench`: plan, measure, save, report.

use std::time::{SystemTime, UNIX_EPOCH};

use scalebench_model::data::{BenchmarkRecord, ESTIMATOR, Host, Run, Schema, Status};
use scalebench_model::excerpt::{SHORT_TEXT, excerpt};
use scalebench_model::{build, render, sort};
use scalebench_store::{Home, Keep, StoreError, TargetName, run_id};

use super::listing::Known;
use super::old_side::{self, OldSide, Refusal};
use super::page::{self, Shown};
use super::progress::{Progress, foresee};
use super::{Exit, expect, failure, gate, revision, terminal};
use crate::coordinator::ask::Spawn;
use crate::coordinator::hosts::Fleet;
use crate::coordinator::in_process::InProcess;
use crate::coordinator::process::Processes;
use crate::coordinator::{self, Machine, Measured, Sides};
use crate::features::HOSTS;
use crate::measure::nulls::nulls;
use crate::options::Options;
use crate::planner::{self, RunPlan};
use crate::protocol::BenchmarkInfo;
use crate::registry::plain;
use crate::say::{say, tell};
use crate::sys::{
    Program, StealMeter, host, interrupted, quota_cpus, results_are_at_stake, results_are_kept,
    session, usable_cpus, watch_interrupts,
};

/// Measures the selected benchmarks; `broken` are those that cannot even be listed, `known` all that there are.
pub(super) fn run(
    target: TargetName<'_>,
    options: &Options,
    selected: Vec<BenchmarkInfo>,
    broken: Vec<BenchmarkRecord>,
    known: &Known,
) -> Exit {
    failure::tell_of(&broken);
    if selected.is_empty() && broken.is_empty() {
        tell(nothing_to_do(target.name, options, known.len()));
        return Exit::Fine;
    }
    if let Err(error) = watch_interrupts() {
        tell(format_args!("interrupts will lose the results ({error})"));
    }
    let home = Home::locate();
    // Two runs at once would measure each other. Without the lock a run is still worth more than none.
    let _lock = home
        .lock(|holder| tell(format_args!("waiting for another run to end ({holder})")))
        .inspect_err(|error| tell(format_args!("{error}. This run goes on without")));
    match produce(target, options, (selected, broken), known, &home) {
        Ok((run, interrupted)) => finish(options, &home, &run, known, interrupted),
        Err((exit, reason)) => {
            tell(reason);
            exit
        }
    }
}

/// Measures or loads a run, and puts what it is compared with into it.
fn produce(
    target: TargetName<'_>,
    options: &Options,
    (selected, broken): (Vec<BenchmarkInfo>, Vec<BenchmarkRecord>),
    known: &Known,
    home: &Home,
) -> Result<(Run, bool), Refusal> {
    let comparing = &options.comparing;
    let fleet = find_hosts(options)?;
    let host = match &fleet {
        Some(fleet) if HOSTS => fleet.machine(),
        _ => host(),
    };
    let side = old_side::find(home, target, &host, options, known, fleet.as_ref())?;
    if let Some(name) = &comparing.load {
        let mut run = old_side::loaded(home, name, target, &side)?;
        run.benchmarks
            .retain(|record| options.selection.takes(&record.id, false));
        for record in &mut run.benchmarks {
            options.expect_more(&mut record.expectations);
        }
        let side = if comparing.baseline.is_some() {
            side
        } else {
            OldSide::None
        };
        old_side::compare(side, home, &mut run, known, Vec::new(), comparing);
        return Ok((run, false));
    }
    let plan = planner::plan(options, &host, selected, plain(nulls()));
    expect::check(options, &plan, host.cpus).map_err(|error| (Exit::Usage, error))?;
    let sides = 1 + u32::from(comparing.against.is_some());
    let benchmarks = plan.benchmarks.iter();
    benchmarks
        .filter_map(|each| foresee(each, sides))
        .for_each(tell);
    let (mut run, old, interrupted) = measure(target, options, host, &plan, &side, fleet.as_ref());
    run.benchmarks.extend(broken);
    sort::by(&mut run.benchmarks, &|a, b| sort::ids(&a.id, &b.id));
    if interrupted && side.takes_long() {
        // What cannot be written is told when the rest is.
        let _ = keep(options, home, &run, known);
    }
    old_side::compare(side, home, &mut run, known, old, comparing);
    Ok((run, interrupted))
}

/// The hosts that workers are to run on, where not here.
fn find_hosts(options: &Options) -> Result<Option<Fleet>, Refusal> {
    if !HOSTS || options.comparing.load.is_some() {
        return Ok(None);
    }
    let detail = |text: &str| {
        if options.verbose {
            tell(text);
        }
    };
    Fleet::find(options, &detail).map_err(|reason| {
        if interrupted() {
            return (Exit::Interrupted, "interrupted".to_owned());
        }
        (Exit::Usage, reason)
    })
}

/// Saves, shows, and judges. `known` is all that the target has.
pub(crate) fn finish(
    options: &Options,
    home: &Home,
    run: &Run,
    known: &Known,
    interrupted: bool,
) -> Exit {
    let saved = save(options, home, run, known);
    let report = build::session(std::slice::from_ref(run));
    say(&render::terminal(&report, &terminal::style(options.color)));
    match &saved {
        Ok(page) => say(page),
        Err(error) => tell(error),
    }
    let added = page::add_to_job(&report).inspect_err(|error| tell(error));
    let gate_closed = gate::closed(options, &report);
    match exit(run, interrupted, saved.is_ok() && added.is_ok()) {
        Exit::Fine if gate_closed => Exit::Gate,
        exit => exit,
    }
}

fn nothing_to_do(target: &str, options: &Options, known: usize) -> String {
    match (known, options.selection.filters.as_slice()) {
        (0, _) => format!("`{target}` has no benchmarks: put #[scale_bench] on a function"),
        (_, []) => format!("every benchmark of `{target}` is left out by --skip or by `ignore`"),
        (_, filters) => format!(
            "no benchmark of `{target}` matches {} ({known} do not); `--list` prints them",
            filters
                .iter()
                .map(|filter| format!("`{filter}`"))
                .collect::<Vec<_>>()
                .join(" or ")
        ),
    }
}

/// Returns the run, the records of the old side where it was measured in pairs, and whether the user interrupted.
fn measure(
    target: TargetName<'_>,
    options: &Options,
    host: Host,
    plan: &RunPlan,
    side: &OldSide,
    fleet: Option<&Fleet>,
) -> (Run, Vec<BenchmarkRecord>, bool) {
    let started_unix_s = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs());
    let session = session();
    let mut run = Run {
        schema: Schema::run(),
        estimator: ESTIMATOR,
        id: run_id(started_unix_s, &session, target.name),
        session,
        target: target.name.to_owned(),
        package: target.package.map(str::to_owned),
        started_unix_s,
        revision: revision::current(),
        plan: plan.plan.clone(),
        host,
        warnings: Vec::new(),
        benchmarks: Vec::new(),
        nulls: Vec::new(),
        compared: None,
    };
    let steal = StealMeter::new();
    let program = Program::this();
    results_are_at_stake();
    let measured = drive(options, plan, &run, side, fleet, &program);
    // What is taken away here says nothing of other hosts.
    run.host.steal = steal.share().filter(|_| fleet.is_none());
    if fleet.is_none() {
        // It may have begun in the middle of the run.
        run.host.quota_cpus = tightest(run.host.quota_cpus, quota_cpus());
    }
    run.warnings = warnings(&measured);
    if fleet.is_none() {
        run.warnings.extend(replaced(&program));
        run.warnings
            .extend(other_cpus(run.host.cpus, usable_cpus()));
    }
    if HOSTS && let Some(fleet) = fleet {
        run.warnings.extend(fleet.notes());
    }
    run.benchmarks = measured.benchmarks;
    run.nulls = measured.nulls;
    (run, measured.old, measured.interrupted)
}

/// The smaller of two quotas, where there is any.
fn tightest(before: Option<f64>, after: Option<f64>) -> Option<f64> {
    match (before, after) {
        (Some(before), Some(after)) => Some(before.min(after)),
        (before, after) => before.or(after),
    }
}

/// What the user should know about the run as a whole.
fn warnings(measured: &Measured) -> Vec<String> {
    let interruption = "The run was interrupted before all was measured.".to_owned();
    let failed = |null: &BenchmarkRecord| {
        let failure = null.failure.as_ref()?;
        let message = excerpt(&failure.message, SHORT_TEXT);
        Some(format!(
            "{} could not be measured beside the benchmarks: {}.",
            null.id,
            message.trim_end_matches(['.', '?', '!'])
        ))
    };
    let interrupted = measured.interrupted.then_some(interruption);
    interrupted
        .into_iter()
        .chain(measured.nulls.iter().filter_map(failed))
        .collect()
}

/// Says that the program's file is no longer what it was.
fn replaced(program: &Program) -> Option<String> {
    (!program.is_in_place()).then(|| {
        format!(
            "{} was deleted or replaced during the run; what was measured is what it was at the beginning.",
            program.path().display()
        )
    })
}

/// Says that the run may use other CPUs than when it was planned.
fn other_cpus(before: u32, now: u32) -> Option<String> {
    (now != before).then(|| {
        format!(
            "The run might use {before} of the CPUs when it began, and {now} when it ended: figures at more threads than the \
             fewer of them say little."
        )
    })
}

/// Carries the plan out. `run` is the record of it, before anything is in it.
fn drive(
    options: &Options,
    plan: &RunPlan,
    run: &Run,
    side: &OldSide,
    fleet: Option<&Fleet>,
    program: &Program,
) -> Measured {
    let spawn: Box<dyn Spawn> = if HOSTS && let Some(fleet) = fleet {
        Box::new(fleet.clone())
    } else if options.in_process {
        Box::new(InProcess)
    } else {
        Box::new(Processes {
            program: program.clone(),
            timeout: plan.timeout,
            nocapture: options.nocapture,
        })
    };
    let pinned = plan.plan.pinned;
    let machine = Machine {
        placement: if pinned { &run.host.placement } else { &[] },
        cpus: run.host.cpus,
        cores: run.host.physical_cores,
        may_hurry: options.hurry && !plan.plan.in_process,
    };
    let mut progress = Progress::new(options.quiet);
    let is_settled = |old: &_, new: &_| side.is_settled(run, old, new);
    let sides = Sides {
        new: spawn.as_ref(),
        old: side.paired(&is_settled),
    };
    let measured = coordinator::run(plan, &machine, sides, &mut |event| progress.show(&event));
    progress.finish();
    measured
}

/// Saves the run and draws the page of its session; returns the line that says where the page is.
fn save(options: &Options, home: &Home, run: &Run, known: &Known) -> Result<String, String> {
    let kept = keep(options, home, run, known);
    let shown = if is_stored(options) {
        // Without the run the page would be that of others.
        kept.run?;
        prune(home, run);
        Shown::Session
    } else {
        Shown::Alone
    };
    let page = page::draw(home, run, shown)?;
    kept.baseline?;
    Ok(page)
}

/// Whether the run becomes a record of its own.
fn is_stored(options: &Options) -> bool {
    !options.comparing.discard && options.comparing.load.is_none()
}

/// What became of what was to be written, in words.
struct Written {
    run: Result<(), String>,
    baseline: Result<(), String>,
}

/// Writes what was measured. What becomes of the baseline must not cost the run, nor the other way round.
fn keep(options: &Options, home: &Home, run: &Run, known: &Known) -> Written {
    let text = |error: StoreError| error.to_string();
    let kept = Written {
        run: match is_stored(options) {
            true => home.save_run(run).map(drop).map_err(text),
            false => Ok(()),
        },
        baseline: match &options.comparing.save {
            Some(name) => old_side::save(home, name, run, known).map_err(text),
            None => Ok(()),
        },
    };
    if kept.run.is_ok() && kept.baseline.is_ok() {
        results_are_kept();
    }
    kept
}

/// Removes the oldest runs beyond the user's limit. What cannot be removed is no reason to lose the page.
fn prune(home: &Home, run: &Run) {
    let keep = Keep::from_environment().unwrap_or_else(|problem| {
        tell(problem);
        Keep::All
    });
    if let Err(error) = home.prune_runs(run, keep) {
        tell(error);
    }
}

fn exit(run: &Run, interrupted: bool, saved: bool) -> Exit {
    let failed = run
        .benchmarks
        .iter()
        .any(|each| matches!(each.status, Status::Failed | Status::TimedOut));
    match (interrupted, failed, saved) {
        (true, _, _) => Exit::Interrupted,
        (false, true, _) => Exit::BenchmarkFailed,
        (false, false, false) => Exit::Files,
        (false, false, true) => Exit::Fine,
    }
}

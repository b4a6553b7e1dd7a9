//! `--bench`: plan, measure, save, report.

use std::io::Write;
use std::time::{SystemTime, UNIX_EPOCH};

use scalebench_model::data::{Run, Schema, Status};
use scalebench_model::{build, render};
use scalebench_store::{Home, run_id};

use super::progress::Progress;
use super::{Exit, revision, terminal};
use crate::coordinator::process::{InProcess, Processes, Spawn};
use crate::coordinator::{self, Measured};
use crate::measure::nulls::NULLS;
use crate::options::Options;
use crate::planner::{self, RunPlan};
use crate::protocol::BenchmarkInfo;
use crate::registry::entry_cases;
use crate::sys::{StealMeter, host, session, watch_interrupts};
use crate::worker;

/// Measures the selected benchmarks out of `known` ones.
pub(super) fn run(
    target: &str,
    options: &Options,
    selected: Vec<BenchmarkInfo>,
    known: usize,
) -> Exit {
    if selected.is_empty() {
        eprintln!("scalebench: {}", nothing_to_do(target, options, known));
        return Exit::Fine;
    }
    if let Err(error) = watch_interrupts() {
        eprintln!("scalebench: interrupts will lose the results ({error})");
    }
    let home = Home::locate();
    // Two runs at once would measure each other. An unusable folder is reported when the results cannot be saved.
    let _lock =
        home.lock(|holder| eprintln!("scalebench: waiting for another run to end ({holder})"));
    let (run, interrupted) = measure(target, options, selected);
    let saved = save(&home, &run);
    show(options, &run);
    match &saved {
        Ok(page) => say(&format!("Report: {page}\n")),
        Err(error) => eprintln!("scalebench: {error}"),
    }
    exit(&run, interrupted, saved.is_ok())
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

fn measure(target: &str, options: &Options, selected: Vec<BenchmarkInfo>) -> (Run, bool) {
    let mut host = host();
    let nulls = NULLS
        .iter()
        .flat_map(entry_cases)
        .map(|case| case.info)
        .collect();
    let plan = planner::plan(options, &host, selected, nulls);
    let started_unix_s = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs());
    let steal = StealMeter::new();
    let measured = drive(options, &plan, &host.placement, host.cpus);
    host.steal = steal.share();
    let session = session();
    let run = Run {
        schema: Schema::run(),
        id: run_id(started_unix_s, &session, target),
        session,
        target: target.to_owned(),
        started_unix_s,
        revision: revision::current(),
        plan: plan.plan,
        host,
        warnings: if measured.interrupted {
            vec!["The run was interrupted before all was measured.".to_owned()]
        } else {
            Vec::new()
        },
        benchmarks: measured.benchmarks,
        nulls: measured.nulls,
        compared: None,
    };
    (run, measured.interrupted)
}

fn drive(options: &Options, plan: &RunPlan, placement: &[u32], cpus: u32) -> Measured {
    let spawn: Box<dyn Spawn> = if options.in_process {
        worker::remember_panic_places();
        Box::new(InProcess)
    } else {
        Box::new(Processes {
            timeout: plan.timeout,
            nocapture: options.nocapture,
        })
    };
    let progress = Progress::new(options.quiet);
    let measured = coordinator::run(plan, placement, cpus, spawn.as_ref(), &mut |event| {
        progress.show(&event)
    });
    progress.finish();
    measured
}

/// Saves the run and draws the page of its session; returns where the page is.
fn save(home: &Home, run: &Run) -> Result<String, String> {
    home.save_run(run).map_err(|error| error.to_string())?;
    let found = home
        .session_runs(&run.session)
        .map_err(|error| error.to_string())?;
    for problem in &found.problems {
        eprintln!("scalebench: {problem}");
    }
    let report = build::report(&found.runs, None);
    let files = render::folder(&report).map_err(|error| error.to_string())?;
    let paths = files
        .iter()
        .map(|(name, text)| home.write_report(name, text))
        .collect::<Result<Vec<_>, _>>();
    paths.map_err(|error| error.to_string())?;
    Ok(home.report().join("index.html").display().to_string())
}

fn show(options: &Options, run: &Run) {
    let report = build::report(std::slice::from_ref(run), None);
    say(&render::terminal(&report, &terminal::style(options.color)));
}

fn say(text: &str) {
    // Whoever closes the pipe early has read enough; the results are saved.
    let _ = std::io::stdout().write_all(text.as_bytes());
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

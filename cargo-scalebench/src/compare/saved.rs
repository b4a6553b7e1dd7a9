//! `compare OLD NEW`: two stored runs, by file or by the name of a baseline.

use std::path::Path;

use scalebench_model::build;
use scalebench_model::change::Thresholds;
use scalebench_model::data::{Compared, Host, Run, Scope, unlike, unlike_estimator};
use scalebench_store::{Home, TargetName};

use super::options::Options;
use super::show;
use crate::exit::Failure;
use crate::gate;
use crate::target;

/// What one name stands for.
pub(super) struct Stored {
    name: String,
    /// Whether it is a file; else it is a baseline.
    pub(super) is_file: bool,
    /// One run for each bench target.
    runs: Vec<Run>,
}

impl Stored {
    /// The stored runs that `name` stands for: a file's, else a baseline's; `None` when it is neither.
    ///
    /// # Errors
    /// When there is something that cannot be used.
    pub(super) fn find(name: &str, home: Option<&Home>) -> Result<Option<Self>, Failure> {
        let path = Path::new(name);
        let is_file = path.is_file() || path.extension().is_some_and(|end| end == "json");
        let runs = match home {
            _ if is_file => vec![Home::read_run(path)?],
            Some(home) => home.baseline_runs(name)?,
            None => Vec::new(),
        };
        Ok((!runs.is_empty()).then(|| Self {
            name: name.to_owned(),
            is_file,
            runs,
        }))
    }

    fn of(&self, target: TargetName<'_>) -> impl Iterator<Item = &Run> {
        self.runs
            .iter()
            .filter(move |run| TargetName::of(run) == target)
    }
}

/// Compares stored runs.
///
/// # Errors
/// When they have nothing in common, come from unlike machines, or cannot be shown.
pub(super) fn run(options: &Options, old: &Stored, new: &Stored) -> Result<(), Failure> {
    let ids = |stored: &Stored| -> Vec<String> {
        let records = stored.runs.iter().flat_map(|run| &run.benchmarks);
        records.map(|record| record.id.clone()).collect()
    };
    let old_ids = ids(old);
    if !ids(new).iter().any(|id| old_ids.contains(id)) {
        return Err(Failure::usage(format!(
            "`{}` and `{}` have no benchmark in common (benchmarks are matched by their ids)",
            old.name, new.name
        )));
    }
    same_estimator(old, new)?;
    let home = target::home().ok();
    let scope = scope(options, old, new)?;
    let (noise, note) = home.as_ref().map(Home::noise).unwrap_or_default();
    let thresholds = Thresholds::of(scope).at_least(noise.performance, noise.scalability);
    let compared = |runs: Vec<Run>| Compared {
        baseline: old.name.clone(),
        scope,
        performance_threshold: thresholds.performance,
        scalability_threshold: thresholds.scalability,
        runs,
    };
    let mut gone: Vec<Run> = old
        .runs
        .iter()
        .filter(|run| new.of(TargetName::of(run)).next().is_none())
        .map(plain)
        .collect();
    let runs: Vec<Run> = new
        .runs
        .iter()
        .map(|run| {
            let counterparts = old.of(TargetName::of(run)).map(plain);
            // What only the old side has must stand somewhere to be named.
            let old = counterparts.chain(gone.drain(..)).collect();
            let mut run = Run {
                compared: Some(Box::new(compared(old))),
                ..run.clone()
            };
            run.warnings.extend(note.clone());
            run
        })
        .collect();
    let report = build::session(&runs);
    show::show(&report, &options.output, home.as_ref())?;
    gate::judge(&report, options.gate.as_ref(), options.strict, |id| {
        format!("cargo bench -- --exact '{id}' --ci")
    })
}

fn plain(run: &Run) -> Run {
    Run {
        compared: None,
        ..run.clone()
    }
}

/// Refuses sides whose figures do not mean the same.
fn same_estimator(old: &Stored, new: &Stored) -> Result<(), Failure> {
    let pairs = (new.runs.iter()).flat_map(|new| old.runs.iter().map(move |old| (old, new)));
    let mut differences =
        pairs.filter_map(|(old, new)| unlike_estimator(old.estimator, new.estimator));
    match differences.next() {
        None => Ok(()),
        Some(why) => Err(Failure::usage(format!(
            "`{}` cannot be compared with `{}`: {why}\nhelp: measure the baseline again",
            new.name, old.name
        ))),
    }
}

/// How the two sides were measured; refuses unlike machines unless they are allowed.
fn scope(options: &Options, old: &Stored, new: &Stored) -> Result<Scope, Failure> {
    let hosts = |stored: &'_ Stored| -> Vec<Host> {
        stored.runs.iter().map(|run| run.host.clone()).collect()
    };
    let (old_hosts, new_hosts) = (hosts(old), hosts(new));
    let pairs = new_hosts
        .iter()
        .flat_map(|new| old_hosts.iter().map(move |old| (old, new)));
    let difference = pairs.into_iter().find_map(|(old, new)| unlike(old, new));
    match difference {
        None => Ok(Scope::Saved),
        Some(_) if options.unlike_machines => Ok(Scope::UnlikeMachines),
        Some(difference) => Err(Failure::usage(format!(
            "`{}` comes from an unlike machine than `{}`: {difference}. Differences would be the machine's; \
             `--allow-different-machine` compares all the same",
            old.name, new.name
        ))),
    }
}

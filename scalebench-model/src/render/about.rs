//! The run and the machine in a few sentences, for the page and the summary.

use super::facts;
use super::figure;
use super::glyphs::UNICODE;
use super::visible::{utc, visible};
use crate::data::{Host, Scope};
use crate::report::{Benchmark, Report};

/// What stands above the figures, as plain text.
#[derive(Debug)]
pub(super) struct About {
    /// The bench targets.
    pub(super) title: String,
    /// How many benchmarks, when, of what revision, by what plan.
    pub(super) run: String,
    /// The machine, without a full stop; empty where nothing is known.
    pub(super) machine: String,
}

impl About {
    /// What the report says about its runs.
    pub(super) fn of(report: &Report) -> Self {
        Self {
            title: title(report),
            run: run(report),
            machine: machine(&report.host),
        }
    }
}

/// The bench targets, for the title.
fn title(report: &Report) -> String {
    let mut targets: Vec<String> = report.runs.iter().map(|r| visible(&r.target)).collect();
    targets.dedup();
    match targets.len() {
        0 => "Report".into(),
        1..=4 => targets.join(", "),
        more => format!("{more} bench targets"),
    }
}

/// The run in a few sentences.
fn run(report: &Report) -> String {
    let mut text = match report.benchmarks.len() {
        1 => "1 benchmark".to_owned(),
        n => format!("{n} benchmarks"),
    };
    if let Some(first) = report.runs.first() {
        text.push_str(&format!(", measured on {}", utc(first.started_unix_s)));
        if let Some(revision) = &first.revision {
            let short: String = visible(&revision.commit).chars().take(12).collect();
            text.push_str(&format!(" at revision {short}"));
            if revision.dirty {
                text.push_str(" with uncommitted changes");
            }
        }
        text.push_str(&plan(report));
    }
    text.push('.');
    if let Some(scope) = facts::common_scope(report).filter(|s| !s.is_empty()) {
        text.push_str(&format!(" Intervals: {}.", visible(scope)));
    }
    text
}

/// Launches and rounds, where all runs have the same.
fn plan(report: &Report) -> String {
    let runs = &report.runs;
    let Some(first) = runs.first() else {
        return String::new();
    };
    let same = runs
        .iter()
        .all(|r| (r.launches, r.rounds) == (first.launches, first.rounds));
    if !same || first.launches == 0 {
        return String::new();
    }
    let launches = if first.launches == 1 {
        "launch"
    } else {
        "launches"
    };
    let rounds = if first.rounds == 1 { "round" } else { "rounds" };
    // A comparison with another build goes on until it can tell what changed; the intervals say how far it went.
    let paired = |benchmark: &Benchmark| {
        let change = benchmark.change.as_ref();
        change.is_some_and(|change| change.scope.starts_with(Scope::Paired.words()))
    };
    let how = match report.benchmarks.iter().any(paired) {
        true => "planned as",
        false => "in",
    };
    format!(
        ", {how} {} {launches} of {} {rounds}, seed {}",
        first.launches, first.rounds, first.seed
    )
}

fn machine(host: &Host) -> String {
    let mut parts = Vec::new();
    if !host.model.trim().is_empty() {
        parts.push(visible(host.model.trim()));
    }
    if host.cpus > 0 {
        let cpus = if host.cpus == 1 {
            "1 CPU".into()
        } else {
            format!("{} CPUs", host.cpus)
        };
        parts.push(match host.physical_cores {
            0 => cpus,
            1 => format!("{cpus} on 1 core"),
            n => format!("{cpus} on {n} cores"),
        });
    }
    if let Some(quota) = host.quota_cpus {
        parts.push(format!(
            "limited to the time of {} CPUs",
            figure::short(quota, &UNICODE)
        ));
    }
    if let Some(governor) = &host.governor {
        parts.push(format!("governor {}", visible(governor)));
    }
    if let Some(steal) = host.steal.filter(|s| *s >= 0.001) {
        parts.push(format!(
            "{} % taken by the hypervisor",
            figure::short(steal * 100.0, &UNICODE)
        ));
    }
    if !host.os.is_empty() {
        parts.push(format!("{} {}", visible(&host.os), visible(&host.arch)));
    }
    if !parts.is_empty() && !host.thread_clocks {
        parts.push("no per-thread clocks: wall-clock figures only".into());
    }
    parts.join(", ")
}

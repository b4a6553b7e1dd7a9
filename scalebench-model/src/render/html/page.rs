//! The page: what it says above the benchmarks.

use serde::Serialize;

use super::chart::{Detail, Shared};
use super::row::Row;
use super::section::Section;
use super::{glossary, policy};
use crate::data::{Host, Status};
use crate::render::facts;
use crate::render::figure;
use crate::render::glyphs::UNICODE;
use crate::render::visible::{utc, visible};
use crate::report::{Report, RunSummary};

/// With more benchmarks than this only the three main charts are drawn for each.
const MOST_IN_FULL: usize = 150;

/// What the template of the page shows. Fields that end in `_html` are markup made here, `policy`, `style` and `script`
/// are fixed; all others are plain text.
#[derive(Debug, Serialize)]
pub(super) struct Page {
    policy: String,
    style: &'static str,
    script: &'static str,
    title: String,
    about: String,
    machine: String,
    warnings: Vec<String>,
    troubles: String,
    baseline: String,
    changed: bool,
    brief: bool,
    empty: bool,
    count: usize,
    rows: Vec<Row>,
    sections: Vec<Section>,
    definitions_html: String,
    glossary_html: String,
}

impl Page {
    /// Everything that the page shows of a report.
    pub(super) fn of(report: &Report) -> Self {
        let changed = report.benchmarks.iter().any(|b| b.change.is_some());
        let brief = report.benchmarks.len() > MOST_IN_FULL;
        let detail = if brief { Detail::Brief } else { Detail::Full };
        let mut shared = Shared::default();
        let sections = report
            .benchmarks
            .iter()
            .enumerate()
            .map(|(i, b)| Section::of(b, i, detail, &mut shared))
            .collect();
        let rows = report
            .benchmarks
            .iter()
            .enumerate()
            .map(|(i, b)| Row::of(b, i, changed))
            .collect();
        Self {
            policy: policy::content_security_policy(),
            style: policy::STYLE,
            script: policy::SCRIPT,
            title: title(report),
            about: about(report),
            machine: machine(&report.host),
            warnings: report.warnings.iter().map(|w| visible(w)).collect(),
            troubles: troubles(report),
            baseline: baseline(report),
            changed,
            brief,
            empty: report.benchmarks.is_empty(),
            count: report.benchmarks.len(),
            rows,
            sections,
            definitions_html: shared.definitions().to_owned(),
            glossary_html: glossary::entries(),
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
fn about(report: &Report) -> String {
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
        text.push_str(&plan(&report.runs));
    }
    text.push('.');
    text
}

/// Launches and rounds, where all runs have the same.
fn plan(runs: &[RunSummary]) -> String {
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
    format!(
        ", in {} {launches} of {} {rounds}, seed {}",
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
            figure::plain(quota, &UNICODE)
        ));
    }
    if let Some(governor) = &host.governor {
        parts.push(format!("governor {}", visible(governor)));
    }
    if let Some(steal) = host.steal.filter(|s| *s >= 0.001) {
        parts.push(format!(
            "{} taken by the hypervisor",
            figure::share(steal, &UNICODE)
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

/// How many did not end well.
fn troubles(report: &Report) -> String {
    let parts: Vec<String> = [Status::Failed, Status::TimedOut, Status::Skipped]
        .into_iter()
        .map(|s| {
            (
                s,
                report.benchmarks.iter().filter(|b| b.status == s).count(),
            )
        })
        .filter(|(_, n)| *n > 0)
        .map(|(s, n)| format!("{n} {}", facts::status_word(s)))
        .collect();
    parts.join(", ")
}

fn baseline(report: &Report) -> String {
    report
        .benchmarks
        .iter()
        .find_map(|b| b.change.as_ref())
        .map_or_else(String::new, |c| visible(&c.baseline))
}

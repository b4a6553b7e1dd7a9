//! The page: what it says above the benchmarks.

use serde::Serialize;

use super::chart::{Detail, Shared};
use super::noteworthy::noteworthy;
use super::row::Row;
use super::section::{Section, Setting};
use super::values::{Values, values_sections};
use super::{glossary, policy};
use crate::data::Status;
use crate::render::about::About;
use crate::render::facts;
use crate::render::visible::visible;
use crate::report::Report;

/// With more benchmarks than this only the three main charts are drawn for each.
const MOST_IN_FULL: usize = 150;

/// With more benchmarks than this the histories are left out: 30 runs of each would make the page half as large again.
const MOST_WITH_HISTORY: usize = 18;

/// With more benchmarks than this only the most noteworthy have a section: the page would grow by some kB for each of the
/// others, and browsers take long over tens of MB.
const MOST_SECTIONS: usize = 2_000;

/// With more than this the others have no row in the table either.
const MOST_ROWS: usize = 20_000;

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
    change_scope: String,
    changed: bool,
    /// What the second figure is called.
    second: &'static str,
    /// Whether any benchmark is under load.
    loaded: bool,
    brief: bool,
    /// Of which benchmarks there is no section or no row, where that is so.
    left_out: String,
    without_history: bool,
    empty: bool,
    count: usize,
    rows: Vec<Row>,
    entries: Vec<Entry>,
    definitions_html: String,
    glossary_html: String,
}

/// A benchmark's section, and before it that of its function where it is the first of several values.
#[derive(Debug, Serialize)]
struct Entry {
    values: Option<Values>,
    section: Section,
}

impl Page {
    /// Everything that the page shows of a report.
    pub(super) fn of(report: &Report) -> Self {
        let changed = report.benchmarks.iter().any(|b| b.change.is_some());
        let brief = report.benchmarks.len() > MOST_IN_FULL;
        let change_scope = facts::common_change_scope(report);
        let setting = Setting {
            detail: if brief { Detail::Brief } else { Detail::Full },
            history: report.benchmarks.len() <= MOST_WITH_HISTORY,
            same_scope: facts::common_scope(report).is_some(),
            same_change_scope: change_scope.is_some(),
        };
        let about = About::of(report);
        let mut shared = Shared::default();
        let mut values = if brief {
            Vec::new()
        } else {
            values_sections(report, &mut shared)
        };
        let sections = noteworthy(report, MOST_SECTIONS);
        let rows: Vec<Row> = noteworthy(report, MOST_ROWS)
            .into_iter()
            .map(|i| {
                let has_section = sections.binary_search(&i).is_ok();
                Row::of(&report.benchmarks[i], i, changed, has_section)
            })
            .collect();
        let entries = sections
            .into_iter()
            .map(|i| Entry {
                values: take(&mut values, i),
                section: Section::of(&report.benchmarks[i], i, setting, &mut shared),
            })
            .collect();
        Self {
            policy: policy::content_security_policy(),
            style: policy::STYLE,
            script: policy::SCRIPT,
            title: about.title,
            about: about.run,
            machine: about.machine,
            warnings: report.warnings.iter().map(|w| visible(w)).collect(),
            troubles: troubles(report),
            baseline: baseline(report),
            change_scope: change_scope.map(visible).unwrap_or_default(),
            changed,
            second: facts::second_figure(report),
            loaded: report.benchmarks.iter().any(facts::under_load),
            brief,
            left_out: left_out(report),
            without_history: !setting.history
                && report.benchmarks.iter().any(|b| !b.history.is_empty()),
            empty: report.benchmarks.is_empty(),
            count: rows.len(),
            rows,
            entries,
            definitions_html: shared.definitions().to_owned(),
            glossary_html: glossary::entries(),
        }
    }
}

/// What belongs to the benchmark at a place, where there is anything.
fn take(values: &mut Vec<(usize, Values)>, place: usize) -> Option<Values> {
    let found = values.iter().position(|(first, _)| *first == place)?;
    Some(values.swap_remove(found).1)
}

/// That not all benchmarks have a section, or even a row, and how to see the others.
fn left_out(report: &Report) -> String {
    let all = report.benchmarks.len();
    if all <= MOST_SECTIONS {
        return String::new();
    }
    let rows = match all > MOST_ROWS {
        true => format!(" The table holds the first {MOST_ROWS} by the same rule."),
        false => String::new(),
    };
    format!(
        "Of {all} benchmarks, the {MOST_SECTIONS} most noteworthy have charts and figures below: those that failed, or an expectation of \
         which failed, then those that changed, then those that scale worst.{rows} The report as JSON has all figures, and the option --filter \
         NAME of cargo scalebench report and analyze draws the benchmarks that it names."
    )
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

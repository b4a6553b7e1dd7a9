//! What stands above and below the table.

use super::super::facts::{self, Outcome, Part};
use super::super::visible::visible;
use super::Screen;
use super::columns::marked;
use super::load;
use super::paint::Ink;
use super::wrap::{TIE, wrap};
use crate::LOAD;
use crate::data::{Host, Status};
use crate::report::{Benchmark, Flag, LawKind, Report};

/// The run in a line or two, warnings, titles of the columns.
pub(super) fn header(report: &Report, screen: &Screen<'_>) -> Vec<String> {
    let mut benchmarks = count(report.benchmarks.len(), "benchmark");
    if let Some(package) = common_package(report) {
        benchmarks.push_str(&format!(" of {package}"));
    }
    let mut parts = vec![benchmarks];
    let host = host_words(&report.host);
    if !host.is_empty() {
        parts.push(host);
    }
    if let Some(scope) = facts::common_scope(report).filter(|s| !s.is_empty()) {
        parts.push(format!("intervals: {scope}"));
    }
    let text = screen.text(&visible(&parts.join(&format!(" {} ", screen.glyphs.dot))));
    let mut lines: Vec<String> = wrap(&text, screen.width, screen.width)
        .iter()
        .map(|line| screen.painter.paint(Ink::Dim, line))
        .collect();
    for warning in &report.warnings {
        let text = screen.text(&format!("warning: {}", visible(warning)));
        let wrapped = wrap(&text, screen.measure, screen.measure - 2);
        for (i, line) in wrapped.iter().enumerate() {
            let indent = if i == 0 { "" } else { "  " };
            lines.push(format!(
                "{indent}{}",
                screen.painter.paint(Ink::Caution, line)
            ));
        }
    }
    if report.benchmarks.iter().any(|b| !b.points.is_empty()) {
        lines.push(screen.painter.paint(Ink::Dim, &screen.columns.titles()));
    }
    lines
}

/// The marks that were used and what became of the benchmarks.
pub(super) fn footer(report: &Report, screen: &Screen<'_>) -> Vec<String> {
    let mut lines = Vec::new();
    let legend = legend(report, screen);
    if !legend.is_empty() {
        lines.extend(
            wrap(&legend, screen.measure, screen.measure)
                .iter()
                .map(|line| screen.painter.paint(Ink::Dim, line)),
        );
    }
    let texts = [
        statuses(report),
        lawless(report),
        expectations(report),
        changes(report),
    ];
    for text in texts.into_iter().flatten() {
        lines.extend(wrap(
            &screen.text(&visible(&text)),
            screen.measure,
            screen.measure,
        ));
    }
    lines
}

/// The package of all benchmarks, where that is one: other packages may have benchmarks of the same names.
fn common_package(report: &Report) -> Option<&str> {
    let package = report.benchmarks.first()?.package.as_deref();
    let mut others = report.benchmarks.iter();
    let is_common = others.all(|other| other.package.as_deref() == package);
    package.filter(|_| is_common)
}

/// The machine in a few words.
fn host_words(host: &Host) -> String {
    let mut words = visible(host.model.trim());
    if host.cpus > 0 {
        let cpus = count(host.cpus as usize, "CPU");
        words = if words.is_empty() {
            cpus
        } else {
            format!("{words}, {cpus}")
        };
    }
    words
}

fn legend(report: &Report, screen: &Screen<'_>) -> String {
    let points = || report.benchmarks.iter().flat_map(|b| &b.points);
    let load = || report.benchmarks.iter().flat_map(|b| &b.load);
    let mut parts: Vec<String> = Vec::new();
    let shown = points().filter(|p| facts::measured(p));
    if let Some(grid) = shown
        .filter_map(|p| p.grid)
        .max_by_key(|grid| grid.callers())
    {
        parts.push(format!("{} callers: {grid}.", facts::divided(grid)));
    }
    for flag in FLAGS.into_iter().filter(|f| marked(*f)) {
        let of_point = points().any(|p| facts::measured(p) && p.flags.contains(&flag));
        if of_point || load().any(|p| p.flags.contains(&flag)) {
            let (mark, words) = facts::flag_words(flag);
            parts.push(format!("{mark}{TIE}{words}."));
        }
    }
    if points().any(|p| facts::measured(p) && !p.counted) || load().any(|p| !p.counted) {
        let hollow = screen.glyphs.hollow.repeat(2);
        parts.push(format!("{hollow}{TIE}not counted in laws and verdicts."));
    }
    if points().any(|p| facts::measured(p) && p.ceiling.is_some()) {
        let ceiling = screen.glyphs.ceiling;
        parts.push(format!("{ceiling}{TIE}the machine's ceiling."));
    }
    let has_limit = |b: &Benchmark| load::has_limit(b, screen);
    if LOAD && report.benchmarks.iter().any(has_limit) {
        let ceiling = screen.glyphs.ceiling;
        parts.push(format!(
            "{ceiling}{TIE}under load: p99 at the knee (bars are logarithmic)."
        ));
    }
    parts.join(" ")
}

const FLAGS: [Flag; 17] = [
    Flag::LowOverlap,
    Flag::Disturbed,
    Flag::SlowPace,
    Flag::NotMeasured,
    Flag::BeyondMachine,
    Flag::CpuLimited,
    Flag::NearFloor,
    Flag::SynchronisedStart,
    Flag::Skewed,
    Flag::NeverSteady,
    Flag::Starved,
    Flag::WithinOneProcess,
    Flag::WaitsAlone,
    Flag::Reference,
    Flag::GeneratorLate,
    Flag::FewCalls,
    Flag::CallsLost,
];

/// How many did not end well, where any did not.
fn statuses(report: &Report) -> Option<String> {
    let number = |status| {
        report
            .benchmarks
            .iter()
            .filter(|b| b.status == status)
            .count()
    };
    let parts: Vec<String> = [Status::Failed, Status::TimedOut, Status::Skipped]
        .into_iter()
        .filter(|s| number(*s) > 0)
        .map(|s| format!("{} {}", number(s), facts::status_word(s)))
        .collect();
    (!parts.is_empty()).then(|| {
        format!(
            "{}: {} measured, {}.",
            count(report.benchmarks.len(), "benchmark"),
            number(Status::Ok),
            parts.join(", ")
        )
    })
}

/// What the only curve says that cannot tell one law from another, or how many there are: each one's sentence would fill the
/// screen, and on a machine of two CPUs they are nearly all. Parts of a group are not asked.
fn lawless(report: &Report) -> Option<String> {
    let asked = report.benchmarks.iter().filter(|b| b.group.is_none());
    let laws: Vec<_> = asked
        .filter_map(|b| Some((&b.id, b.laws.as_ref()?)))
        .collect();
    let unresolved: Vec<_> = laws
        .iter()
        .filter(|(_, laws)| laws.chosen == LawKind::Unresolved && !laws.sentence.is_empty())
        .collect();
    match unresolved.as_slice() {
        [] => None,
        [(id, laws)] => Some(format!("No scaling model for {id}. {}", laws.sentence)),
        many => Some(format!(
            "No scaling model for {} of {}: the page and the JSON say which thread counts to add.",
            many.len(),
            count(laws.len(), "curve")
        )),
    }
}

/// What became of the expectations, where there are any.
fn expectations(report: &Report) -> Option<String> {
    let all = report.benchmarks.iter().flat_map(|b| &b.expectations);
    let counts = facts::expectation_counts(all)?;
    Some(format!("Expectations: {counts}."))
}

/// How many changed, and which way, where there is a baseline.
fn changes(report: &Report) -> Option<String> {
    let changes: Vec<_> = report
        .benchmarks
        .iter()
        .filter_map(|b| b.change.as_ref())
        .collect();
    let first = changes.first()?;
    let mut parts = Vec::new();
    for (index, name) in ["performance", "scalability"].into_iter().enumerate() {
        let number = |outcome| {
            changes
                .iter()
                .filter(|c| Part::of(c)[index].outcome == outcome)
                .count()
        };
        let words = [
            (Outcome::Better, "better"),
            (Outcome::Worse, "worse"),
            (Outcome::Small, "slightly changed"),
            (Outcome::Same, "unchanged"),
            (Outcome::Neutral, "neutral"),
            (Outcome::Unknown, "inconclusive"),
            (Outcome::Absent, "not compared"),
        ]
        .into_iter()
        .filter(|(outcome, _)| number(*outcome) > 0)
        .map(|(outcome, word)| format!("{} {word}", number(outcome)))
        .collect::<Vec<_>>()
        .join(", ");
        parts.push(format!("{name} {words}"));
    }
    let scope = facts::common_change_scope(report).filter(|scope| !scope.is_empty());
    let scope = scope.map_or(String::new(), |scope| format!(" ({scope})"));
    let (baseline, parts) = (&first.baseline, parts.join("; "));
    Some(format!("Against {baseline}{scope}: {parts}."))
}

fn count(number: usize, noun: &str) -> String {
    if number == 1 {
        format!("1 {noun}")
    } else {
        format!("{number} {noun}s")
    }
}

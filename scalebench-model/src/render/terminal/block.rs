//! One benchmark on the terminal.

use super::super::facts::{self, Outcome, Part};
use super::super::figure;
use super::super::visible::{visible, visible_lines};
use super::Screen;
use super::load;
use super::paint::Ink;
use super::wrap::{cells, wrap};
use crate::LOAD;
use crate::data::Status;
use crate::excerpt::{SHORT_TEXT, excerpt};
use crate::report::{Benchmark, Change, ExpectationVerdict, LawKind};

/// Where the text of a sentence begins.
const INDENT: usize = 9;

/// How much of a failed worker's output is shown; the page shows all of it.
const OUTPUT_LINES: usize = 6;

/// From this width on there is room for all that is known about the cause.
const ROOMY: usize = 120;

/// The lines of one benchmark: heading, a line a thread count, what the curve does, cause, law, change.
pub(super) fn block(benchmark: &Benchmark, screen: &Screen<'_>) -> Vec<String> {
    let mut lines = heading(benchmark, screen);
    let title = screen.columns.own_title(benchmark);
    lines.extend(title.map(|title| screen.painter.paint(Ink::Dim, &title)));
    for point in &benchmark.points {
        lines.push(
            screen
                .columns
                .line(point, benchmark, screen.glyphs, screen.painter),
        );
    }
    if LOAD {
        lines.extend(load::lines(benchmark, screen));
    }
    if benchmark.status != Status::Ok {
        lines.extend(failure(benchmark, screen));
    } else if benchmark.points.is_empty() && benchmark.load.is_empty() {
        lines.extend(sentence(
            "note",
            "no points were measured",
            Ink::Caution,
            screen,
        ));
    }
    if let Some(summary) = benchmark.summary.as_ref().filter(|s| !s.is_empty()) {
        lines.extend(sentence("scaling", summary, Ink::Plain, screen));
    }
    if let Some(knee) = benchmark.load_sentence.as_ref().filter(|s| !s.is_empty()) {
        lines.extend(sentence("knee", knee, Ink::Plain, screen));
    }
    if let Some(note) = facts::timing(benchmark, screen.glyphs) {
        lines.extend(sentence("note", &note, Ink::Plain, screen));
    }
    if let Some(uneven) = &benchmark.uneven {
        lines.extend(sentence("calls", uneven, Ink::Plain, screen));
    }
    if let Some(cause) = benchmark.cause.as_ref().filter(|c| !c.sentence.is_empty()) {
        let text = if screen.width < ROOMY {
            core(&cause.sentence)
        } else {
            cause.sentence.clone()
        };
        lines.extend(sentence("cause", &text, Ink::Plain, screen));
    }
    if let Some(laws) = &benchmark.laws
        // What the points cannot carry stands on the page; here the footer counts it.
        && laws.chosen != LawKind::Unresolved
        && !laws.sentence.is_empty()
    {
        lines.extend(sentence("law", &laws.sentence, Ink::Plain, screen));
    }
    for expectation in &benchmark.expectations {
        let ink = match expectation.verdict {
            ExpectationVerdict::Failed => Ink::Bad,
            ExpectationVerdict::Undecided => Ink::Caution,
            ExpectationVerdict::Passed => Ink::Plain,
            ExpectationVerdict::NotApplicable => Ink::Dim,
        };
        lines.extend(sentence("expect", &expectation.sentence, ink, screen));
    }
    if let Some(change) = &benchmark.change {
        lines.extend(change_lines(change, screen));
    }
    lines
}

/// The id, then a rule, then law and cause in a few words where they fit.
fn heading(benchmark: &Benchmark, screen: &Screen<'_>) -> Vec<String> {
    let id = screen.text(&visible(&benchmark.id));
    let id = if id.trim().is_empty() {
        "(no name)".to_owned()
    } else {
        id
    };
    let mut lines = wrap(&id, screen.width, screen.width);
    let last = lines.pop().unwrap_or_default();
    let (short, ink) = short(benchmark, screen);
    let used = cells(&last) + 1;
    let tail = if short.is_empty() {
        0
    } else {
        cells(&short) + 1
    };
    let mut line = screen.painter.paint(Ink::Name, &last);
    let (rule, short) = if used + tail + 2 <= screen.width {
        (screen.width - used - tail, short)
    } else {
        (screen.width.saturating_sub(used), String::new())
    };
    if rule > 0 {
        let rule = screen.glyphs.rule.repeat(rule);
        line = format!("{line} {}", screen.painter.paint(Ink::Dim, &rule));
    }
    if !short.is_empty() {
        line = format!("{line} {}", screen.painter.paint(ink, &short));
    }
    let mut lines: Vec<String> = lines
        .iter()
        .map(|l| screen.painter.paint(Ink::Name, l))
        .collect();
    lines.push(line);
    lines
}

fn short(benchmark: &Benchmark, screen: &Screen<'_>) -> (String, Ink) {
    if benchmark.status != Status::Ok {
        return (facts::status_word(benchmark.status).into(), Ink::Bad);
    }
    let mut parts: Vec<String> = Vec::new();
    parts.extend(benchmark.group.as_ref().map(facts::share_of_group));
    parts.extend(facts::workers(benchmark));
    if facts::under_load(benchmark) {
        let knee = benchmark.knee_per_s.map(|e| e.estimate);
        let knee = knee.map(|per_s| format!("knee {}", figure::rate(per_s, "", screen.glyphs)));
        parts.push(knee.unwrap_or_else(|| "no knee".into()));
    }
    if let Some(laws) = benchmark
        .laws
        .as_ref()
        .filter(|l| l.chosen != LawKind::Unresolved)
    {
        parts.push(facts::law_short(laws, screen.glyphs));
    }
    if let Some(cause) = benchmark
        .cause
        .as_ref()
        .and_then(|c| facts::cause_short(c.dominant))
    {
        parts.push(cause.into());
    }
    if !screen.same_scope && !benchmark.scope.is_empty() {
        parts.push(screen.text(&visible(&benchmark.scope)));
    }
    (parts.join(&format!(" {} ", screen.glyphs.dot)), Ink::Dim)
}

/// The first sentence, without what stands in parentheses. The page has all of it; here ten benchmarks are to fit on a
/// screen.
fn core(text: &str) -> String {
    let mut core = text.find(". ").map_or(text, |end| &text[..=end]).to_owned();
    while let (Some(from), Some(to)) = (core.find(" ("), core.find(')'))
        && from < to
    {
        core.replace_range(from..=to, "");
    }
    core
}

/// A labelled sentence, wrapped, with its lines under each other.
fn sentence(label: &str, text: &str, ink: Ink, screen: &Screen<'_>) -> Vec<String> {
    let room = screen.measure.saturating_sub(INDENT);
    wrap(&screen.text(&visible(text)), room, room)
        .iter()
        .enumerate()
        .map(|(i, line)| {
            let label = if i == 0 { label } else { "" };
            let label = screen
                .painter
                .paint(Ink::Dim, &super::wrap::right(label, INDENT - 2));
            format!("{label}  {}", screen.painter.paint(ink, line))
        })
        .collect()
}

fn failure(benchmark: &Benchmark, screen: &Screen<'_>) -> Vec<String> {
    let label = facts::status_word(benchmark.status);
    let Some(failure) = &benchmark.failure else {
        return match benchmark.status {
            Status::Skipped => Vec::new(),
            _ => sentence("why", "no message", Ink::Bad, screen),
        };
    };
    let mut lines = Vec::new();
    let message = if failure.message.trim().is_empty() {
        label
    } else {
        &failure.message
    };
    let message = excerpt(message, SHORT_TEXT);
    for (i, line) in visible_lines(&message).lines().enumerate() {
        lines.extend(sentence(
            if i == 0 { "why" } else { "" },
            line,
            Ink::Bad,
            screen,
        ));
    }
    let place = failure.place.clone().or_else(|| {
        let location = &benchmark.location;
        (!location.file.is_empty()).then(|| format!("{}:{}", location.file, location.line))
    });
    if let Some(place) = place {
        lines.extend(sentence("at", &place, Ink::Plain, screen));
    }
    if let Some(output) = &failure.output {
        let skip = output.lines().count().saturating_sub(OUTPUT_LINES);
        let last: Vec<&str> = output.lines().skip(skip).collect();
        let last = visible_lines(&excerpt(&last.join("\n"), SHORT_TEXT));
        for (i, line) in last.lines().enumerate() {
            lines.extend(sentence(
                if i == 0 { "output" } else { "" },
                line,
                Ink::Dim,
                screen,
            ));
        }
    }
    lines
}

/// The two factors on one line, then the sentence.
fn change_lines(change: &Change, screen: &Screen<'_>) -> Vec<String> {
    let glyphs = screen.glyphs;
    // The sentence gives the intervals; without one they stand here.
    let bare = change.sentence.is_empty();
    let factor = |part: &Part<'_>| match bare {
        true => part.factor_estimate(glyphs),
        false => part.factor(glyphs),
    };
    let parts = Part::of(change).map(|part| {
        let text = format!(
            "{} {} {} {}",
            part.arrow(glyphs),
            part.name(),
            factor(&part),
            part.word
        );
        let ink = match (part.outcome, part.factor) {
            (Outcome::Worse, _) => Ink::Bad,
            (Outcome::Better, facts::Factor::Performance) => Ink::Performance,
            (Outcome::Better, facts::Factor::Scalability) => Ink::Scalability,
            (Outcome::Small | Outcome::Neutral, _) => Ink::Plain,
            (Outcome::Same | Outcome::Unknown | Outcome::Absent, _) => Ink::Dim,
        };
        (text, ink)
    });
    let label = screen
        .painter
        .paint(Ink::Dim, &super::wrap::right("change", INDENT - 2));
    let [performance, scalability] = parts
        .each_ref()
        .map(|(text, ink)| screen.painter.paint(*ink, text));
    let mut lines = if INDENT + cells(&parts[0].0) + 3 + cells(&parts[1].0) <= screen.width {
        vec![format!("{label}  {performance}   {scalability}")]
    } else {
        let indent = " ".repeat(INDENT);
        vec![
            format!("{label}  {performance}"),
            format!("{indent}{scalability}"),
        ]
    };
    if !change.sentence.is_empty() {
        lines.extend(sentence("", &change.sentence, Ink::Plain, screen));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::core;

    #[test]
    fn the_core_of_a_sentence_has_no_asides() {
        let long = "At 2 threads a call takes 5.5 ns longer: 91 % on the CPU (caches, retries), 9 % blocked. More.";
        assert_eq!(
            core(long),
            "At 2 threads a call takes 5.5 ns longer: 91 % on the CPU, 9 % blocked."
        );
        assert_eq!(
            core("At 4 (2 x 2) it waits (for A), (B)."),
            "At 4 it waits,."
        );
        assert_eq!(core("Odd ) and ( here."), "Odd ) and ( here.");
        assert_eq!(core(""), "");
    }
}

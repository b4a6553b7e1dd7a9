//! The table on the terminal.

use proptest::prelude::*;
use scalebench_model::render::{TerminalStyle, history, terminal};
use scalebench_model::report::Report;
use unicode_width::UnicodeWidthStr;

use crate::fixture;

const PLAIN: TerminalStyle = TerminalStyle {
    width: 80,
    color: false,
    unicode: true,
};

#[test]
fn in_80_columns() {
    insta::assert_snapshot!(terminal(&fixture::everything(), &PLAIN));
}

#[test]
fn in_ascii_on_60_columns() {
    let style = TerminalStyle {
        width: 60,
        unicode: false,
        ..PLAIN
    };
    insta::assert_snapshot!(terminal(&fixture::everything(), &style));
}

#[test]
fn in_color_on_120_columns() {
    let style = TerminalStyle {
        width: 120,
        color: true,
        ..PLAIN
    };
    let text = terminal(&fixture::report(fixture::story()), &style);
    insta::assert_snapshot!(text.replace('\u{1b}', "ESC"));
}

#[test]
fn hostile_names_in_80_columns() {
    insta::assert_snapshot!(terminal(&fixture::report(fixture::hostile()), &PLAIN));
}

#[test]
fn a_history_in_80_columns() {
    let benchmarks = vec![fixture::over_runs(9), fixture::parallel_sort()];
    insta::assert_snapshot!(history(&fixture::report(benchmarks), &PLAIN));
}

#[test]
fn a_history_fits_narrow_terminals_and_hostile_names() {
    let mut benchmarks = vec![fixture::over_runs(30)];
    for name in fixture::HOSTILE {
        let mut hostile = fixture::over_runs(6);
        hostile.id = name.into();
        if let Some(revision) = &mut hostile.history[0].revision {
            revision.commit = name.into();
        }
        benchmarks.push(hostile);
    }
    let report = fixture::report(benchmarks);
    for (width, unicode, color) in [(20, false, false), (60, true, false), (80, false, true)] {
        let style = TerminalStyle {
            width,
            color,
            unicode,
        };
        for line in without_color(&history(&report, &style)).lines() {
            assert!(line.width() <= width.max(60), "{line}");
            assert!(unicode || line.is_ascii(), "{line}");
            assert!(!line.contains('\u{202e}'), "{line}");
        }
    }
}

/// The text without the codes that set colours.
fn without_color(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("\u{1b}[") {
        out.push_str(&rest[..at]);
        let end = rest[at..].find('m').expect("every code ends");
        rest = &rest[at + end + 1..];
    }
    out + rest
}

fn check(report: &Report, width: usize, unicode: bool) {
    let plain = terminal(
        report,
        &TerminalStyle {
            width,
            color: false,
            unicode,
        },
    );
    for line in plain.lines() {
        let cells = UnicodeWidthStr::width(line);
        assert!(cells <= width.max(60), "{cells} cells on {width}: {line:?}");
        assert!(!line.ends_with(' '), "trailing space: {line:?}");
        assert!(!line.contains(char::is_control), "{line:?}");
    }
    assert!(unicode || plain.is_ascii(), "{plain}");
    let color = TerminalStyle {
        width,
        color: true,
        unicode,
    };
    assert_eq!(without_color(&terminal(report, &color)), plain);
}

#[test]
fn lines_fit_whatever_the_width() {
    for width in [0, 60, 61, 72, 80, 81, 99, 120, 200, 500] {
        for unicode in [true, false] {
            check(&fixture::everything(), width, unicode);
            check(&fixture::report(fixture::hostile()), width, unicode);
            check(&fixture::report(vec![]), width, unicode);
        }
    }
}

proptest! {
    #[test]
    fn lines_fit_whatever_is_reported(
        name in "\\PC{0,80}",
        sentence in ".{0,200}",
        latency in prop::num::f64::ANY,
        half in 0.0..2.0,
        work in prop::num::f64::POSITIVE,
        width in 60_usize..160,
        unicode: bool,
    ) {
        let mut benchmarks = fixture::hostile();
        for b in &mut benchmarks {
            b.id.clone_from(&name);
            b.work = Some(scalebench_model::data::Work::Items(work));
            b.summary = Some(sentence.clone());
            if let Some(cause) = &mut b.cause {
                cause.sentence.clone_from(&sentence);
            }
            for p in &mut b.points {
                p.latency_ns = fixture::about(latency, half);
                p.throughput_per_s = fixture::about(1e9 / latency, half);
            }
        }
        check(&fixture::report(benchmarks), width, unicode);
    }
}

#[test]
fn ten_benchmarks_at_two_thread_counts_fit_on_a_screen() {
    let benchmarks = (0..10)
        .map(|i| {
            let mut b = fixture::story().remove(0);
            b.id = format!("maps::dashmap_insert_{i}");
            b.points.truncate(2);
            b.laws = None;
            b.change = None;
            b
        })
        .collect();
    let text = terminal(&fixture::report(benchmarks), &PLAIN);
    let lines = text.lines().count();
    assert!(lines <= 65, "{lines} lines");
}

#[test]
fn the_story_can_be_told_apart() {
    let text = terminal(&fixture::report(fixture::story()), &PLAIN);
    let line = |part: &str| {
        text.lines()
            .find(|l| l.contains(part))
            .expect("the line is there")
    };
    assert!(line("performance ×2.00").contains("scalability ×1.000 unchanged"));
    assert!(line("scalability ×2.00").contains("performance ×1.000 unchanged"));
}

#[test]
fn what_was_not_measured_has_no_figures() {
    let text = terminal(&fixture::report(fixture::awkward()), &PLAIN);
    let line = text
        .lines()
        .find(|l| l.contains("not measured"))
        .expect("the line is there");
    assert_eq!(line.trim(), "2  not measured: disturbed 99 % of the time");
}

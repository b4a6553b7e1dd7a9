//! N = 1 that nobody asked for is named and drawn lightly.

use scalebench_model::data::Mode;
use scalebench_model::render::{TerminalStyle, csv, html, json, markdown, terminal};
use scalebench_model::report::{Flag, Report};

use crate::fixture::{self, curve};

fn report(reference: bool) -> Report {
    let mut benchmark = curve("maps::insert", Mode::Concurrent, &[1, 4], |n| 100.0 + n);
    if reference {
        benchmark.points[0].flags.push(Flag::Reference);
    }
    fixture::report(vec![benchmark])
}

fn row(report: &Report) -> String {
    let style = TerminalStyle {
        width: 100,
        color: false,
        unicode: true,
    };
    let text = terminal(report, &style);
    let mut lines = text.lines().map(str::trim_start);
    let row = lines.find(|line| line.starts_with("1  ")).expect("a row");
    row.to_owned()
}

#[test]
fn the_table_names_it_and_draws_no_bar() {
    let (usual, light) = (row(&report(false)), row(&report(true)));
    assert!(
        usual.contains("100 %") && usual.contains('\u{2588}'),
        "{usual}"
    );
    assert!(
        light.contains("reference") && !light.contains('\u{2588}'),
        "{light}"
    );
}

#[test]
fn the_page_draws_it_lightly() {
    let page = |reference| html(&report(reference)).expect("a page");
    let light = [
        "<tr class=rf><th scope=row>1</th>",
        "<path class=\"i rf\" d=",
    ];
    for mark in light {
        assert!(page(true).contains(mark), "{mark}");
        assert!(!page(false).contains(mark), "{mark}");
    }
    assert!(page(true).contains("reference: not among the counts asked for"));
}

#[test]
fn the_other_formats_carry_it() {
    assert!(markdown(&report(true)).contains("(reference)"));
    assert!(!markdown(&report(false)).contains("(reference)"));
    assert!(csv(&report(true)).contains(",true,reference,"));
    let back: Report = serde_json::from_str(&json(&report(true))).expect("a report");
    assert_eq!(back.benchmarks[0].points[0].flags, [Flag::Reference]);
}

//! The summary in Markdown.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use scalebench_model::render::markdown;

use crate::fixture;

#[test]
fn of_everything() {
    insta::assert_snapshot!(markdown(&fixture::everything()));
}

#[test]
fn of_hostile_names() {
    insta::assert_snapshot!(markdown(&fixture::report(fixture::hostile())));
}

#[test]
fn of_nothing() {
    insta::assert_snapshot!(markdown(&fixture::report(vec![])));
}

/// The cells of each row of the table as a reader sees them.
fn cells(text: &str) -> Vec<Vec<String>> {
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut inside = false;
    for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::TableHead | Tag::TableRow) => rows.push(vec![]),
            Event::Start(Tag::TableCell) => {
                inside = true;
                rows.last_mut().expect("a row").push(String::new());
            }
            Event::End(TagEnd::TableCell) => inside = false,
            Event::Text(t) | Event::Code(t) if inside => {
                rows.last_mut()
                    .expect("a row")
                    .last_mut()
                    .expect("a cell")
                    .push_str(&t);
            }
            _ => {}
        }
    }
    rows
}

#[test]
fn the_table_holds_whatever_the_names() {
    let report = fixture::report(fixture::hostile());
    let rows = cells(&markdown(&report));
    assert_eq!(rows.len(), report.benchmarks.len() + 1);
    assert!(rows.iter().all(|r| r.len() == 8), "{rows:?}");
    let names: Vec<&str> = rows.iter().map(|r| r[0].as_str()).collect();
    for shown in [
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>'",
        "two\\nlines | and a pipe",
        "nul\\u{0}and\\u{1b}[31mred",
        "emoji 👩‍🔬🧵 日本語",
        "`code` *bold* [link](javascript:alert(1)) @someone #1",
        "{template} {{ if x }} </style></script><!-- ]]> &amp; \\| end\\",
        "(no name)",
    ] {
        assert!(names.contains(&shown), "{shown} is not among {names:?}");
    }
}

#[test]
fn nothing_in_a_name_becomes_markup() {
    let text = markdown(&fixture::report(fixture::hostile()));
    for event in Parser::new_ext(&text, Options::ENABLE_TABLES | Options::ENABLE_GFM) {
        match event {
            Event::Html(html) => panic!("a block of HTML: {html}"),
            Event::InlineHtml(html) => assert!(["<code>", "</code>"].contains(&&*html), "{html}"),
            Event::Start(Tag::Link { .. } | Tag::Image { .. }) => panic!("a link or image"),
            _ => {}
        }
    }
}

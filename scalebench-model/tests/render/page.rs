//! The page.

use scalebench_model::change::Scope;
use scalebench_model::data::{Mode, Status};
use scalebench_model::render::html;
use scalebench_model::report::{Benchmark, Report};
use sha2::{Digest, Sha256};

use crate::fixture;

fn page(report: &Report) -> String {
    html(report).expect("the page is drawn")
}

/// What stands between two strings.
fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    let from = text.find(start).expect("the start is there") + start.len();
    let to = text[from..].find(end).expect("the end is there") + from;
    &text[from..to]
}

/// The page without its style sheet and script, which would only make snapshots long.
fn content(report: &Report) -> String {
    let page = page(report);
    let style = between(&page, "<style>", "</style>");
    let script = between(&page, "<script>", "</script>");
    let policy = between(&page, "http-equiv=Content-Security-Policy", ">");
    page.replace(style, "…")
        .replace(script, "…")
        .replace(policy, " …")
}

#[test]
fn of_the_story() {
    insta::assert_snapshot!(content(&fixture::report(fixture::story())));
}

#[test]
fn a_comparison_may_have_gone_on_beyond_its_plan() {
    let mut report = fixture::report(fixture::story());
    assert!(content(&report).contains(", in 5 launches of 10 rounds"));
    let change = report.benchmarks.iter_mut().find_map(|b| b.change.as_mut());
    let change = change.expect("the story compares");
    change.scope = format!("{}; and more", Scope::Paired.words());
    assert!(content(&report).contains(", planned as 5 launches of 10 rounds"));
}

#[test]
fn of_a_map_and_a_sort() {
    let benchmarks = vec![fixture::parallel_sort(), fixture::usl_map()];
    insta::assert_snapshot!(content(&fixture::report(benchmarks)));
}

#[test]
fn of_a_history() {
    insta::assert_snapshot!(content(&fixture::report(vec![fixture::over_runs(9)])));
}

#[test]
fn of_several_values() {
    let page = content(&fixture::report(fixture::values()));
    let sections: Vec<&str> = page
        .split("<section ")
        .filter(|section| section.contains("class=values"))
        .collect();
    insta::assert_snapshot!(sections.join("\n"));
}

#[test]
fn several_values_stand_before_the_first_of_them_by_size() {
    let page = page(&fixture::report(fixture::values()));
    let ids: Vec<&str> = page
        .split("<section id=\"")
        .skip(1)
        .map(|rest| &rest[..rest.find('"').expect("the id ends")])
        .collect();
    assert_eq!(
        ids,
        [
            "v0", "b0", "b1", "b2", "b3", "b4", "b5", "v6", "b6", "b7", "b8", "b9", "b10"
        ]
    );
    let family = between(&page, "<section id=\"v0\"", "</section>");
    assert!(family.contains("5 values of size") && family.contains("1 without figures"));
    let sizes: Vec<&str> = family
        .split("<bdi>size = ")
        .skip(1)
        .map(|rest| &rest[..rest.find('<').expect("the value ends")])
        .collect();
    assert_eq!(sizes, ["16", "256", "4096", "65536", "1048576"]);
    let family = between(&page, "<section id=\"v6\"", "</section>");
    assert!(family.contains("4 combinations of kind and senders"));
    assert_eq!(family.matches("<svg ").count(), 4);
}

#[test]
fn one_run_has_no_history_on_the_page() {
    let page = page(&fixture::report(fixture::story()));
    assert!(!page.contains("<h3>History") && !page.contains("svg class=c data-k=h"));
}

#[test]
fn of_hostile_names() {
    insta::assert_snapshot!(content(&fixture::report(fixture::hostile())));
}

#[test]
fn of_nothing() {
    insta::assert_snapshot!(content(&fixture::report(vec![])));
}

#[test]
fn one_thread_is_no_statement_about_scaling() {
    let mut alone = fixture::story().remove(0);
    alone.points.truncate(1);
    if let Some(change) = &mut alone.change {
        change.threads = 1;
    }
    let page = page(&fixture::report(vec![alone]));
    assert!(!page.contains("1 threads") && !page.contains("efficiency at 1"));
    assert!(page.contains("at 1 thread<"));
    assert!(page.contains("<dd>1.00 ms"));
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let word =
            chunk.iter().fold(0_u32, |w, b| (w << 8) | u32::from(*b)) << (8 * (3 - chunk.len()));
        for i in 0..4 {
            let digit = DIGITS[(word >> (18 - 6 * i)) as usize & 63];
            out.push(if i <= chunk.len() {
                char::from(digit)
            } else {
                '='
            });
        }
    }
    out
}

#[test]
fn the_policy_names_the_style_sheet_and_the_script() {
    let page = page(&fixture::report(vec![]));
    let policy = between(&page, "Content-Security-Policy content=\"", "\"");
    for (directive, constant, text) in [
        (
            "style-src",
            "STYLE_HASH",
            between(&page, "<style>", "</style>"),
        ),
        (
            "script-src",
            "SCRIPT_HASH",
            between(&page, "<script>", "</script>"),
        ),
    ] {
        let hash = base64(&Sha256::digest(text));
        let named = policy.contains(&format!("{directive} &#39;sha256-{hash}&#39;"));
        assert!(
            named,
            "in render/html/policy.rs write {constant}: \"{hash}\""
        );
    }
    assert!(policy.starts_with("default-src &#39;none&#39;;"));
}

#[test]
fn nothing_is_loaded() {
    let page = page(&fixture::everything());
    // The namespace of SVG is a name and not an address.
    let page = page.replace("http://www.w3.org/2000/svg", "");
    for sign in [
        "http:", "https:", "//cdn", "@import", "src=", "data:", "<link", "<img", "<iframe",
    ] {
        assert!(!page.contains(sign), "{sign}");
    }
    for part in page.split("url(").skip(1) {
        assert!(part.starts_with('#'), "url({}", &part[..20]);
    }
    for part in page.split("href=").skip(1) {
        assert!(
            part.trim_start_matches('"').starts_with('#'),
            "href={}",
            &part[..20]
        );
    }
}

#[test]
fn a_page_of_30_benchmarks_is_small() {
    // As many as there are histories for, and more.
    for count in [18, 30] {
        let page = page(&fixture::many(count));
        assert!(page.len() < 410_000, "{count}: {} bytes", page.len());
        assert_eq!(page.contains("<h3>History"), count == 18);
        assert_eq!(page.contains("the history is left out"), count == 30);
    }
    let page = page(&fixture::many_values(30));
    assert!(page.len() < 410_000, "with values: {} bytes", page.len());
    assert_eq!(page.matches("class=values").count(), 6);
}

#[test]
fn a_page_of_1000_benchmarks_is_not_too_large() {
    for report in [fixture::many(1000), fixture::many_values(1000)] {
        let page = page(&report);
        assert!(page.len() < 6_000_000, "{} bytes", page.len());
        assert!(!page.contains("class=values") && page.contains("the smaller charts"));
    }
}

/// How many sections of benchmarks a page has, how many rows, and how many of these lead to a section.
fn counts(page: &str) -> [usize; 3] {
    let table = between(page, "<tbody>", "</tbody>");
    let of = |text: &str, sign: &str| text.matches(sign).count();
    [
        of(page, "<section id=\"b"),
        of(table, "<th scope=row>"),
        of(table, "<a href=\"#b"),
    ]
}

#[test]
fn a_page_of_many_thousands_has_sections_of_the_most_noteworthy() {
    // Skipped ones are the least noteworthy, the three of the story changed or scale badly, and one failed.
    let many = |count: usize| {
        let skipped = |i: usize| fixture::ended(&format!("skipped::{i:05}"), Status::Skipped, None);
        let mut benchmarks: Vec<Benchmark> = (0..count).map(skipped).collect();
        benchmarks.extend(fixture::story());
        benchmarks.push(fixture::ended("z::failed", Status::Failed, None));
        page(&fixture::report(benchmarks))
    };
    let full = many(1_996);
    assert_eq!(counts(&full), [2_000; 3]);
    assert!(!full.contains("most noteworthy"));
    let partial = many(2_500);
    assert_eq!(counts(&partial), [2_000, 2_504, 2_000]);
    assert!(partial.contains("Of 2504 benchmarks, the 2000 most noteworthy have charts"));
    assert!(partial.contains("--filter NAME") && !partial.contains("The table holds"));
    for id in ["story::faster", "story::service", "z::failed"] {
        let heading = format!("<bdi>{id}</bdi></a>");
        assert!(partial.contains(&heading), "{id}");
    }
    let huge = many(25_000);
    assert_eq!(counts(&huge), [2_000, 20_000, 2_000]);
    assert!(huge.contains("The table holds the first 20000 by the same rule."));
    assert!(huge.contains("story::<wbr>wider") && huge.contains("z::<wbr>failed"));
    assert!(huge.len() < 15_000_000, "{} bytes", huge.len());
}

#[test]
fn what_failed_then_what_changed_then_what_scales_worst_is_noteworthy() {
    // The first twelve scale well, of which one got worse and one better; the next eight scale badly.
    let scaling = |i: usize| {
        let together = if i < 12 { 110.0 } else { 200.0 };
        let latency = |n: f64| if n > 1.0 { together } else { 100.0 };
        fixture::curve(&format!("b{i:02}"), Mode::Concurrent, &[1, 2], latency)
    };
    let mut benchmarks: Vec<Benchmark> = (0..20).map(scaling).collect();
    for (place, donor) in [(1, fixture::usl_map()), (2, fixture::story().remove(0))] {
        benchmarks[place].change = donor.change;
    }
    // These leave room for ten others.
    let failed = |i: usize| fixture::ended(&format!("failed::{i:04}"), Status::TimedOut, None);
    benchmarks.extend((0..1_990).map(failed));
    let page = page(&fixture::report(benchmarks));
    let has = |place: usize| page.contains(&format!("<section id=\"b{place}\""));
    let shown: Vec<usize> = (0..20).filter(|place| has(*place)).collect();
    assert_eq!(shown, [1, 2, 12, 13, 14, 15, 16, 17, 18, 19]);
    assert!((20..2_010).all(has));
}

/// A page of 1,000 benchmarks is drawn in less than a second.
///
/// `cargo test --release -p scalebench-model --test render a_page_of_1000_benchmarks_is_drawn -- --ignored --nocapture`
#[test]
#[ignore = "measures time"]
fn a_page_of_1000_benchmarks_is_drawn_in_a_second() {
    let report = fixture::many(1000);
    let start = std::time::Instant::now();
    let bytes = page(&report).len();
    let took = start.elapsed();
    println!("{bytes} bytes in {took:?}");
    assert!(took.as_secs_f64() < 1.0);
}

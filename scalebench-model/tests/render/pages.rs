//! Pages for a browser to look at.

use std::path::PathBuf;

use scalebench_model::data::Status;
use scalebench_model::render::html;

use crate::fixture;

/// Writes the pages that the browser tests open into the folder that `SCALEBENCH_PAGES` names.
///
/// Where `SCALEBENCH_REPORT` names a `report.json`, it is drawn too, as `given.html`: for the pictures of the documentation.
///
/// `SCALEBENCH_PAGES=DIR cargo test -p scalebench-model --test render write_pages -- --ignored`
#[test]
#[ignore = "writes files for the browser tests"]
fn write_pages() {
    let folder = PathBuf::from(
        std::env::var_os("SCALEBENCH_PAGES").expect("SCALEBENCH_PAGES names a folder"),
    );
    let mut pages = vec![
        ("everything", fixture::everything()),
        (
            "map",
            fixture::report(vec![fixture::usl_map(), fixture::parallel_sort()]),
        ),
        ("story", fixture::report(fixture::story())),
        ("load", {
            let mut benchmarks = fixture::under_load();
            benchmarks.extend(fixture::story());
            fixture::report(benchmarks)
        }),
        ("values", fixture::report(fixture::values())),
        (
            "values-under-load",
            fixture::report(fixture::values_under_load()),
        ),
        ("hostile", fixture::report(fixture::hostile())),
        ("many", fixture::many(1000)),
        ("thousands", {
            let skipped =
                |i: usize| fixture::ended(&format!("skipped::{i:04}"), Status::Skipped, None);
            let mut benchmarks = fixture::story();
            benchmarks.extend((0..2_500).map(skipped));
            fixture::report(benchmarks)
        }),
        ("thirty", fixture::many(30)),
        ("thirty-values", fixture::many_values(30)),
        ("empty", fixture::report(vec![])),
    ];
    if let Some(path) = std::env::var_os("SCALEBENCH_REPORT") {
        let text = std::fs::read_to_string(path).expect("the report can be read");
        let report = serde_json::from_str(&text).expect("it is a report");
        pages.push(("given", report));
    }
    for (name, report) in pages {
        let page = html(&report).expect("the page is drawn");
        println!("{name}: {} bytes", page.len());
        std::fs::write(folder.join(name).with_extension("html"), page)
            .expect("the folder can be written");
    }
}

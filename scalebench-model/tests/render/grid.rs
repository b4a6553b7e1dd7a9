//! Benchmarks whose points count callers of a grid say which are how many processes and threads.

use scalebench_model::data::{Axis, Grid, Mode, Parameter};
use scalebench_model::render::{TerminalStyle, html, terminal};
use scalebench_model::report::{Benchmark, Report};

use crate::fixture::{self, curve};

/// With `each` threads in a process, and 1, 2 and 4 processes.
fn of(each: u32) -> Benchmark {
    let mut counts = vec![1, each, 2 * each, 4 * each];
    counts.dedup();
    let id = format!("service::call/threads={each}");
    let mut benchmark = Benchmark {
        axis: Axis::Callers,
        threads_per_process: Some(each),
        parameters: vec![Parameter {
            name: "threads".into(),
            value: each.to_string(),
        }],
        ..curve(&id, Mode::Concurrent, &counts, |n| 2e6 * n)
    };
    for point in &mut benchmark.points {
        point.grid = Grid::of(point.threads, each);
    }
    benchmark
}

fn report() -> Report {
    fixture::report(vec![of(1), of(2)])
}

#[test]
fn the_table_says_what_the_callers_are() {
    let style = TerminalStyle {
        width: 80,
        color: false,
        unicode: true,
    };
    let table = terminal(&report(), &style);
    assert!(table.contains("callers"), "{table}");
    assert!(!table.contains("threads   latency"), "{table}");
    let legend = "8 = 4x2 callers: 4 processes x 2 threads.";
    assert!(table.contains(legend), "{table}");
    let first_cell = |line: &str| line.trim_start().split("  ").next().map(str::to_owned);
    let cells: Vec<String> = table.lines().filter_map(first_cell).collect();
    for cell in [
        "1 = 1x1", "2 = 2x1", "4 = 4x1", "2 = 1x2", "4 = 2x2", "8 = 4x2",
    ] {
        assert!(cells.iter().any(|each| each == cell), "{cell}: {table}");
    }
}

#[test]
fn the_page_says_so_too_and_shows_them_side_by_side() {
    let page = html(&report()).expect("a page");
    for words in [
        "<th>Callers</th>",
        "<th scope=row>8 = 4x2</th>",
        "callers = processes x 2 threads",
        ">callers</text>",
        "efficiency at 8 callers",
        "2 values of threads",
    ] {
        assert!(page.contains(words), "{words}");
    }
    assert!(!page.contains("<th>Processes</th>") && !page.contains("<th>Threads</th>"));
}

#[test]
fn json_says_so_of_every_point_and_can_be_read_back() {
    let report = report();
    let text = serde_json::to_string(&report).expect("JSON");
    assert!(
        text.contains(r#""threads":8,"grid":{"processes":4,"threads_per_process":2}"#),
        "{text}"
    );
    assert!(text.contains(r#""axis":"callers","threads_per_process":2"#));
    let back: Report = serde_json::from_str(&text).expect("a report");
    assert_eq!(back.benchmarks[1].points[3].grid, Grid::of(8, 2));
}

//! Benchmarks whose points count tasks say so wherever others say threads.

use scalebench_model::data::{Axis, Mode};
use scalebench_model::render::{TerminalStyle, html, markdown, terminal};
use scalebench_model::report::Benchmark;

use crate::fixture::{self, curve};

fn with_tasks() -> Benchmark {
    Benchmark {
        axis: Axis::Tasks,
        workers: Some(2),
        ..curve("service::call", Mode::Concurrent, &[1, 8, 64], |n| 2e6 * n)
    }
}

fn on_terminal(benchmarks: Vec<Benchmark>) -> String {
    let style = TerminalStyle {
        width: 80,
        color: false,
        unicode: true,
    };
    terminal(&fixture::report(benchmarks), &style)
}

#[test]
fn the_page_counts_tasks() {
    let page = html(&fixture::report(vec![with_tasks()])).expect("a page");
    for words in [
        "<th>Tasks</th>",
        ">tasks</text>",
        "efficiency at 64 tasks",
        "at 64 tasks</small>",
        "2 worker threads",
    ] {
        assert!(page.contains(words), "{words}");
    }
    assert!(!page.contains(">threads</text>"));
    assert!(!page.contains("<th>Threads</th>"));
}

#[test]
fn the_table_counts_tasks() {
    let alone = on_terminal(vec![with_tasks()]);
    assert!(alone.contains("  tasks   latency"), "{alone}");
    assert!(alone.contains("2 worker threads"), "{alone}");
    let threads = Benchmark {
        axis: Axis::Threads,
        id: "other".into(),
        ..with_tasks()
    };
    let mixed = on_terminal(vec![threads, with_tasks()]);
    assert!(mixed.contains("threads   latency"), "{mixed}");
    assert!(mixed.lines().any(|line| line.trim() == "tasks"), "{mixed}");
}

#[test]
fn the_summary_counts_tasks() {
    let summary = markdown(&fixture::report(vec![with_tasks()]));
    assert!(summary.contains("at 64 tasks"), "{summary}");
}

//! `cargo scalebench history` as a process.

use std::path::Path;
use std::process::{Command, Output};

use scalebench_model::laws::Usl;
use scalebench_model::report::Report;
use scalebench_model::simulate::{Noise, Simulation, Truth, run};
use scalebench_store::{Home, run_id};

fn scalebench(home: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_cargo-scalebench"))
        .arg("scalebench")
        .args(arguments)
        .env("NO_COLOR", "1")
        .env("LC_ALL", "C.UTF-8")
        .env("SCALEBENCH_HOME", home)
        .output()
        .expect("the subcommand starts")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Saves a run of two benchmarks on that day; the first takes `latency_ns` alone.
fn save(home: &Path, day: u64, latency_ns: f64) {
    let simulation = |id: &str, latency_ns: f64| Simulation {
        noise: Noise {
            launch: 0.003,
            ..Noise::default()
        },
        seed: day,
        ..Simulation::new(
            id,
            Truth::Usl(Usl {
                lambda: 1e9 / latency_ns,
                sigma: 0.1,
                kappa: 0.0,
            }),
            &[1, 2, 4],
        )
    };
    let mut run = run(&[
        simulation("maps::insert", latency_ns),
        simulation("maps::get", 20.0),
    ]);
    run.started_unix_s = 1_772_323_200 + 86_400 * day;
    run.session = format!("session-{day}");
    run.id = run_id(run.started_unix_s, &run.session, &run.target);
    Home::at(home).save_run(&run).expect("writable");
}

#[test]
fn it_shows_runs_and_where_a_figure_changed() {
    let home = tempfile::tempdir().expect("a folder");
    for (day, latency) in (0..).zip([100.0, 100.0, 80.0, 80.0]) {
        save(home.path(), day, latency);
    }
    let output = scalebench(home.path(), &["history", "insert"]);
    let table = text(&output.stdout);
    assert!(
        output.status.success() && output.stderr.is_empty(),
        "{output:?}"
    );
    let lines: Vec<&str> = table.lines().collect();
    assert!(lines[0].contains("maps::insert") && lines[0].contains("at 4 threads"));
    assert!(!table.contains("maps::get"));
    for (line, day) in lines[1..5].iter().zip(1..) {
        assert!(line.contains(&format!("2026-03-0{day} 00:00")), "{line}");
        assert!(line.chars().count() <= 80, "{line}");
        assert_eq!(line.contains("↓ ×1.2"), day == 3, "{line}");
    }
}

#[test]
fn json_is_a_report_with_the_history_in_it() {
    let home = tempfile::tempdir().expect("a folder");
    save(home.path(), 0, 100.0);
    save(home.path(), 1, 80.0);
    let output = scalebench(home.path(), &["history", "--json", "insert", "nothing"]);
    let report: Report = serde_json::from_slice(&output.stdout).expect("a report and nothing else");
    assert_eq!(report.benchmarks.len(), 1);
    let history = &report.benchmarks[0].history;
    assert_eq!(history.len(), 2);
    assert!((history[0].latency_ns.estimate - 100.0).abs() < 2.0);
    let changed = history[1].performance_changed.expect("marked");
    assert!(changed.lower < 1.25 && changed.upper > 1.25, "{changed:?}");
}

#[test]
fn the_page_drawn_again_has_the_history() {
    let home = tempfile::tempdir().expect("a folder");
    save(home.path(), 0, 100.0);
    save(home.path(), 1, 80.0);
    assert!(scalebench(home.path(), &["report"]).status.success());
    let read = |name: &str| std::fs::read_to_string(home.path().join("report").join(name));
    let report: Report =
        serde_json::from_str(&read("report.json").expect("written")).expect("a report");
    assert_eq!(report.benchmarks[0].history.len(), 2);
}

#[test]
fn without_a_history_it_says_why() {
    let home = tempfile::tempdir().expect("a folder");
    let none = scalebench(home.path(), &["history"]);
    assert_eq!(none.status.code(), Some(4));
    assert!(text(&none.stderr).contains("no run is stored"));
    save(home.path(), 0, 100.0);
    let one = scalebench(home.path(), &["history"]);
    assert!(one.status.success() && one.stdout.is_empty());
    assert!(text(&one.stderr).contains("run `cargo bench` again"));
    let other = scalebench(home.path(), &["history", "nowhere"]);
    assert!(other.status.success() && text(&other.stderr).contains("no benchmark"));
    let usage = scalebench(home.path(), &["history", "--wat"]);
    assert_eq!(usage.status.code(), Some(2));
}

//! A call that only got faster passes the gate, though its efficiency falls; a lock held longer does not.

use scalebench_model::report::{Change, Pattern, Report, Verdict};

use super::super::project::ended;
use super::{Project, changes};

const MANIFEST: &str = r#"
[package]
name = "speedups"
version = "0.0.0"
edition = "2024"
[lib]
bench = false
[[bench]]
name = "queue"
harness = false
[dev-dependencies]
"#;

const BENCH: &str = "
use std::{sync::Mutex, thread::sleep, time::Duration};
#[scalebench::scale_bench(threads = [1, 2, 4])]
fn call(#[with(Mutex::new(()))] lock: &Mutex<()>) {
    sleep(Duration::from_micros(speedups::FREE));
    let _held = lock.lock().unwrap();
    sleep(Duration::from_micros(speedups::HELD));
}
scalebench::main!();
";

/// A call with so much work of its own, µs, before a lock that it holds so long.
fn project() -> Project {
    let project = Project::bare(MANIFEST);
    project.write("benches/queue.rs", BENCH);
    for (tag, free, held) in [
        ("before", 1_500, 1_500),
        ("faster", 900, 1_500),
        ("longer", 1_300, 1_700),
    ] {
        let made = format!("pub const FREE: u64 = {free};\npub const HELD: u64 = {held};\n");
        project.write("src/lib.rs", &made);
        project.commit(tag);
    }
    project
}

/// Compares with the gate of the recipe for CI, which is to end with `code`.
fn gated(project: &Project, old: &str, new: &str, code: i32) -> Change {
    let gate = ["--gate", "performance=2%,scalability=2%"];
    let compare = ["compare", old, new, "--bench", "queue", "--json"];
    let mut command = project.command(&[&compare[..], &gate].concat());
    let ended = ended(&mut command);
    let report: Report = serde_json::from_str(&ended.out).expect("a report");
    let (_, change) = changes(&report).next().expect("one benchmark");
    let change = change.expect("a change").clone();
    println!("{old} to {new}: {}\n{}", change.short, change.sentence);
    ended.with(code);
    change
}

/// ```sh
/// cargo test -p cargo-scalebench --test it -- --ignored --nocapture planted::speedups
/// ```
#[test]
#[ignore = "a trial of a few minutes on a quiet machine"]
fn less_work_before_a_lock_passes_the_gate_and_a_lock_held_longer_does_not() {
    let project = project();
    let faster = gated(&project, "before", "faster", 0);
    assert_eq!(faster.performance_verdict, Verdict::Changed);
    assert!((1.2..1.3).contains(&faster.performance.estimate));
    assert_eq!(faster.scalability_verdict, Verdict::Neutral);
    let pattern = faster.pattern.expect("a pattern");
    assert!(matches!(pattern, Pattern::Saturated | Pattern::Absorbed));
    // Undone, the call is slower, which the gate says; that efficiency rises with it is no gain.
    let slower = gated(&project, "faster", "before", 1);
    assert_eq!(slower.pattern, Some(Pattern::SlowerCall));
    let longer = gated(&project, "before", "longer", 1);
    assert_eq!(longer.scalability_verdict, Verdict::Changed);
    assert_eq!(longer.pattern, Some(Pattern::ScalesWorse));
}

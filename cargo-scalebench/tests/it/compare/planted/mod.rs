//! Trials: planted changes, and code that did not change, through `cargo scalebench compare`.
//!
//! They take long and want a machine that does nothing else. Each prints a table and then checks it:
//!
//! ```sh
//! cargo test -p cargo-scalebench --test it -- --ignored --nocapture --test-threads 1 planted::
//! ```
//!
//! `TRIALS=3` makes three comparisons in place of 20 (10 where nothing changed), for a look at whether it works;
//! `TRIAL_FLAGS="--ci"` measures by another plan.

mod changes;
mod peers;
mod speedups;
mod story;
mod unchanged;

use std::time::Instant;

use scalebench_model::report::{Change, Report, Verdict};

use super::project::{Ended, Project, ended};

const MANIFEST: &str = r#"
[package]
name = "planted"
version = "0.0.0"
edition = "2024"
[lib]
bench = false
[dependencies]
rayon = "1"
"#;

const OURS: &str = r#"
[[bench]]
name = "changes"
harness = false
[[bench]]
name = "varied"
harness = false
[dev-dependencies]
"#;

/// What is planted: a line of `src/lib.rs`, before and after.
const PLANTED: [(&str, &str); 6] = [
    ("SPIN: u32 = 1_000", "SPIN: u32 = 1_050"),
    ("SPIN_A_LITTLE: u32 = 1_000", "SPIN_A_LITTLE: u32 = 1_020"),
    ("HELD: u32 = 500_000", "HELD: u32 = 600_000"),
    ("NOT_HELD: u32 = 250_000", "NOT_HELD: u32 = 150_000"),
    ("COUNTED: bool = false", "COUNTED: bool = true"),
    ("SLOT_WORDS: usize = 16", "SLOT_WORDS: usize = 1"),
];

/// A project with the revisions `base` and `planted`.
fn project() -> Project {
    let project = project_with(OURS);
    project.write("benches/changes.rs", include_str!("changes_bench.rs"));
    project.write("benches/varied.rs", include_str!("varied_bench.rs"));
    let base = include_str!("library.rs");
    project.commit("base");
    let mut planted = base.to_owned();
    for (before, after) in PLANTED {
        let (before, after) = (format!("const {before}"), format!("const {after}"));
        assert!(planted.contains(&before), "{before}");
        planted = planted.replace(&before, &after);
    }
    project.write("src/lib.rs", &planted);
    project.commit("planted");
    project
}

/// A project with the ten calls, and with bench targets that the rest of its manifest names.
fn project_with(benches: &str) -> Project {
    let project = Project::bare(&format!("{MANIFEST}{benches}"));
    project.write("src/lib.rs", include_str!("library.rs"));
    project.write("src/varied.rs", include_str!("varied_library.rs"));
    project
}

/// How often to compare.
fn trials(usual: u32) -> u32 {
    let asked = std::env::var("TRIALS").ok();
    asked.map_or(usual, |text| text.parse().expect("TRIALS is a number"))
}

/// The plan to measure by; nothing is the one that everybody gets.
fn flags() -> Vec<String> {
    let flags = std::env::var("TRIAL_FLAGS").unwrap_or_default();
    flags.split_whitespace().map(str::to_owned).collect()
}

/// One comparison through the command; `None` for a benchmark that could not be compared.
fn compare(project: &Project, old: &str, new: &str, bench: &str) -> Report {
    let mut command = project.command(&["compare", old, new, "--bench", bench, "--json", "--"]);
    let ended: Ended = ended(command.args(flags())).with(0);
    serde_json::from_str(&ended.out).expect("a report")
}

/// `cargo bench` of what is checked out, in a session of its own, so that it is compared with the run before.
fn bench(project: &Project, target: &str, session: u32) {
    let mut command = project.cargo(&["bench", "--quiet", "--bench", target, "--"]);
    command
        .args(flags())
        .env("SCALEBENCH_SESSION", format!("trial-{session}"));
    ended(&mut command).with(0);
}

/// Name and change of each benchmark of a report.
fn changes(report: &Report) -> impl Iterator<Item = (String, Option<&Change>)> {
    report.benchmarks.iter().map(|benchmark| {
        let name = benchmark.id.rsplit("::").next().unwrap_or(&benchmark.id);
        (name.to_owned(), benchmark.change.as_ref())
    })
}

/// The verdict's first letter in the tables.
fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Changed => "changed",
        Verdict::Unchanged => "unchanged",
        Verdict::Small => "small",
        Verdict::Inconclusive => "inconclusive",
        Verdict::Neutral => "neutral",
    }
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// What the machine was like, for whoever reads the table.
fn machine(begin: Instant) -> String {
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let minutes = begin.elapsed().as_secs_f64() / 60.0;
    format!("{minutes:.0} min, load average at the end {}", load.trim())
}

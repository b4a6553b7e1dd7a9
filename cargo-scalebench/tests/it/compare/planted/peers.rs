//! The same unchanged code under other harnesses, each used as its own pages say.
//!
//! They know one figure, so each comparison is one verdict where ours is two. They are not dependencies of this
//! project: the trials fetch them from the registry.

use std::fs;
use std::path::PathBuf;
use std::time::Instant;

use super::unchanged::{Counts, table};
use super::{Project, ended, project_with, trials};

const PEERS: &str = r#"
[[bench]]
name = "with_criterion"
harness = false
[[bench]]
name = "with_tango"
harness = false
[dev-dependencies]
criterion = "0.8"
tango-bench = "0.9"
"#;

fn project() -> Project {
    let project = project_with(PEERS);
    project.write(
        "benches/with_criterion.rs",
        include_str!("criterion_bench.rs"),
    );
    project.write("benches/with_tango.rs", include_str!("tango_bench.rs"));
    project
}

fn say(project: &Project, arguments: &[&str]) -> String {
    let mut command = project.cargo(arguments);
    let ended = ended(command.env("CARGO_NET_OFFLINE", "false")).with(0);
    ended.out
}

fn add(counts: &mut Counts, name: &str, word: &'static str) {
    let of = counts.entry(name.to_owned()).or_default();
    *of.entry(word).or_default() += 1;
}

/// ```sh
/// cargo test -p cargo-scalebench --test it -- --ignored --nocapture planted::peers::criterion
/// ```
#[test]
#[ignore = "a trial of about 20 minutes on a quiet machine; needs the registry"]
fn criterion_against_its_run_before() {
    let project = project();
    let bench = ["bench", "--quiet", "--bench", "with_criterion"];
    say(&project, &[&bench[..], &["--no-run"]].concat());
    let begin = Instant::now();
    let mut counts = Counts::new();
    // A name that no earlier trial has used: criterion compares with whatever is there.
    let folder = project.home().join("criterion");
    for _ in 0..=trials(20) {
        let mut command = project.cargo(&bench);
        command.env("CRITERION_HOME", &folder);
        let out = ended(&mut command).with(0).out;
        let mut name = String::new();
        for line in out.lines() {
            if let Some((before, _)) = line.split_once("time:") {
                if !before.trim().is_empty() {
                    name = before.trim().to_owned();
                }
            } else if !line.starts_with(' ') && !line.trim().is_empty() && !line.contains(':') {
                name = line.trim().to_owned();
            }
            let verdict = [
                ("Performance has", "changed"),
                ("Change within noise", "small"),
                ("No change", "unchanged"),
            ];
            if let Some((_, word)) = verdict.iter().find(|(text, _)| line.contains(text)) {
                add(&mut counts, &name, word);
            }
        }
    }
    table("criterion, quiet", &counts, begin);
}

/// ```sh
/// cargo test -p cargo-scalebench --test it -- --ignored --nocapture planted::peers::tango
/// ```
#[test]
#[ignore = "a trial of a few minutes on a quiet machine; needs the registry"]
fn tango_against_itself() {
    let project = project();
    let built = say(
        &project,
        &[
            "bench",
            "--bench",
            "with_tango",
            "--no-run",
            "--message-format=json",
        ],
    );
    let program: PathBuf = built
        .lines()
        .filter(|line| line.contains("with_tango"))
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .find_map(|message| message["executable"].as_str().map(PathBuf::from))
        .expect("a program");
    let old = project.home().join("with_tango-old");
    fs::copy(&program, &old).expect("copied");
    let begin = Instant::now();
    let mut counts = Counts::new();
    for _ in 0..trials(20) {
        let old = old.to_str().expect("UTF-8");
        let arguments = [
            "bench",
            "--quiet",
            "--bench",
            "with_tango",
            "--",
            "compare",
            old,
        ];
        // It exits with 1 when it sees a regression.
        let compared = ended(&mut project.cargo(&arguments));
        for line in compared.out.lines() {
            if let Some((name, figures)) = line.split_once('[') {
                let changed = figures.trim_end().ends_with('*');
                add(
                    &mut counts,
                    name.trim(),
                    if changed { "changed" } else { "unchanged" },
                );
            }
        }
    }
    table("tango, quiet", &counts, begin);
}

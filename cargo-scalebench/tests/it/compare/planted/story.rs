//! The two improvements of the project's story, as revisions.

use scalebench_model::report::{Change, Verdict};

use super::{Project, changes, compare};

const MANIFEST: &str = r#"
[package]
name = "story"
version = "0.0.0"
edition = "2024"
[lib]
bench = false
[[bench]]
name = "story"
harness = false
[dev-dependencies]
"#;

const BENCH: &str = "
#[scalebench::scale_bench(threads = [1, 2, 4, 8], rounds = 5)]
fn call(#[with(story::service())] service: &story::Service) { service.call() }
scalebench::main!();
";

/// 2 ms a call, one at a time; then 1 ms a call; then two at a time.
fn project() -> Project {
    let project = Project::bare(MANIFEST);
    project.write("benches/story.rs", BENCH);
    let service = include_str!("../../../../../benches/support/service.rs");
    for (tag, milliseconds, at_once) in [("before", 2, 1), ("faster", 1, 1), ("wider", 2, 2)] {
        let made = format!(
            "{service}\npub fn service() -> Service {{ \
             Service::new(Duration::from_millis({milliseconds}), {at_once}) }}\n"
        );
        project.write("src/lib.rs", &made);
        project.commit(tag);
    }
    project
}

fn against_before(project: &Project, new: &str) -> Change {
    let report = compare(project, "before", new, "story");
    let (_, change) = changes(&report).next().expect("one benchmark");
    let change = change.expect("a change").clone();
    println!("{new}: {}", change.sentence);
    change
}

/// ```sh
/// cargo test -p cargo-scalebench --test it -- --ignored --nocapture planted::story
/// ```
#[test]
#[ignore = "a trial of about a minute; waits by the clock, so the machine may be busy"]
fn half_the_time_is_performance_and_two_at_once_is_scalability() {
    let project = project();
    let near = |factor: f64, by: f64| (factor / 2.0 - 1.0).abs() <= by;
    let faster = against_before(&project, "faster");
    assert_eq!(faster.threads, 8);
    assert!(near(faster.performance.estimate, 0.03));
    assert_eq!(faster.performance_verdict, Verdict::Changed);
    // The hand-over from caller to caller did not get faster, which costs a little scalability.
    assert!((0.9..1.02).contains(&faster.scalability.estimate));
    let wider = against_before(&project, "wider");
    assert_eq!(wider.performance_verdict, Verdict::Unchanged);
    assert!(near(wider.scalability.estimate, 0.08));
    assert_eq!(wider.scalability_verdict, Verdict::Changed);
}

//! Two binaries, measured side by side.

use scalebench_model::data::Status;
use scalebench_model::report::Verdict;

use crate::tries::in_three_tries;

use super::{BREAKABLE, EXTRA, Project, SERVICE, STEADY, about, planted, planted_more};

const PAIRED: &str = "paired rounds: drift of the machine hits both alike; \
                      changes count from 1 % of performance and 2 % of scalability on";

#[test]
fn a_binary_against_itself_has_not_changed() {
    let project = Project::new();
    let this = planted();
    let against = ["steady", "--against", this.to_str().expect("UTF-8")];
    project.bench(&this, &against).with(0);
    let change = project.change(STEADY);
    assert_eq!(change.scope, PAIRED);
    assert_eq!(change.baseline, this.display().to_string());
    for verdict in [change.performance_verdict, change.scalability_verdict] {
        assert_ne!(verdict, Verdict::Changed, "{}", change.sentence);
    }
}

#[test]
fn a_faster_call_is_performance_and_a_second_door_scalability() {
    in_three_tries(faster_and_wider);
}

fn faster_and_wider() {
    let project = Project::new();
    let old = planted();
    let old = old.to_str().expect("UTF-8");
    let arguments = ["service", "--against", old, "--against-name", "v1"];
    project.bench(&project.plant("faster"), &arguments).with(0);
    let faster = project.change(SERVICE);
    assert_eq!((faster.baseline.as_str(), faster.threads), ("v1", 2));
    about(2.0, faster.performance.estimate);
    about(1.0, faster.scalability.estimate);
    project.bench(&project.plant("wider"), &arguments).with(0);
    let wider = project.change(SERVICE);
    about(1.0, wider.performance.estimate);
    about(2.0, wider.scalability.estimate);
    // The old side's own figures are there for the charts.
    let old: Vec<u32> = wider.old_points.iter().map(|point| point.threads).collect();
    assert_eq!(old, [1, 2]);
}

#[test]
fn benchmarks_of_one_side_only_are_named_and_measured() {
    let project = Project::new();
    let (few, many) = (planted(), planted_more());
    let (few_name, many_name) = (few.to_str().expect("UTF-8"), many.to_str().expect("UTF-8"));
    let added = [
        "--against",
        few_name,
        "--against-name",
        "main",
        "extra",
        "steady",
    ];
    project.bench(&many, &added).with(0);
    project.warned(&format!("{EXTRA} is not in main."));
    assert_eq!(project.benchmark(EXTRA).points.len(), 2);
    assert_eq!(project.benchmark(EXTRA).change, None);
    project.change(STEADY);
    let removed = ["--against", many_name, "--against-name", "main", "e"];
    project.bench(&few, &removed).with(0);
    project.warned(&format!("{EXTRA} is in main only."));
    // A filter that leaves it out leaves out the news of it, too.
    let filtered = ["--against", many_name, "--against-name", "main", "steady"];
    project.bench(&few, &filtered).with(0);
    assert!(
        project
            .report()
            .warnings
            .iter()
            .all(|each| !each.contains(EXTRA))
    );
}

#[test]
fn an_old_side_that_fails_leaves_the_new_one_whole() {
    let project = Project::new();
    let broken = project.plant("broken");
    let against = [
        "--against",
        broken.to_str().expect("UTF-8"),
        "--against-name",
        "main",
    ];
    let ran = project.bench(
        &planted(),
        &[&against[..], &["steady", "breakable"]].concat(),
    );
    ran.with(0)
        .warned("breakable (old side): panicked: the planted panic");
    let benchmark = project.benchmark(BREAKABLE);
    assert_eq!(benchmark.status, Status::Ok);
    assert_eq!(benchmark.scope, "3 launches");
    assert_eq!(benchmark.change, None);
    project.warned(&format!(
        "{BREAKABLE} was not compared with main: there it failed"
    ));
    project.change(STEADY);
}

#[test]
fn a_new_side_that_fails_is_a_failure() {
    let project = Project::new();
    let old = planted();
    let against = ["--against", old.to_str().expect("UTF-8")];
    let ran = project.bench(
        &project.plant("broken"),
        &[&against[..], &["steady", "breakable"]].concat(),
    );
    ran.with(3);
    assert_eq!(project.benchmark(BREAKABLE).status, Status::Failed);
    project.change(STEADY);
}

#[test]
fn what_is_no_bench_binary_is_refused_before_anything_is_measured() {
    let project = Project::new();
    let text = project.home().join("text");
    std::fs::create_dir_all(project.home()).expect("made");
    std::fs::write(&text, "no program").expect("written");
    let text = text.to_str().expect("UTF-8");
    for (binary, reason) in [
        ("/bin/true", "ended by itself with exit code 0"),
        ("/no/such/file", "could not start a worker process"),
        (text, "could not start a worker process"),
    ] {
        let refused = project
            .bench(&planted(), &["steady", "--against", binary])
            .with(2);
        refused.warned(&format!(
            "`{binary}` cannot be measured beside this program: "
        ));
        refused.warned(reason);
    }
    assert_eq!(project.runs(), 0);
}

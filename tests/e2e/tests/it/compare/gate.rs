//! The gate and its exit codes.

use super::{Ended, Project, SERVICE, ended, planted};
use crate::tries::in_three_tries;

/// A project whose baseline `fast` takes half as long as the planted binary does now, so that a run of it has lost.
fn half_as_fast() -> Project {
    let project = Project::new();
    let faster = project.plant("faster");
    project
        .bench(&faster, &["service", "--save-baseline", "fast"])
        .with(0);
    project
}

fn gate(project: &Project, arguments: &[&str]) -> Ended {
    let common = ["service", "--baseline", "fast"];
    project.bench(&planted(), &[&common, arguments].concat())
}

#[test]
fn a_certain_loss_beyond_the_limit_closes_the_gate() {
    in_three_tries(certain_loss);
}

fn certain_loss() {
    let project = half_as_fast();
    let lost = gate(&project, &["--gate", "performance=5%"]).with(1);
    lost.warned(&format!("gate: {SERVICE}: performance x0.5"));
    lost.warned("more than 5.000 % lost");
    lost.warned("cargo bench -- --exact 'scalebench_e2e::planted::service' --ci");
    // The run counts and is stored all the same.
    assert_eq!(project.runs(), 2);
    gate(&project, &["--gate", "performance=60%"]).with(0);
    // A loss of performance alone is nothing to the other factor's limit.
    gate(&project, &["--gate", "scalability=40%"]).with(0);
    gate(&project, &[]).with(0);
}

#[test]
fn a_gain_leaves_the_gate_open() {
    let project = Project::new();
    project.bench(&planted(), &["service"]).with(0);
    let limits = ["service", "--gate", "performance=1%"];
    project.bench(&project.plant("faster"), &limits).with(0);
}

#[test]
fn what_the_data_cannot_tell_fails_only_the_strict_gate() {
    let project = Project::new();
    // Without intervals nothing can be told: one launch with one round.
    let little = ["service", "--launches", "1", "--rounds", "1"];
    project.bench(&planted(), &little).with(0);
    let limits = ["--gate", "performance=0%,scalability=0%"];
    project
        .bench(&planted(), &[&little[..], &limits].concat())
        .with(0);
    let strict = [&little[..], &limits, &["--gate-strict"]].concat();
    let doubtful = project.bench(&planted(), &strict).with(1);
    doubtful.warned("inconclusive, which the strict gate does not let pass");
}

#[test]
fn the_gate_annotates_the_change_on_github() {
    in_three_tries(annotated);
}

fn annotated() {
    let project = half_as_fast();
    let arguments = "--bench --launches 3 --rounds 3 --window 12ms service --baseline fast";
    let mut arguments: Vec<&str> = arguments.split(' ').collect();
    arguments.extend(["--gate", "performance=5%"]);
    let mut command = project.command(&planted(), &arguments);
    let lost = ended(command.env("GITHUB_ACTIONS", "true")).with(1);
    let annotation = lost
        .out
        .lines()
        .find(|line| line.starts_with("::error file=tests/e2e/src/planted.rs,line="));
    assert!(
        annotation.is_some_and(|line| line.contains(SERVICE)),
        "{}",
        lost.out
    );
}

#[test]
fn with_nothing_to_compare_the_gate_says_so() {
    let project = Project::new();
    let first = project
        .bench(&planted(), &["service", "--gate", "performance=5%"])
        .with(0);
    first.warned("gate: nothing to compare with yet, so nothing was judged");
}

#[test]
fn a_baseline_is_judged_by_what_is_expected_of_it() {
    let project = Project::new();
    let saved = [
        "service",
        "--save-baseline",
        "now",
        "--expect",
        "latency < 1s",
    ];
    project.bench(&planted(), &saved).with(0);
    let again = |more: &[&str]| {
        let load = ["service", "--load-baseline", "now"];
        project.bench(&planted(), &[&load[..], more].concat())
    };
    again(&[]).with(0);
    let missed = again(&["--expect", "latency < 1ms"]).with(1);
    missed.warned(&format!("gate: {SERVICE}: latency < 1ms failed"));
    assert!(
        missed.out.contains("Expectations: 1 failed, 1 passed."),
        "{}",
        missed.out
    );
}

#[test]
fn limits_without_sense_are_refused() {
    let project = Project::new();
    for limits in [
        "performance",
        "speed=5%",
        "performance=-5%",
        "performance=5%;",
    ] {
        let refused = project
            .bench(&planted(), &["service", "--gate", limits])
            .with(2);
        refused.warned("performance=5%,scalability=5%");
    }
    assert_eq!(project.runs(), 0);
}

//! What changed under load: a faster call is performance, another server scalability.

use scalebench_model::build::report;
use scalebench_model::change::{Comparison, Scope, Thresholds};
use scalebench_model::data::Run;
use scalebench_model::gate::{Limits, violations};
use scalebench_model::report::{Report, Verdict};
use scalebench_model::simulate::{LoadSimulation, Service};

use crate::load::{covers, ladder, run};

fn compare(old: &LoadSimulation, new: &LoadSimulation) -> Report {
    let old = [run(old)];
    let comparison = Comparison {
        baseline: "before",
        scope: Scope::Saved,
        runs: &old,
        thresholds: Thresholds::of(Scope::Saved),
    };
    report(&[run(new)], Some(&comparison))
}

/// Many calls, so that verdicts are certain.
fn long(mean_ns: f64, servers: u32, seed: u64) -> LoadSimulation {
    LoadSimulation {
        servers,
        service: Service::Constant,
        arrivals: 3_000,
        launches: 6,
        rounds: 4,
        rates: ladder(1e9 / mean_ns * f64::from(servers)),
        seed,
        ..LoadSimulation::new("server", mean_ns, &[])
    }
}

#[test]
fn a_faster_call_is_performance_alone() {
    let report = compare(&long(2e6, 1, 1), &long(1e6, 1, 2));
    let change = report.benchmarks[0].change.as_ref().expect("a change");
    assert_eq!(change.performance_verdict, Verdict::Changed);
    assert!(
        (change.performance.estimate - 2.0).abs() < 0.01,
        "{:?}",
        change.performance
    );
    assert!(
        (change.throughput.estimate / 2.0 - 1.0).abs() < 0.03,
        "{:?}",
        change.throughput
    );
    let product = change.performance.estimate * change.scalability.estimate;
    assert!(
        (product / change.throughput.estimate - 1.0).abs() < 1e-9,
        "T = P + E"
    );
    assert!(covers(&change.scalability, 1.0), "{:?}", change.scalability);
    assert_eq!(
        change.scalability_verdict,
        Verdict::Unchanged,
        "{}",
        change.sentence
    );
    assert!(
        change
            .sentence
            .starts_with("Under load: the knee moved from 3"),
        "{}",
        change.sentence
    );
    assert!(
        change
            .sentence
            .contains("(call 2.0 → 1.0 ms unloaded); scalability unchanged"),
        "{}",
        change.sentence
    );
    assert!(
        change.sentence.ends_with("All of the gain is performance."),
        "{}",
        change.sentence
    );
    let load = change.load.as_ref().expect("load");
    assert!(load.knees_compared && load.old_points.len() == 10);
}

#[test]
fn a_second_server_is_scalability_alone() {
    let report = compare(&long(2e6, 1, 1), &long(2e6, 2, 2));
    let change = report.benchmarks[0].change.as_ref().expect("a change");
    assert_eq!(change.performance_verdict, Verdict::Unchanged);
    assert_eq!(change.scalability_verdict, Verdict::Changed);
    // More than twice: two servers with one queue also share the waiting, so each can be kept busier.
    let factor = change.scalability.estimate;
    assert!((2.1..2.5).contains(&factor), "{factor}");
    let limits = Limits::parse("scalability=5%").expect("limits");
    assert!(violations(&report, &limits).is_empty());
    let back = compare(&long(2e6, 2, 2), &long(2e6, 1, 1));
    let lost = violations(&back, &limits);
    assert_eq!(lost.len(), 1);
    assert!(
        lost[0].certain && lost[0].sentence.contains("scalability x0.4"),
        "{}",
        lost[0].sentence
    );
}

#[test]
fn without_both_knees_only_performance_is_compared() {
    let low = LoadSimulation {
        rates: vec![50.0, 100.0],
        ..long(1e6, 1, 3)
    };
    let report = compare(&long(2e6, 1, 1), &low);
    let change = report.benchmarks[0].change.as_ref().expect("a change");
    assert_eq!(change.performance_verdict, Verdict::Changed);
    assert_eq!(change.scalability_verdict, Verdict::Inconclusive);
    assert_eq!(
        (change.scalability.estimate, change.scalability.level),
        (1.0, 0.0)
    );
    assert!(!change.compares_scalability());
    assert!(
        change
            .sentence
            .contains("the new knee was not reached up to 100/s"),
        "{}",
        change.sentence
    );
    assert!(
        change.sentence.contains("Scalability was not compared"),
        "{}",
        change.sentence
    );
    let strict = Limits {
        strict: true,
        ..Limits::parse("performance=5%,scalability=5%").expect("limits")
    };
    assert!(violations(&report, &strict).is_empty());
}

#[test]
fn histories_follow_the_knee() {
    let mut runs: Vec<Run> = [long(2e6, 1, 1), long(2e6, 1, 2), long(1e6, 1, 3)]
        .iter()
        .map(run)
        .collect();
    for (number, run) in runs.iter_mut().enumerate() {
        run.id = format!("run-{number}");
        run.session = run.id.clone();
        run.started_unix_s = number as u64;
    }
    let newest = runs.split_off(2);
    let report = scalebench_model::build::session_with_history(&newest, &runs);
    let history = &report.benchmarks[0].history;
    assert_eq!(history.len(), 3);
    assert!(
        history
            .iter()
            .all(|p| p.knee_per_s.is_some() && p.efficiency.is_none())
    );
    assert!(history[1].performance_changed.is_none());
    let faster = history[2].performance_changed.expect("changed");
    assert!((faster.estimate - 2.0).abs() < 0.01, "{faster:?}");
    assert!(history[2].scalability_changed.is_none());
}

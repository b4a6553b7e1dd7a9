//! Runs by different estimators never stand beside each other.

use scalebench_model::build::{left_out_of_history, report, session, session_with_history};
use scalebench_model::change::{Comparison, Scope, Thresholds};
use scalebench_model::data::{ESTIMATOR, Run};
use scalebench_model::report::Report;
use scalebench_model::simulate::{Noise, Simulation, Truth, run};

fn measured(estimator: u32, day: u64) -> Run {
    let simulation = Simulation {
        noise: Noise {
            launch: 0.002,
            window: 0.005,
            ..Noise::default()
        },
        seed: day,
        ..Simulation::new("b", Truth::Table(vec![(1, 50.0), (2, 60.0)]), &[1, 2])
    };
    Run {
        estimator,
        id: format!("run-{day}"),
        session: format!("session-{day}"),
        started_unix_s: day,
        ..run(&[simulation])
    }
}

fn compared(old: u32, new: u32) -> Report {
    let old = [measured(old, 1)];
    let comparison = Comparison {
        baseline: "main",
        scope: Scope::Saved,
        runs: &old,
        thresholds: Thresholds::of(Scope::Saved),
    };
    report(&[measured(new, 2)], Some(&comparison))
}

fn warned(report: &Report, part: &str) -> bool {
    report.warnings.iter().any(|warning| warning.contains(part))
}

#[test]
fn a_record_without_the_number_is_of_the_first() {
    let mut value = serde_json::to_value(measured(ESTIMATOR, 1)).expect("JSON");
    assert_eq!(value["estimator"], ESTIMATOR);
    value
        .as_object_mut()
        .expect("an object")
        .remove("estimator");
    let old: Run = serde_json::from_value(value).expect("a run");
    assert_eq!(old.estimator, 1);
}

#[test]
fn they_are_not_compared() {
    for (old, new) in [(1, ESTIMATOR), (ESTIMATOR, 1), (ESTIMATOR + 1, ESTIMATOR)] {
        let report = compared(old, new);
        assert_eq!(report.benchmarks[0].change, None);
        assert!(warned(
            &report,
            "Benchmarks were not compared with main: it was measured by a"
        ));
        assert!(warned(&report, "Measure the baseline again."));
        assert!(!warned(&report, "is in main only"), "{:?}", report.warnings);
    }
    assert!(
        compared(ESTIMATOR, ESTIMATOR).benchmarks[0]
            .change
            .is_some()
    );
}

#[test]
fn old_records_alone_are_read_with_a_warning() {
    let report = session(&[measured(1, 1)]);
    assert_eq!(report.benchmarks[0].points.len(), 2);
    assert_eq!(report.runs[0].estimator, 1);
    assert!(warned(
        &report,
        "The figures were made by an older estimator"
    ));
    // Two of the same may be compared.
    let both = compared(1, 1);
    assert!(both.benchmarks[0].change.is_some() && warned(&both, "an older estimator"));
    assert!(!warned(&session(&[measured(ESTIMATOR, 1)]), "estimator"));
}

#[test]
fn histories_leave_them_out_and_say_so() {
    let older = [
        measured(1, 1),
        measured(ESTIMATOR, 2),
        measured(1, 3),
        measured(ESTIMATOR, 4),
    ];
    let new = [measured(ESTIMATOR, 5)];
    let report = session_with_history(&new, &older);
    let days: Vec<u64> = report.benchmarks[0]
        .history
        .iter()
        .map(|p| p.started_unix_s)
        .collect();
    assert_eq!(days, [2, 4, 5]);
    assert!(warned(
        &report,
        "leaves out 2 runs by another estimator than number 2"
    ));
    assert_eq!(left_out_of_history(&new, &older[1..2]), None);
    let all_old = session_with_history(&[measured(1, 6)], &[measured(1, 1)]);
    assert_eq!(all_old.benchmarks[0].history.len(), 2);
    assert!(warned(&all_old, "an older estimator") && !warned(&all_old, "leaves out"));
}

//! The history of a benchmark: which runs stand in it and where it is marked.

use scalebench_model::build::{session, session_with_history};
use scalebench_model::data::{Run, Status};
use scalebench_model::laws::Usl;
use scalebench_model::report::{HistoryPoint, Report};
use scalebench_model::simulate::{Simulation, run};

use crate::pipeline::{USL, assert_round_trip, simulated};

/// The run of day `day`, each in a session of its own, with seeds of its own.
fn on_day(day: u64, truth: Usl, change: impl FnOnce(&mut Simulation)) -> Run {
    let mut simulation = simulated(truth);
    simulation.seed = 1000 + day;
    change(&mut simulation);
    let mut run = run(&[simulation]);
    run.id = format!("run-{day:03}");
    run.session = format!("session-{day}");
    run.started_unix_s = day * 86_400;
    run
}

fn faster(factor: f64) -> Usl {
    Usl {
        lambda: USL.lambda * factor,
        ..USL
    }
}

fn history(newest: &Run, older: &[Run]) -> Vec<HistoryPoint> {
    let report: Report = session_with_history(std::slice::from_ref(newest), older);
    assert_round_trip(&report);
    report.benchmarks[0].history.clone()
}

fn days(history: &[HistoryPoint]) -> Vec<u64> {
    history.iter().map(|p| p.started_unix_s / 86_400).collect()
}

#[test]
fn runs_stand_in_it_oldest_first_with_the_figures_of_their_reports() {
    let runs: Vec<Run> = (1..=4).map(|day| on_day(day, USL, |_| {})).collect();
    // In any order.
    let history = history(
        &runs[3],
        &[runs[2].clone(), runs[0].clone(), runs[1].clone()],
    );
    assert_eq!(days(&history), [1, 2, 3, 4]);
    for (point, run) in history.iter().zip(&runs) {
        let alone = session(std::slice::from_ref(run)).benchmarks.remove(0);
        assert_eq!(point.latency_ns, alone.points[0].latency_ns);
        let largest = alone.points.iter().rfind(|p| p.counted).expect("a point");
        assert_eq!(point.threads, Some(largest.threads));
        assert_eq!(point.efficiency, largest.efficiency);
    }
}

#[test]
fn one_run_is_no_history() {
    let only = on_day(1, USL, |_| {});
    assert!(history(&only, &[]).is_empty());
    assert!(history(&only, std::slice::from_ref(&only)).is_empty());
    assert!(
        history(&only, &[on_day(2, USL, |_| {})]).is_empty(),
        "newer"
    );
}

#[test]
fn a_faster_call_and_a_lost_efficiency_are_marked_where_they_came() {
    let worse = Usl {
        sigma: 4.0 * USL.sigma,
        ..faster(1.3)
    };
    let truths = [USL, USL, faster(1.3), faster(1.3), worse, worse];
    let runs: Vec<Run> = (1..)
        .zip(truths)
        .map(|(d, t)| on_day(d, t, |_| {}))
        .collect();
    let history = history(&runs[5], &runs[..5]);
    let performance: Vec<u64> = days(&marked(&history, |p| p.performance_changed.is_some()));
    let scalability: Vec<u64> = days(&marked(&history, |p| p.scalability_changed.is_some()));
    assert_eq!(performance, [3]);
    assert_eq!(scalability, [5]);
    let factor = history[2].performance_changed.expect("marked");
    assert!((factor.estimate / 1.3 - 1.0).abs() < 0.01, "{factor:?}");
    assert!(history[4].scalability_changed.expect("marked").upper < 1.0);
}

fn marked(
    history: &[HistoryPoint],
    is_marked: impl Fn(&HistoryPoint) -> bool,
) -> Vec<HistoryPoint> {
    history.iter().filter(|p| is_marked(p)).cloned().collect()
}

#[test]
fn runs_without_intervals_neither_mark_nor_hide_a_change() {
    let runs = [
        on_day(1, USL, |_| {}),
        on_day(2, faster(1.5), |s| s.launches = 1),
        on_day(3, faster(1.5), |_| {}),
    ];
    let history = history(&runs[2], &runs[..2]);
    assert!(history[1].latency_ns.level == 0.0 && history[1].performance_changed.is_none());
    assert!(
        history[2].performance_changed.is_some(),
        "against the first"
    );
}

#[test]
fn what_cannot_be_compared_is_left_out() {
    let mut failed = on_day(1, USL, |_| {});
    failed.benchmarks[0].status = Status::Failed;
    let mut elsewhere = on_day(2, USL, |_| {});
    elsewhere.host.cpus += 1;
    let mut package = on_day(3, USL, |_| {});
    package.package = Some("other".into());
    let other = on_day(4, USL, |s| s.id = "it::other".into());
    let mut again = on_day(5, USL, |_| {});
    again.session = "session-6".into();
    let runs = [
        failed,
        elsewhere,
        package,
        other,
        again,
        on_day(6, USL, |_| {}),
    ];
    let newest = on_day(7, USL, |_| {});
    assert_eq!(days(&history(&newest, &runs)), [6, 7]);
}

#[test]
fn efficiency_stands_at_one_thread_count_or_not_at_all() {
    let few = on_day(1, USL, |s| s.threads = vec![1, 2]);
    let newest = on_day(2, USL, |_| {});
    let points = history(&newest, std::slice::from_ref(&few));
    assert!(points[0].efficiency.is_none() && points[1].efficiency.is_some());
    assert_eq!(points[0].threads, points[1].threads);
    assert!(points[1].scalability_changed.is_none());
}

#[test]
fn it_holds_the_newest_thirty() {
    let quick = |day| on_day(day, USL, |s| (s.launches, s.rounds) = (1, 5));
    let older: Vec<Run> = (1..40).map(quick).collect();
    let history = history(&quick(40), &older);
    assert_eq!(days(&history), (11..=40).collect::<Vec<u64>>());
}

/// Twenty runs of unchanged code: the verdicts of all steps are settled together, so marks are rare.
#[test]
fn unchanged_code_has_no_marks() {
    let runs: Vec<Run> = (1..=20).map(|day| on_day(day, USL, |_| {})).collect();
    let history = history(&runs[19], &runs[..19]);
    assert_eq!(history.len(), 20);
    assert!(
        marked(&history, |p| p.performance_changed.is_some()
            || p.scalability_changed.is_some())
        .is_empty()
    );
}

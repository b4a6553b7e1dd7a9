//! Runs of fewer than 3 launches know nothing of how processes differ.

use scalebench_model::build::report;
use scalebench_model::change::{Comparison, Scope, Thresholds};
use scalebench_model::data::Run;
use scalebench_model::report::{Change, Verdict};
use scalebench_model::simulate::{Noise, Simulation, Truth, run};

/// `--quick` of one shared atomic, whose processes differ by `spread` (a coefficient of variation) at each thread count.
fn quick(one_ns: f64, many_ns: f64, launches: u32, spread: f64, seed: u64) -> Run {
    run(&[Simulation {
        noise: Noise {
            launch_point: spread,
            window: 0.005,
            ..Noise::default()
        },
        launches,
        rounds: 30,
        seed,
        ..Simulation::new(
            "atomic",
            Truth::Table(vec![(1, one_ns), (2, many_ns)]),
            &[1, 2],
        )
    }])
}

fn compared(old: Run, new: Run, scope: Scope) -> Change {
    let old = [old];
    let comparison = Comparison {
        baseline: "HEAD",
        scope,
        runs: &old,
        thresholds: Thresholds::of(scope),
    };
    report(&[new], Some(&comparison)).benchmarks[0]
        .change
        .clone()
        .expect("a change")
}

/// Compares the same code `times` times.
fn unchanged_code(scope: Scope, launches: u32, spread: f64, times: u64) {
    for seed in 0..times {
        let side = |seed| quick(5.0, 16.0, launches, spread, seed);
        let c = compared(side(2 * seed), side(2 * seed + 1), scope);
        let verdicts = [c.performance_verdict, c.scalability_verdict];
        assert_eq!(
            verdicts,
            [Verdict::Inconclusive; 2],
            "{spread}: {}",
            c.sentence
        );
        assert_eq!(c.pattern, None);
    }
}

#[test]
fn unchanged_code_is_not_called_changed() {
    unchanged_code(Scope::Paired, 1, 0.10, 5);
    unchanged_code(Scope::Saved, 2, 0.05, 3);
}

/// 0 of 40, however processes differ. Run with
/// `cargo test --release -p scalebench-model --test it -- --ignored unchanged_code_is_never`.
#[test]
#[ignore = "long: 640 comparisons, each with a bootstrap of both sides"]
fn unchanged_code_is_never_called_changed() {
    for spread in [0.0, 0.05, 0.07, 0.10] {
        for scope in [Scope::Paired, Scope::Saved] {
            for launches in [1, 2] {
                unchanged_code(scope, launches, spread, 40);
            }
        }
    }
}

#[test]
fn of_scalability_nothing_is_said_and_of_performance_only_what_is_plain() {
    let old = || quick(5.0, 16.0, 1, 0.05, 1);
    let c = compared(old(), quick(2.5, 80.0, 1, 0.05, 2), Scope::Paired);
    assert_eq!(
        (c.performance_verdict, c.scalability_verdict),
        (Verdict::Changed, Verdict::Inconclusive),
        "{}",
        c.sentence
    );
    assert!(
        c.sentence.contains("it takes at least 3 launches"),
        "{}",
        c.sentence
    );
    assert!(
        c.scope
            .contains("changes count from 60 % of performance on, and none of scalability"),
        "{}",
        c.scope
    );
    // One side with many launches does not help the other.
    let c = compared(old(), quick(5.0, 80.0, 5, 0.0, 2), Scope::Saved);
    assert_eq!(c.scalability_verdict, Verdict::Inconclusive);
    let many = || quick(5.0, 16.0, 5, 0.0, 3);
    let c = compared(many(), quick(5.0, 80.0, 5, 0.0, 2), Scope::Saved);
    assert_eq!(c.scalability_verdict, Verdict::Changed);
}

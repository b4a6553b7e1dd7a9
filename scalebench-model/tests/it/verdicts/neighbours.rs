//! A saved run measured beside busy neighbours, which made what lives in caches read too long and left the controls alone.

use scalebench_model::build::{NULL_ALU, NULL_FLOOR, NULL_STREAMING, report};
use scalebench_model::change::{Comparison, Scope, Thresholds};
use scalebench_model::data::{BenchmarkRecord, Run};
use scalebench_model::report::{Change, Verdict};
use scalebench_model::simulate::{Noise, Simulation, Truth, run};

/// How a side was met by neighbours.
#[derive(Clone, Copy)]
struct Met {
    /// How many times as long the map reads.
    map: f64,
    /// Share of the time that others took.
    excluded: f64,
    raised_priority: bool,
}

const ALONE: Met = Met {
    map: 1.0,
    excluded: 0.0,
    raised_priority: false,
};

fn record(id: &str, one_ns: f64, met: Met, seed: u64) -> BenchmarkRecord {
    let mut record = Simulation {
        noise: Noise {
            launch: 0.005,
            launch_point: 0.005,
            window: 0.005,
            disturbed: met.excluded,
            ..Noise::default()
        },
        seed,
        ..Simulation::new(
            id,
            Truth::Table(vec![(1, one_ns), (2, 1.1 * one_ns)]),
            &[1, 2],
        )
    }
    .record();
    for launch in &mut record.launches {
        launch.raised_priority = met.raised_priority;
    }
    record
}

/// A map of 100,000 entries, and controls that read 0 to 2 % long.
fn measured(met: Met, seed: u64) -> Run {
    let map = Simulation::new("map", Truth::Table(vec![(1, 1.0)]), &[1, 2]);
    let longer = if met.map > 1.0 { 1.01 } else { 1.0 };
    Run {
        benchmarks: vec![record("map", 50.0 * met.map, met, seed)],
        nulls: vec![
            record(NULL_ALU, 77.0, ALONE, seed),
            record(NULL_STREAMING, 1700.0 * longer * longer, ALONE, seed),
            record(NULL_FLOOR, 0.25 * longer, ALONE, seed),
        ],
        ..run(&[map])
    }
}

fn compared(old: Met, new: Met, scope: Scope) -> Change {
    change(measured(old, 1), measured(new, 2), scope)
}

fn change(old: Run, new: Run, scope: Scope) -> Change {
    let old = [old];
    let comparison = Comparison {
        baseline: "main",
        scope,
        runs: &old,
        thresholds: Thresholds::of(scope),
    };
    report(&[new], Some(&comparison)).benchmarks[0]
        .change
        .clone()
        .expect("a change")
}

#[test]
fn what_reads_long_beside_neighbours_is_not_called_changed() {
    let beside = Met {
        map: 1.37,
        excluded: 0.66,
        raised_priority: false,
    };
    let before_them = Met {
        excluded: 0.10,
        raised_priority: true,
        ..beside
    };
    for met in [beside, before_them] {
        for (old, new) in [(met, ALONE), (ALONE, met)] {
            let c = compared(old, new, Scope::Saved);
            assert_eq!(
                c.performance_verdict,
                Verdict::Inconclusive,
                "{}",
                c.sentence
            );
            assert!(
                c.performance.lower < 1.0 && c.performance.upper > 1.0,
                "{:?}",
                c.performance
            );
            assert!(
                c.sentence.contains("beside busy neighbours"),
                "{}",
                c.sentence
            );
            assert!(c.performance_drift.is_some_and(|drift| drift > 0.2));
        }
    }
    // The controls alone would have said so.
    let unseen = Met {
        excluded: 0.0,
        ..beside
    };
    let c = compared(unseen, ALONE, Scope::Saved);
    assert_eq!(c.performance_verdict, Verdict::Changed, "{}", c.sentence);
}

#[test]
fn calls_that_sleep_have_no_caches_to_lose() {
    let sleeping = |met: Met, seed| {
        let mut run = measured(met, seed);
        for sample in run.benchmarks[0]
            .launches
            .iter_mut()
            .flat_map(|l| &mut l.samples)
        {
            sample.blocked_ns = 0.99 * sample.on_cpu_ns;
            sample.on_cpu_ns *= 0.01;
        }
        run
    };
    let busy = Met {
        excluded: 0.66,
        ..ALONE
    };
    let c = change(sleeping(busy, 1), sleeping(ALONE, 2), Scope::Saved);
    assert!(
        c.performance.upper / c.performance.lower < 1.1,
        "{:?}",
        c.performance
    );
}

#[test]
fn a_little_interference_and_sides_in_turns_widen_nothing() {
    let little = Met {
        excluded: 0.03,
        ..ALONE
    };
    let (quiet, beside) = (
        compared(ALONE, ALONE, Scope::Saved),
        compared(little, ALONE, Scope::Saved),
    );
    let width = |c: &Change| (c.performance.upper / c.performance.lower).ln();
    assert!(width(&beside) < 1.5 * width(&quiet));
    let busy = Met {
        excluded: 0.66,
        ..ALONE
    };
    let c = compared(busy, busy, Scope::Paired);
    assert_eq!(c.performance_drift, None);
}

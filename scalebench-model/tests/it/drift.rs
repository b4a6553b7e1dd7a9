//! Saved runs on a machine that drifts from run to run.

use scalebench_model::build::{NULL_ALU, NULL_FLOOR, NULL_STREAMING, report};
use scalebench_model::change::{Comparison, Scope, Thresholds};
use scalebench_model::data::Run;
use scalebench_model::laws::Usl;
use scalebench_model::report::{Change, Report, Verdict};
use scalebench_model::simulate::{Noise, Simulation, Truth, run};
use scalebench_model::stats::Random;

use crate::pipeline::assert_round_trip;

const COUNTS: [u32; 2] = [1, 8];

/// Some code with L(1) of `one_ns` and efficiency at 8 threads, in a run that a machine meets in a mood: both figures are
/// off by `drift` times what they vary by between launches, `spread`.
fn simulated(
    id: &str,
    one_ns: f64,
    efficiency: f64,
    spread: f64,
    drift: f64,
    seed: u64,
) -> Simulation {
    let mut random = Random::for_task(seed, one_ns.to_bits());
    let mut mood = || (drift * spread * random.normal()).exp();
    let (one_ns, efficiency) = (one_ns * mood(), efficiency * mood());
    let truth = Usl {
        lambda: 1e9 / one_ns,
        sigma: (1.0 / efficiency - 1.0) / 7.0,
        kappa: 0.0,
    };
    Simulation {
        noise: Noise {
            launch: spread,
            launch_point: spread / std::f64::consts::SQRT_2,
            window: 0.002,
            ..Noise::default()
        },
        launches: 10,
        rounds: 3,
        seed: random.next_u64(),
        ..Simulation::new(id, Truth::Usl(truth), &COUNTS)
    }
}

/// A run of one benchmark, whose launches vary by 3 %, beside the nulls, which vary by less and by more.
fn met(one_ns: f64, drift: f64, seed: u64) -> Run {
    let null = |id: &str, one_ns: f64, spread: f64| {
        simulated(id, one_ns, 0.9, spread, drift, seed).record()
    };
    Run {
        nulls: vec![
            null(NULL_ALU, 77.0, 0.01),
            null(NULL_STREAMING, 1700.0, 0.06),
            null(NULL_FLOOR, 0.25, 0.012),
        ],
        ..run(&[simulated("b", one_ns, 0.5, 0.03, drift, seed)])
    }
}

fn change(old: &Run, new: &Run, scope: Scope) -> Change {
    let report = compared(old, new, scope);
    report.benchmarks[0].change.clone().expect("a change")
}

fn warnings(old: &Run, new: &Run, scope: Scope) -> Vec<String> {
    compared(old, new, scope).warnings
}

fn compared(old: &Run, new: &Run, scope: Scope) -> Report {
    let comparison = Comparison {
        baseline: "the run before",
        scope,
        runs: std::slice::from_ref(old),
        thresholds: Thresholds::of(scope),
    };
    let report = report(std::slice::from_ref(new), Some(&comparison));
    assert_round_trip(&report);
    report
}

/// Of comparisons of the same code: how many intervals miss that nothing changed, and how many verdicts say changed, of
/// both factors; and how wide the interval of performance is, a logarithm.
#[derive(Debug, Default)]
struct Rates {
    missed: f64,
    changed: f64,
    width: f64,
}

/// With the nulls or without.
fn unchanged(trials: u64, drift: f64, nulls: bool) -> Rates {
    let mut rates = Rates::default();
    for trial in 0..trials {
        let side = |seed| {
            let mut run = met(100.0, drift, seed);
            run.nulls.retain(|_| nulls);
            run
        };
        let c = change(&side(2 * trial), &side(2 * trial + 1), Scope::Saved);
        let share = 1.0 / (2 * trials) as f64;
        for (factor, verdict) in [
            (c.performance, c.performance_verdict),
            (c.scalability, c.scalability_verdict),
        ] {
            let (lower, upper) = (factor.lower, factor.upper);
            rates.missed += share * f64::from(u8::from(lower > 1.0 || upper < 1.0));
            rates.changed += share * f64::from(u8::from(verdict == Verdict::Changed));
        }
        let (lower, upper) = (c.performance.lower, c.performance.upper);
        rates.width += (upper / lower).ln() / trials as f64;
    }
    rates
}

#[test]
fn what_the_machine_drifts_by_is_in_the_intervals_of_saved_runs() {
    let (blind, seeing) = (unchanged(100, 1.0, false), unchanged(100, 1.0, true));
    assert!(blind.missed > 0.4 && blind.changed > 0.1, "{blind:?}");
    assert!(seeing.missed < 0.15 && seeing.changed < 0.03, "{seeing:?}");
}

#[test]
fn a_machine_that_does_not_drift_costs_little() {
    let (blind, seeing) = (unchanged(100, 0.0, false), unchanged(100, 0.0, true));
    assert!(seeing.missed < 0.08, "{seeing:?}");
    assert!(seeing.width < 1.6 * blind.width, "{blind:?}, {seeing:?}");
}

/// A run whose CPUs did fixed arithmetic in about `pace_ns`.
fn paced(run: Run, pace_ns: f64) -> Run {
    let mut run = run;
    let mut random = Random::for_task(pace_ns.to_bits(), 0);
    for launch in &mut run.benchmarks[0].launches {
        for sample in &mut launch.samples {
            sample.pace_ns = Some(pace_ns * (0.01 * random.normal()).exp());
        }
    }
    run
}

#[test]
fn what_a_neighbour_on_the_core_slows_down_is_no_change_of_the_code() {
    let (old, new) = (met(100.0, 0.0, 11), met(150.0, 0.0, 12));
    let c = change(&old, &new, Scope::Saved);
    assert_eq!(c.performance_verdict, Verdict::Changed, "{}", c.sentence);
    let (old, new) = (paced(old, 1000.0), paced(new, 1600.0));
    let c = change(&old, &new, Scope::Saved);
    assert_eq!(
        c.performance_verdict,
        Verdict::Inconclusive,
        "{}",
        c.sentence
    );
    let told = warnings(&old, &new, Scope::Saved).join("\n");
    assert!(
        told.contains("Fixed arithmetic took 6")
            && told.contains(" % longer than in the run before"),
        "{told}"
    );
    // In turns the neighbour meets both sides.
    assert!(
        !warnings(&old, &new, Scope::Paired)
            .join("\n")
            .contains("arithmetic")
    );
}

#[test]
fn drift_is_told_of() {
    let c = change(&met(100.0, 1.5, 11), &met(100.0, 1.5, 12), Scope::Saved);
    assert_eq!(
        c.performance_verdict,
        Verdict::Inconclusive,
        "{}",
        c.sentence
    );
    let drift = c.performance_drift.expect("drift");
    assert!((0.01..0.1).contains(&drift), "{drift}");
    assert!(
        c.sentence
            .contains("; from run to run this drifts by about "),
        "{}",
        c.sentence
    );
    assert!(
        c.scope.starts_with(
            "saved baseline: machine drift not controlled, but in the intervals, as far as the machine's own code shows it; "
        ),
        "{}",
        c.scope
    );
}

#[test]
fn turns_and_unlike_machines_know_no_drift() {
    let (old, new) = (met(100.0, 1.0, 3), met(100.0, 1.0, 4));
    for scope in [Scope::Paired, Scope::UnlikeMachines] {
        let c = change(&old, &new, scope);
        assert_eq!((c.performance_drift, c.scalability_drift), (None, None));
        assert!(
            c.scope.starts_with(scope.words()) && !c.scope.contains("as far as"),
            "{}",
            c.scope
        );
    }
}

#[test]
fn a_null_in_one_run_only_says_nothing() {
    let (old, mut new) = (met(100.0, 1.0, 3), met(100.0, 1.0, 4));
    new.nulls.clear();
    assert_eq!(change(&old, &new, Scope::Saved).performance_drift, None);
    // Nor does one without a spread.
    let exact = |mut run: Run| {
        run.nulls = vec![
            Simulation::new(
                NULL_ALU,
                Truth::Usl(Usl {
                    lambda: 1e7,
                    sigma: 0.0,
                    kappa: 0.0,
                }),
                &COUNTS,
            )
            .record(),
        ];
        run
    };
    let c = change(&exact(old), &exact(new), Scope::Saved);
    assert_eq!(c.performance_drift, None);
}

#[test]
fn a_change_beyond_the_drift_is_found() {
    let changed = (0..20).filter(|seed| {
        let c = change(
            &met(100.0, 0.5, 2 * seed),
            &met(125.0, 0.5, 2 * seed + 1),
            Scope::Saved,
        );
        c.performance_verdict == Verdict::Changed
    });
    assert!(changed.count() >= 14);
}

/// How often unchanged code seems to have changed between saved runs, by how far the machine drifts. One minute. Run with
/// `cargo test --release -p scalebench-model --test it -- --ignored --nocapture saved_runs_of_a_drifting`.
#[test]
#[ignore = "long: 2,000 trials a cell"]
fn saved_runs_of_a_drifting_machine() {
    for drift in [0.0, 0.3, 0.6, 1.0, 1.5] {
        let (blind, seeing) = (unchanged(2000, drift, false), unchanged(2000, drift, true));
        println!(
            "runs differ by {drift:.1} times what launches do: intervals miss the truth {:.1} %, changed {:.2} %, interval ±{:.1} %; with \
             the nulls {:.1} %, {:.2} %, ±{:.1} %",
            100.0 * blind.missed,
            100.0 * blind.changed,
            50.0 * blind.width,
            100.0 * seeing.missed,
            100.0 * seeing.changed,
            50.0 * seeing.width,
        );
        assert!(
            seeing.missed <= 0.10 && seeing.changed <= 0.025,
            "{seeing:?}"
        );
    }
}

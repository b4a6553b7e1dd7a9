//! Whether the law that a curve was made by is named.

use scalebench_model::build::report;
use scalebench_model::laws::{Power, Usl};
use scalebench_model::report::LawKind;
use scalebench_model::simulate::{Noise, Simulation, Truth, run};

/// The share of `trials` in which `wanted` is chosen, with 1 % misfit and 0.5 % noise.
fn share_named(truth: &Truth, wanted: LawKind, counts: &[u32], trials: u32) -> f64 {
    let named = (0..trials).filter(|&trial| {
        let simulation = Simulation {
            noise: Noise {
                launch_point: 0.005,
                misfit: 0.01,
                ..Noise::default()
            },
            rounds: 1,
            seed: u64::from(trial),
            ..Simulation::new("curve", truth.clone(), counts)
        };
        let report = report(&[run(&[simulation])], None);
        report.benchmarks[0]
            .laws
            .as_ref()
            .is_some_and(|laws| laws.chosen == wanted)
    });
    named.count() as f64 / f64::from(trials)
}

fn truths() -> [(&'static str, Truth, LawKind); 4] {
    let usl = |sigma, kappa| {
        Truth::Usl(Usl {
            lambda: 1e6,
            sigma,
            kappa,
        })
    };
    [
        ("linear", usl(0.0, 0.0), LawKind::Linear),
        ("Amdahl 5 %", usl(0.05, 0.0), LawKind::Amdahl),
        ("USL (0.05, 0.005)", usl(0.05, 0.005), LawKind::Usl),
        (
            "power 0.8",
            Truth::Power(Power {
                lambda: 1e6,
                exponent: 0.8,
            }),
            LawKind::Power,
        ),
    ]
}

#[test]
fn the_true_law_is_mostly_named() {
    for (name, truth, wanted) in truths() {
        let share = share_named(&truth, wanted, &[1, 2, 3, 4, 6, 8, 12, 16, 24, 32], 100);
        assert!(share >= 0.85, "{name}: {share}");
    }
}

/// The full table: at least 90 % each. Run with
/// `cargo test --release -p scalebench-model --test it -- --ignored --nocapture selection`.
#[test]
#[ignore = "long: 2,000 trials a cell"]
fn selection_rates() {
    for counts in [
        &[1, 2, 3, 4, 6, 8, 12, 16][..],
        &[1, 2, 4, 8, 16, 32],
        &[1, 2, 3, 4, 6, 8, 12, 16, 24, 32],
    ] {
        for (name, truth, wanted) in truths() {
            let share = share_named(&truth, wanted, counts, 2000);
            println!(
                "{name:18} up to {:2} ({:2} points): {:.1} %",
                counts[counts.len() - 1],
                counts.len(),
                100.0 * share
            );
            assert!(share >= 0.90, "{name} {counts:?}: {share}");
        }
    }
}

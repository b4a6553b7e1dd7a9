//! Whether 95 % intervals cover the truth in 95 % of repetitions.

use scalebench_model::build::report;
use scalebench_model::laws::Usl;
use scalebench_model::report::{Benchmark, Estimate};
use scalebench_model::simulate::{Noise, Simulation, Truth, run};

const TRUTH: Usl = Usl {
    lambda: 1e6,
    sigma: 0.05,
    kappa: 0.005,
};

/// How often the intervals of L(1), η(8), σ and κ cover the truth, and how often there is one.
fn coverage(noise: Noise, launches: u32, trials: u32) -> [(f64, f64); 4] {
    let mut covered = [0_u32; 4];
    let mut given = [0_u32; 4];
    for trial in 0..trials {
        let simulation = Simulation {
            noise,
            launches,
            seed: u64::from(trial),
            ..Simulation::new("curve", Truth::Usl(TRUTH), &[1, 2, 4, 8, 16, 32])
        };
        let report = report(&[run(&[simulation])], None);
        let figures = figures(&report.benchmarks[0], noise);
        for (i, (estimate, truth)) in figures.into_iter().enumerate() {
            if let Some(e) = estimate {
                given[i] += 1;
                covered[i] += u32::from(e.lower <= truth && truth <= e.upper);
            }
        }
    }
    std::array::from_fn(|i| {
        let share = f64::from(covered[i]) / f64::from(given[i].max(1));
        (share, f64::from(given[i]) / f64::from(trials))
    })
}

/// The figures with their truth. Of a machine that drifts, L(1) is what it was on average during the run; windows that were
/// slow for no known reason are part of what the code does, and hold fewer calls.
fn figures(benchmark: &Benchmark, noise: Noise) -> [(Option<Estimate>, f64); 4] {
    let at = |n: u32| {
        benchmark
            .points
            .iter()
            .find(|p| p.threads == n)
            .expect("a point")
    };
    let laws = benchmark.laws.as_ref().expect("laws");
    [
        (
            Some(at(1).latency_ns),
            1e9 / TRUTH.lambda * (1.0 + noise.drift / 2.0)
                / (1.0 - noise.outliers * noise.outlier_size / (1.0 + noise.outlier_size)),
        ),
        (at(8).efficiency, TRUTH.efficiency(8.0)),
        (laws.sigma, TRUTH.sigma),
        (laws.kappa, TRUTH.kappa),
    ]
}

/// Process-level effects of 0.7 %, half of them common to all thread counts of a launch.
fn process_effects() -> Noise {
    Noise {
        launch: 0.005,
        launch_point: 0.005,
        window: 0.01,
        ..Noise::default()
    }
}

/// The same with 5 % of windows twice as slow, on a machine that slows down by 0.5 % meanwhile.
fn with_drift_and_outliers() -> Noise {
    Noise {
        outliers: 0.05,
        outlier_size: 1.0,
        drift: 0.005,
        ..process_effects()
    }
}

#[test]
fn intervals_roughly_cover_the_truth() {
    for (share, given) in coverage(process_effects(), 5, 300) {
        assert!((0.92..=0.98).contains(&share), "{share}");
        assert!(given > 0.99, "{given}");
    }
    for (share, given) in coverage(with_drift_and_outliers(), 5, 300) {
        assert!((0.87..=0.99).contains(&share), "{share}");
        assert!(given > 0.99, "{given}");
    }
}

/// The full table: 93 to 97 % each; where whole windows are slow for no known reason, and so a few of them hold much of the time, at
/// least 90 %. Run with
/// `cargo test --release -p scalebench-model --test it -- --ignored --nocapture coverage`.
#[test]
#[ignore = "long: 2,000 trials a cell"]
fn coverage_rates() {
    let cells = [
        ("process effects", process_effects(), 0.93),
        ("drift, outliers", with_drift_and_outliers(), 0.90),
    ];
    for (name, noise, least) in cells {
        for launches in [5, 10] {
            let shares = coverage(noise, launches, 2000);
            let [l, eta, sigma, kappa] = shares.map(|(share, _)| 100.0 * share);
            println!(
                "{name:16} {launches:2} launches: L(1) {l:.1} %, eta(8) {eta:.1} %, sigma {sigma:.1} %, kappa {kappa:.1} %"
            );
            // A law that is seldom found would make its parameters' intervals those of lucky draws.
            let fine =
                |(share, given): &(f64, f64)| (least..=0.975).contains(share) && *given > 0.99;
            assert!(shares.iter().all(fine), "{shares:?}");
        }
    }
}

//! What holds for any finite positive input.

use proptest::prelude::*;
use scalebench_model::build::{NULL_ALU, report};
use scalebench_model::change::{Comparison, Scope, Thresholds};
use scalebench_model::data::{Fairness, Mode, Preset, Run, Sample};
use scalebench_model::laws::{Law, Observed, REFRESHES, Usl, fit, select};
use scalebench_model::report::{Laws, Report};
use scalebench_model::simulate::{Simulation, Truth, run};

use crate::fixture::close;
use crate::pipeline::assert_round_trip;

const COUNTS: [u32; 6] = [1, 2, 4, 8, 16, 32];

/// A run of one benchmark with these latencies, by launch and round.
fn measured(mode: Mode, counts: &[u32], launches: &[Vec<Vec<f64>>]) -> Run {
    let linear = Usl {
        lambda: 1.0,
        sigma: 0.0,
        kappa: 0.0,
    };
    let mut simulation = Simulation::new("any", Truth::Usl(linear), counts);
    simulation.mode = mode;
    simulation.launches = launches.len() as u32;
    let mut run = run(&[simulation]);
    run.plan.preset = Preset::External;
    run.benchmarks[0].window_ns = 0.0;
    for (record, rounds) in run.benchmarks[0].launches.iter_mut().zip(launches) {
        record.samples = rounds
            .iter()
            .zip(0..)
            .flat_map(|(latencies, round)| {
                let points = counts.iter().zip(latencies);
                points.map(move |(&n, &ns)| Sample::from_latency(mode, round, n, ns))
            })
            .collect();
    }
    run
}

fn laws(report: &Report) -> &Laws {
    report.benchmarks[0].laws.as_ref().expect("laws")
}

/// Any positive number that can be computed with, however extreme.
fn positive() -> impl Strategy<Value = f64> {
    prop_oneof![
        4 => 0.1..1e7_f64,
        1 => (-300.0..300.0_f64).prop_map(|e| 10_f64.powf(e)),
        1 => Just(f64::MIN_POSITIVE),
        1 => Just(f64::MAX),
    ]
}

/// Any number at all, most of them usable.
fn any_number() -> impl Strategy<Value = f64> {
    prop_oneof![
        4 => positive(),
        1 => any::<f64>(),
        1 => prop::sample::select(vec![0.0, -0.0, -1.0, f64::NAN, f64::INFINITY, f64::MIN, -f64::MAX]),
    ]
}

/// Latencies near a law: by launch and round, for the six counts.
fn near_a_law() -> impl Strategy<Value = Vec<Vec<Vec<f64>>>> {
    let noise = prop::collection::vec(prop::collection::vec(0.95..1.05_f64, 6), 2);
    (
        0.0..0.3_f64,
        0.0..0.01_f64,
        prop::collection::vec(noise, 3..5),
    )
        .prop_map(|(sigma, kappa, launches)| {
            let law = Usl {
                lambda: 1e7,
                sigma,
                kappa,
            };
            let latency = |noise: &Vec<f64>| -> Vec<f64> {
                let points = noise.iter().zip(COUNTS);
                points
                    .map(|(e, n)| e * 1e9 * law.latency_s(f64::from(n)))
                    .collect()
            };
            launches
                .iter()
                .map(|rounds| rounds.iter().map(latency).collect())
                .collect()
        })
}

fn any_mode() -> impl Strategy<Value = Mode> {
    prop_oneof![Just(Mode::Concurrent), Just(Mode::Parallel)]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(48) })]

    #[test]
    fn nothing_is_ever_nan_or_infinite(
        mode in any_mode(),
        launches in prop::collection::vec(prop::collection::vec(prop::collection::vec(positive(), 6), 1..4), 1..6),
    ) {
        let new = measured(mode, &COUNTS, &launches);
        let report_alone = report(std::slice::from_ref(&new), None);
        assert_round_trip(&report_alone);
        for point in &report_alone.benchmarks[0].points {
            for e in [Some(point.latency_ns), Some(point.throughput_per_s), point.efficiency, point.speedup, point.surcharge_ns].into_iter().flatten() {
                prop_assert!(e.lower <= e.estimate && e.estimate <= e.upper, "{e:?}");
            }
        }
        let mut old = new.clone();
        old.benchmarks[0].launches.reverse();
        let old = [old];
        let comparison = Comparison {
            baseline: "old", scope: Scope::Saved, runs: &old, thresholds: Thresholds::of(Scope::Saved),
        };
        assert_round_trip(&report(&[new], Some(&comparison)));
    }

    #[test]
    fn no_sample_however_senseless_makes_a_senseless_report(
        mode in any_mode(),
        figures in prop::collection::vec(prop::array::uniform10(any_number()), 12),
    ) {
        let mut run = measured(mode, &[1, 2, 8], &vec![vec![vec![1.0; 3]; 2]; 2]);
        run.plan.preset = Preset::Default;
        run.host.cpus = 4;
        run.benchmarks[0].window_ns = 1e7;
        let samples = run.benchmarks[0].launches.iter_mut().flat_map(|l| &mut l.samples);
        for (sample, figures) in samples.zip(&figures) {
            let [window, calls, counted, counted_calls, overlap, on_cpu, waiting, blocked, share, jain] = *figures;
            (sample.window_ns, sample.calls) = (window, calls);
            (sample.counted_ns, sample.counted_calls) = (counted, counted_calls);
            (sample.on_cpu_ns, sample.waiting_ns, sample.blocked_ns) = (on_cpu, waiting, blocked);
            sample.overlap = overlap;
            sample.fairness = Some(Fairness { min_share: share, max_share: share, jain });
        }
        run.nulls = run.benchmarks.clone();
        for (null, id) in run.nulls.iter_mut().zip([NULL_ALU]) {
            null.id = id.into();
        }
        assert_round_trip(&report(&[run], None));
    }

    #[test]
    fn the_unit_of_time_changes_no_law(launches in near_a_law(), factor in 1e-6..1e6_f64) {
        let scaled: Vec<Vec<Vec<f64>>> = launches
            .iter()
            .map(|rounds| rounds.iter().map(|r| r.iter().map(|v| v * factor).collect()).collect())
            .collect();
        let a = report(&[measured(Mode::Concurrent, &COUNTS, &launches)], None);
        let b = report(&[measured(Mode::Concurrent, &COUNTS, &scaled)], None);
        let (a, b) = (laws(&a), laws(&b));
        prop_assert_eq!(a.chosen, b.chosen);
        if let (Some(x), Some(y)) = (a.sigma, b.sigma) {
            prop_assert!((x.estimate - y.estimate).abs() < 1e-9 && (x.upper - y.upper).abs() < 1e-9);
        }
        if let (Some(x), Some(y)) = (a.lambda, b.lambda) {
            prop_assert!(close(x, y * factor, 1e-9));
        }
    }

    #[test]
    fn the_order_of_samples_and_launches_changes_nothing(launches in near_a_law()) {
        let run = measured(Mode::Concurrent, &COUNTS, &launches);
        let mut shuffled = run.clone();
        shuffled.benchmarks[0].launches.reverse();
        for launch in &mut shuffled.benchmarks[0].launches {
            launch.samples.reverse();
        }
        let (a, b) = (report(&[run], None), report(&[shuffled], None));
        for (p, q) in a.benchmarks[0].points.iter().zip(&b.benchmarks[0].points) {
            prop_assert!(close(p.latency_ns.estimate, q.latency_ns.estimate, 1e-12));
            prop_assert!(close(p.latency_ns.upper, q.latency_ns.upper, 1e-12));
        }
        prop_assert_eq!(laws(&a).chosen, laws(&b).chosen);
    }

    #[test]
    fn without_coherency_the_law_is_amdahls(sigma in 0.01..0.5_f64, lambda in 1e-3..1e9_f64) {
        let law = Usl { lambda, sigma, kappa: 0.0 };
        let threads: Vec<f64> = COUNTS.iter().map(|&n| f64::from(n)).collect();
        for &n in &threads {
            // Amdahl's law as he wrote it.
            let amdahl = 1.0 / (sigma + (1.0 - sigma) / n);
            prop_assert!(close(law.speedup(n), amdahl, 1e-12));
        }
        let r = threads.iter().map(|&n| law.latency_s(n)).collect();
        let observed = Observed { threads, r, variance: vec![1e-4; 6] };
        let full = fit(Law::Usl, &observed, REFRESHES).unwrap();
        let less = fit(Law::Amdahl, &observed, REFRESHES).unwrap();
        prop_assert!(full.kappa() < 1e-9 && close(full.sigma(), less.sigma(), 1e-6));
        prop_assert_eq!(select(&observed).unwrap().chosen.law, Law::Amdahl);
    }

    #[test]
    fn the_peak_moves_down_as_costs_go_up(
        sigma in 0.0..0.9_f64, kappa in 1e-6..0.5_f64, more in 1.01..3.0_f64,
    ) {
        let law = Usl { lambda: 1.0, sigma, kappa };
        let peak = law.peak_threads().unwrap();
        let steeper = Usl { kappa: kappa * more, ..law };
        let more_serial = Usl { sigma: sigma + (1.0 - sigma) * (more - 1.0) / more, ..law };
        prop_assert!(steeper.peak_threads().unwrap() <= peak);
        prop_assert!(more_serial.peak_threads().unwrap() <= peak);
        // It is the highest point there is.
        for factor in [0.5, 0.9, 1.1, 2.0] {
            let n = (peak * factor).max(1.0);
            prop_assert!(law.throughput(n) <= law.peak_throughput().unwrap() * (1.0 + 1e-12));
        }
    }
}

#[test]
fn the_resamples_do_not_depend_on_what_else_is_in_the_run() {
    let round = |i: u32| COUNTS.map(|n| f64::from(50 + (7 * i * n) % 11)).to_vec();
    let alone = measured(Mode::Concurrent, &COUNTS, &[(0..8).map(round).collect()]);
    let mut among = alone.clone();
    let mut other = among.benchmarks[0].clone();
    other.id = "aaa".into();
    among.benchmarks.insert(0, other);
    let (a, b) = (report(&[alone], None), report(&[among], None));
    assert_eq!(&a.benchmarks[0].points, &b.benchmarks[1].points);
}

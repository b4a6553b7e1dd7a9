//! From simulated samples to the report, with known truth.

use scalebench_model::build::report;
use scalebench_model::data::{Mode, Preset, Run, Sample};
use scalebench_model::laws::{Power, Usl};
use scalebench_model::report::{Benchmark, Dominant, Flag, LawKind, Point, Report};
use scalebench_model::simulate::{Noise, Simulation, Truth, run};

pub(crate) const COUNTS: [u32; 8] = [1, 2, 3, 4, 6, 8, 12, 16];
pub(crate) const USL: Usl = Usl {
    lambda: 1e6,
    sigma: 0.05,
    kappa: 0.005,
};

pub(crate) fn simulated(truth: Usl) -> Simulation {
    Simulation {
        noise: Noise {
            launch: 0.005,
            window: 0.01,
            ..Noise::default()
        },
        ..Simulation::new("it::works", Truth::Usl(truth), &COUNTS)
    }
}

pub(crate) fn only(runs: &[Run]) -> Benchmark {
    let report = report(runs, None);
    assert_eq!(report.benchmarks.len(), 1);
    assert_round_trip(&report);
    report.benchmarks.into_iter().next().unwrap()
}

/// What cannot be written as JSON and read again would break every reader: NaN and infinity become null.
pub(crate) fn assert_round_trip(report: &Report) {
    let text = serde_json::to_string(report).unwrap();
    let back: Report = serde_json::from_str(&text).expect("a report without NaN or infinity");
    assert!(
        serde_json::to_string(&back).unwrap() == text,
        "a number changed on the way"
    );
}

pub(crate) fn at(benchmark: &Benchmark, threads: u32) -> &Point {
    benchmark
        .points
        .iter()
        .find(|p| p.threads == threads)
        .unwrap()
}

fn with_launches(mut simulation: Simulation, launches: u32, rounds: u32) -> Simulation {
    simulation.launches = launches;
    simulation.rounds = rounds;
    simulation
}

#[test]
fn a_known_truth_comes_back() {
    let benchmark = only(&[run(&[simulated(USL)])]);
    assert_eq!(benchmark.scope, "5 launches");
    for point in &benchmark.points {
        let n = f64::from(point.threads);
        let close = |found: f64, wanted: f64, tolerance: f64| {
            assert!(
                (found / wanted - 1.0).abs() < tolerance,
                "at {n}: {found} instead of {wanted}"
            );
        };
        close(point.latency_ns.estimate, 1e9 * USL.latency_s(n), 0.02);
        close(point.throughput_per_s.estimate, USL.throughput(n), 0.02);
        close(point.efficiency.unwrap().estimate, USL.efficiency(n), 0.02);
        close(point.speedup.unwrap().estimate, USL.speedup(n), 0.02);
        let e = point.efficiency.unwrap();
        assert!(e.lower <= e.estimate && e.estimate <= e.upper && e.level == 0.95);
        assert!(point.counted && point.flags.is_empty(), "{:?}", point.flags);
        assert_eq!(point.disturbed, 0.0);
    }
    let laws = benchmark.laws.unwrap();
    assert_eq!(laws.chosen, LawKind::Usl);
    let (sigma, kappa) = (laws.sigma.unwrap(), laws.kappa.unwrap());
    assert!((sigma.estimate - 0.05).abs() < 0.01, "{sigma:?}");
    assert!((kappa.estimate - 0.005).abs() < 0.001, "{kappa:?}");
    assert!((laws.peak_threads.unwrap() - 13.8).abs() < 1.0);
    assert!(
        laws.sentence.contains("peaks near 14 threads") || laws.sentence.contains("peaks near 13"),
        "{}",
        laws.sentence
    );
    assert_eq!(laws.karp_flatt.len(), COUNTS.len() - 1);
    assert_eq!(laws.curve.first().unwrap().threads, 1.0);
    assert_eq!(laws.curve.last().unwrap().threads, 32.0);
    for point in &laws.curve {
        assert!(point.latency_ns.lower <= point.latency_ns.estimate);
        assert!(point.efficiency.estimate <= point.efficiency.upper);
    }
}

#[test]
fn the_same_runs_give_the_same_report_in_any_order() {
    let (mut a, mut b) = (run(&[simulated(USL)]), run(&[simulated(USL)]));
    a.id = "a".into();
    a.benchmarks[0].id = "zzz".into();
    b.id = "b".into();
    b.started_unix_s = 7;
    let text = |runs: &[Run]| serde_json::to_string(&report(runs, None)).unwrap();
    assert_eq!(text(&[a.clone(), b.clone()]), text(&[b.clone(), a.clone()]));
    let ids: Vec<String> = report(&[a, b], None)
        .benchmarks
        .into_iter()
        .map(|b| b.id)
        .collect();
    assert_eq!(ids, ["it::works", "zzz"]);
}

#[test]
fn what_several_targets_have_of_one_library_stands_once() {
    let in_target = |target: &str, started_unix_s: u64, threads: &[u32]| {
        let mut run = run(&[Simulation::new("library::f", Truth::Usl(USL), threads)]);
        run.target = target.to_owned();
        run.id = format!("{started_unix_s}-{target}");
        run.started_unix_s = started_unix_s;
        run.benchmarks[0].location.file = "src/lib.rs".to_owned();
        run
    };
    let runs = [
        in_target("newer", 2, &[1, 2, 4]),
        in_target("older", 1, &[1, 2]),
    ];
    assert_eq!(only(&runs).points.len(), 3);
    let mut other_package = in_target("older", 1, &[1, 2]);
    other_package.package = Some("other".to_owned());
    let [newer, _] = runs;
    let report = report(&[newer, other_package], None);
    assert_eq!(report.benchmarks.len(), 2);
    let with_package: Vec<&str> = report
        .benchmarks
        .iter()
        .map(|each| each.id.as_str())
        .collect();
    let id = with_package[1].to_owned();
    assert_eq!(
        with_package[0],
        format!("other::{id}"),
        "as `--exact` takes it"
    );
}

#[test]
fn a_thousand_threads_go_the_whole_way() {
    let counts = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];
    let truth = Usl {
        lambda: 500.0,
        sigma: 0.002,
        kappa: 1e-6,
    };
    let mut simulation = simulated(truth);
    simulation.threads = counts.to_vec();
    simulation.cpus = 2;
    let benchmark = only(&[run(&[simulation])]);
    assert_eq!(benchmark.points.len(), counts.len());
    // Blocked, not waiting for CPUs: far more threads than CPUs count in full.
    assert!(benchmark.points.iter().all(|p| p.counted));
    let laws = benchmark.laws.unwrap();
    assert_eq!(laws.chosen, LawKind::Usl, "{}", laws.sentence);
    assert!((laws.sigma.unwrap().estimate / 0.002 - 1.0).abs() < 0.2);
    assert_eq!(benchmark.cause.unwrap().dominant, Dominant::Blocked);
}

#[test]
fn parallel_mode_has_speedup_and_no_surcharge() {
    let mut simulation = simulated(USL);
    simulation.mode = Mode::Parallel;
    let benchmark = only(&[run(&[simulation])]);
    let eight = at(&benchmark, 8);
    let speedup = USL.speedup(8.0);
    assert!((eight.speedup.unwrap().estimate / speedup - 1.0).abs() < 0.02);
    assert!((eight.efficiency.unwrap().estimate * 8.0 / speedup - 1.0).abs() < 0.02);
    assert!((eight.latency_ns.estimate / (1e9 / USL.lambda / speedup) - 1.0).abs() < 0.02);
    assert_eq!(eight.surcharge_ns, None);
    let laws = benchmark.laws.unwrap();
    assert_eq!(laws.chosen, LawKind::Usl);
    assert!((laws.lambda.unwrap() / 1e6 - 1.0).abs() < 0.02);
    // The curve is in time a call, which falls as threads help.
    assert!(laws.curve[8].latency_ns.estimate < laws.curve[0].latency_ns.estimate);
    let cause = benchmark.cause.unwrap();
    assert!(cause.sentence.contains("thread time"), "{}", cause.sentence);
}

#[test]
fn one_launch_says_that_it_is_one_process() {
    let report = report(&[run(&[with_launches(simulated(USL), 1, 30)])], None);
    assert_round_trip(&report);
    let benchmark = &report.benchmarks[0];
    assert_eq!(benchmark.scope, "within one process");
    for point in &benchmark.points {
        assert_eq!(point.latency_ns.level, 0.95);
        assert!(point.latency_ns.lower < point.latency_ns.upper);
        assert!(point.flags.contains(&Flag::WithinOneProcess));
    }
    assert!(
        report
            .warnings
            .iter()
            .any(|w| w.contains("fewer than 3 launches"))
    );
    assert!(benchmark.laws.as_ref().unwrap().sigma.unwrap().level > 0.0);
}

#[test]
fn single_values_have_no_interval_but_laws_by_their_residuals() {
    let mut data = run(&[with_launches(simulated(USL), 1, 1)]);
    data.plan.preset = Preset::External;
    let benchmark = only(&[data]);
    assert_eq!(benchmark.scope, "single values, no intervals");
    let eight = at(&benchmark, 8);
    assert_eq!(eight.latency_ns.level, 0.0);
    assert_eq!(eight.latency_ns.lower, eight.latency_ns.upper);
    let laws = benchmark.laws.unwrap();
    assert_eq!(laws.chosen, LawKind::Usl, "{}", laws.sentence);
    let sigma = laws.sigma.unwrap();
    assert_eq!(sigma.level, 0.95);
    assert!(sigma.lower < sigma.estimate && sigma.estimate < sigma.upper);
}

#[test]
fn too_few_points_say_what_to_add() {
    for (counts, says) in [
        (&[1][..], "A scaling model needs 4 thread counts"),
        (
            &[1, 2],
            "at 2 threads. A scaling model needs 4 thread counts",
        ),
        (&[1, 2, 4], "add 8"),
        (&[1, 2, 3, 4], "add 8"),
        (&[2, 4, 8], "add 1"),
    ] {
        let mut simulation = simulated(USL);
        simulation.threads = counts.to_vec();
        simulation.cpus = 4;
        let laws = only(&[run(&[simulation])]).laws.unwrap();
        assert_eq!(laws.chosen, LawKind::Unresolved);
        assert!(
            laws.sentence.contains(says),
            "{counts:?}: {}",
            laws.sentence
        );
        assert!(laws.sigma.is_none() && laws.peak_threads.is_none() && laws.curve.is_empty());
        let fractions = counts.iter().filter(|&&n| n > 1 && counts[0] == 1).count();
        assert_eq!(laws.karp_flatt.len(), fractions);
    }
}

#[test]
fn other_shapes_get_their_own_names() {
    let named = |truth: Truth| {
        let simulation = Simulation {
            truth,
            ..simulated(USL)
        };
        only(&[run(&[simulation])]).laws.unwrap()
    };
    let linear = named(Truth::Usl(Usl {
        sigma: 0.0,
        kappa: 0.0,
        ..USL
    }));
    assert_eq!(linear.chosen, LawKind::Linear, "{}", linear.sentence);
    let amdahl = named(Truth::Usl(Usl { kappa: 0.0, ..USL }));
    assert_eq!(amdahl.chosen, LawKind::Amdahl);
    assert!((amdahl.asymptote_per_s.unwrap() / 2e7 - 1.0).abs() < 0.1);
    assert!(amdahl.kappa.is_none() && amdahl.peak_threads.is_none());
    let power = named(Truth::Power(Power {
        lambda: 1e6,
        exponent: 0.8,
    }));
    assert_eq!(power.chosen, LawKind::Power);
    assert!((power.exponent.unwrap().estimate - 0.8).abs() < 0.02);
    // A cliff at 8 threads is none of them.
    let cliff = Truth::Table(vec![(1, 1000.0), (8, 1900.0), (12, 1000.0)]);
    let none = named(cliff);
    assert_eq!(none.chosen, LawKind::None);
    assert!(
        none.sentence
            .starts_with("No scaling model describes this curve"),
        "{}",
        none.sentence
    );
    assert!(none.curve.is_empty() && none.lambda.is_none());
    let semaphore = named(Truth::Table(
        COUNTS
            .iter()
            .map(|&n| (n, 1000.0 * (f64::from(n) / 4.0).max(1.0)))
            .collect(),
    ));
    assert_eq!(
        semaphore.chosen,
        LawKind::Capacity,
        "{}",
        semaphore.sentence
    );
    let capacity = semaphore.capacity.unwrap();
    assert!(capacity.lower < 4.0 && 4.0 < capacity.upper && capacity.upper < 4.2);
    assert!(
        semaphore.sentence.starts_with("Capacity of 4 ["),
        "{}",
        semaphore.sentence
    );
    for point in &semaphore.curve {
        let truth = (4.0 / point.threads).min(1.0);
        assert!(
            (point.efficiency.estimate / truth - 1.0).abs() < 0.03,
            "{point:?}"
        );
    }
}

#[test]
fn what_scales_better_than_linearly_is_said() {
    let simulation = Simulation {
        truth: Truth::Table(
            COUNTS
                .iter()
                .map(|&n| (n, 1000.0 * f64::from(n).powf(-0.1)))
                .collect(),
        ),
        ..simulated(USL)
    };
    let benchmark = only(&[run(&[simulation])]);
    assert!(benchmark.laws.unwrap().superlinear);
    let summary = benchmark.summary.unwrap();
    assert!(
        summary.starts_with("Scales better than linearly to 16 threads: throughput is 21"),
        "{summary}"
    );
}

#[test]
fn a_law_that_is_near_enough_is_named_with_its_miss_however_exact_the_points() {
    // One call at a time, and the first two points 2 % off: far beyond what the launches vary by.
    let serial = |off: f64| Simulation {
        truth: Truth::Table(
            COUNTS
                .iter()
                .map(|&n| (n, 1000.0 * f64::from(n) * if n == 2 { off } else { 1.0 }))
                .collect(),
        ),
        ..Simulation::new("exact", Truth::Usl(USL), &COUNTS)
    };
    let laws = only(&[run(&[serial(1.025)])]).laws.unwrap();
    assert_eq!(laws.chosen, LawKind::Amdahl, "{}", laws.sentence);
    let miss = laws.largest_miss.unwrap();
    assert!((0.015..0.03).contains(&miss), "{miss}");
    assert!(
        laws.sentence.starts_with("Amdahl's law within 2."),
        "{}",
        laws.sentence
    );
    let laws = only(&[run(&[serial(1.3)])]).laws.unwrap();
    assert_eq!(laws.chosen, LawKind::None, "{}", laws.sentence);
    assert!(laws.largest_miss.unwrap() > 0.1 && laws.sigma.is_none());
}

#[test]
fn millions_of_rounds_are_no_burden() {
    let mut simulation = with_launches(simulated(USL), 1, 20_000);
    simulation.threads = vec![1, 2];
    let benchmark = only(&[run(&[simulation])]);
    let e = at(&benchmark, 2).latency_ns;
    let truth = 1e9 * USL.latency_s(2.0);
    assert!((e.estimate / truth - 1.0).abs() < 0.02);
    assert!(e.upper / e.lower < 1.01 && e.upper > e.lower);
}

#[test]
fn repeated_external_values_are_rounds() {
    let mut simulation = simulated(USL);
    simulation.threads = vec![1, 2];
    let mut data = run(&[with_launches(simulation, 1, 6)]);
    data.plan.preset = Preset::External;
    let record = &mut data.benchmarks[0];
    record.window_ns = 0.0;
    let values = [100.0, 101.0, 99.0, 100.5, 99.5, 130.0];
    record.launches[0].samples = values
        .iter()
        .zip(0..)
        .flat_map(|(&v, round)| {
            [
                Sample::from_latency(Mode::Concurrent, round, 1, v),
                Sample::from_latency(Mode::Concurrent, round, 2, 1.25 * v),
            ]
        })
        .collect();
    let benchmark = only(&[data]);
    let two = at(&benchmark, 2);
    // Whole rounds are drawn, so what both points share leaves no doubt about efficiency.
    let e = two.efficiency.unwrap();
    assert!(
        (e.estimate - 0.8).abs() < 1e-9 && e.upper - e.lower < 1e-9,
        "{e:?}"
    );
    assert!(two.latency_ns.upper > two.latency_ns.lower);
    assert!(!two.flags.contains(&Flag::NeverSteady));
}

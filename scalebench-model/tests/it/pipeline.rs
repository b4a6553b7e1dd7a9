//! From simulated samples to the report, with known truth.

use scalebench_model::build::{NULL_ALU, NULL_FLOOR, NULL_STREAMING, report};
use scalebench_model::data::{BenchmarkRecord, Failure, Mode, Preset, Run, Sample, Status};
use scalebench_model::laws::{Power, Usl};
use scalebench_model::report::{Benchmark, Dominant, Flag, LawKind, Point, Report};
use scalebench_model::simulate::{Noise, Simulation, Truth, run};

const COUNTS: [u32; 8] = [1, 2, 3, 4, 6, 8, 12, 16];
const USL: Usl = Usl {
    lambda: 1e6,
    sigma: 0.05,
    kappa: 0.005,
};

fn simulated(truth: Usl) -> Simulation {
    Simulation {
        noise: Noise {
            launch: 0.005,
            window: 0.01,
            ..Noise::default()
        },
        ..Simulation::new("it::works", Truth::Usl(truth), &COUNTS)
    }
}

fn only(runs: &[Run]) -> Benchmark {
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

fn at(benchmark: &Benchmark, threads: u32) -> &Point {
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
        (&[1][..], "Only 1 thread counts"),
        (&[1, 2], "at 2 threads. A law needs 4 thread counts"),
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
        none.sentence.starts_with("No law describes this curve"),
        "{}",
        none.sentence
    );
    assert!(none.curve.is_empty() && none.lambda.is_none());
    let superlinear = named(Truth::Table(
        COUNTS
            .iter()
            .map(|&n| (n, 1000.0 * f64::from(n).powf(-0.1)))
            .collect(),
    ));
    assert!(superlinear.superlinear, "{}", superlinear.sentence);
    assert!(
        superlinear.sentence.contains("superlinear"),
        "{}",
        superlinear.sentence
    );
}

#[test]
fn disturbed_windows_do_not_move_the_figures() {
    let mut simulation = simulated(USL);
    simulation.noise.disturbed = 0.4;
    let benchmark = only(&[run(&[simulation])]);
    for point in &benchmark.points {
        let truth = 1e9 * USL.latency_s(f64::from(point.threads));
        assert!((point.latency_ns.estimate / truth - 1.0).abs() < 0.02);
        assert!(point.wall_latency_ns.estimate > 1.1 * truth);
        assert!((0.3..0.5).contains(&point.disturbed), "{}", point.disturbed);
        assert!(point.flags.contains(&Flag::Disturbed) && point.counted);
        let parts =
            point.on_cpu_ns.unwrap() + point.waiting_ns.unwrap() + point.blocked_ns.unwrap();
        assert!((parts / point.latency_ns.estimate - 1.0).abs() < 1e-9);
    }
}

#[test]
fn too_little_undisturbed_time_is_not_measured() {
    let mut data = run(&[simulated(USL)]);
    for launch in &mut data.benchmarks[0].launches {
        for sample in launch.samples.iter_mut().filter(|s| s.threads == 8) {
            sample.counted_ns *= 0.01;
            sample.counted_calls *= 0.01;
        }
        for sample in launch.samples.iter_mut().filter(|s| s.threads == 16) {
            if launch.launch > 0 {
                sample.counted_ns = 0.0;
                sample.counted_calls = 0.0;
            }
        }
    }
    let benchmark = only(&[data]);
    for threads in [8, 16] {
        let point = at(&benchmark, threads);
        assert!(
            !point.counted && point.flags.contains(&Flag::NotMeasured),
            "{threads}"
        );
    }
    let laws = benchmark.laws.unwrap();
    assert!(
        laws.karp_flatt
            .iter()
            .all(|k| ![8, 16].contains(&k.threads))
    );
    assert_eq!(laws.curve.last().unwrap().threads, 24.0);
}

#[test]
fn threads_beyond_the_cpus_that_wait_are_hollow() {
    let truth = Truth::Table(vec![(1, 1000.0), (2, 1000.0), (4, 2000.0), (8, 4000.0)]);
    let simulation = Simulation {
        threads: vec![1, 2, 4, 8],
        truth,
        growth: Dominant::Waiting,
        cpus: 2,
        ..simulated(USL)
    };
    let benchmark = only(&[run(&[simulation])]);
    assert!(at(&benchmark, 2).counted);
    for threads in [4, 8] {
        let point = at(&benchmark, threads);
        assert!(point.flags.contains(&Flag::CpuLimited) && !point.counted);
    }
    let cause = benchmark.cause.unwrap();
    assert_eq!(cause.dominant, Dominant::Waiting);
    assert_eq!(
        cause.sentence.split(':').nth(1).unwrap().trim(),
        "100 % of that is waiting for a CPU (more threads than CPUs)."
    );
}

#[test]
fn the_cause_names_what_grew() {
    let caused = |growth, truth: Usl| {
        let simulation = Simulation {
            growth,
            ..simulated(truth)
        };
        only(&[run(&[simulation])]).cause.unwrap()
    };
    // A 2 ms call behind one lock: 14 ms longer at 8 threads.
    let lock = Usl {
        lambda: 500.0,
        sigma: 1.0,
        kappa: 0.0,
    };
    let simulation = Simulation {
        threads: vec![1, 2, 4, 8],
        noise: Noise::default(),
        ..simulated(lock)
    };
    let cause = only(&[run(&[simulation])]).cause.unwrap();
    assert_eq!(
        cause.sentence,
        "At 8 threads a call waits 14 ms longer than alone: 100 % of that is blocked (a lock, sleep or I/O)."
    );
    assert_eq!(caused(Dominant::OnCpu, USL).dominant, Dominant::OnCpu);
    let free = caused(
        Dominant::OnCpu,
        Usl {
            sigma: 0.0,
            kappa: 0.0,
            ..USL
        },
    );
    assert_eq!(free.dominant, Dominant::None);
    assert!(
        free.sentence.contains("no longer than alone"),
        "{}",
        free.sentence
    );
}

#[test]
fn nulls_draw_ceiling_and_floor() {
    let mut data = run(&[Simulation {
        growth: Dominant::OnCpu,
        ..simulated(USL)
    }]);
    let null = |id: &str, truth: Usl| Simulation::new(id, Truth::Usl(truth), &COUNTS).record();
    let flat = Usl {
        lambda: 1e9,
        sigma: 0.0,
        kappa: 0.0,
    };
    data.nulls = vec![
        null(NULL_ALU, flat),
        null(NULL_STREAMING, Usl { sigma: 0.1, ..flat }),
        null(
            NULL_FLOOR,
            Usl {
                lambda: 2e6,
                ..flat
            },
        ),
    ];
    data.host.cpus = 12;
    let benchmark = only(&[data]);
    let eight = at(&benchmark, 8);
    assert!((eight.ceiling.unwrap() - 1.0).abs() < 1e-9);
    assert!((eight.ceiling_streaming.unwrap() - 1.0 / 1.7).abs() < 1e-9);
    // Beyond the CPUs a computing null is no ceiling.
    assert_eq!(at(&benchmark, 16).ceiling, None);
    // 1000 ns at one thread against a floor of 500 ns; 2130 ns at 16.
    assert!(at(&benchmark, 1).flags.contains(&Flag::NearFloor));
    assert!(!at(&benchmark, 16).flags.contains(&Flag::NearFloor));
}

#[test]
fn flags_say_what_is_to_be_known() {
    let mut data = run(&[simulated(USL)]);
    let record = &mut data.benchmarks[0];
    for launch in &mut record.launches {
        launch.steady = false;
        for sample in launch.samples.iter_mut().filter(|s| s.threads == 4) {
            sample.overlap = 0.9;
            sample.fairness.as_mut().unwrap().min_share = 0.0;
        }
        let eights = launch.samples.iter_mut().filter(|s| s.threads == 8);
        for sample in eights.step_by(4) {
            sample.counted_calls /= 3.0;
        }
    }
    let benchmark = only(&[data]);
    assert_eq!(
        at(&benchmark, 4).flags,
        [Flag::LowOverlap, Flag::Starved, Flag::NeverSteady]
    );
    assert!(at(&benchmark, 8).flags.contains(&Flag::Skewed));
    assert_eq!(at(&benchmark, 1).flags, [Flag::NeverSteady]);
}

#[test]
fn failed_and_empty_benchmarks_stay_on_the_report() {
    let mut data = run(&[simulated(USL)]);
    let full = data.benchmarks[0].clone();
    let empty = BenchmarkRecord {
        id: "empty".into(),
        launches: Vec::new(),
        status: Status::Failed,
        failure: Some(Failure {
            message: "panicked".into(),
            place: None,
            output: None,
        }),
        ..full.clone()
    };
    let mut useless = BenchmarkRecord {
        id: "useless".into(),
        ..full
    };
    for sample in useless.launches.iter_mut().flat_map(|l| &mut l.samples) {
        sample.calls = 0.0;
        sample.counted_calls = f64::NAN;
    }
    data.benchmarks.extend([empty, useless]);
    let report = report(&[data], None);
    assert_round_trip(&report);
    let by_id = |id: &str| report.benchmarks.iter().find(|b| b.id == id).unwrap();
    assert!(by_id("empty").points.is_empty() && by_id("empty").failure.is_some());
    assert!(by_id("useless").points.is_empty() && by_id("useless").laws.is_none());
    assert_eq!(by_id("useless").scope, "nothing measured");
}

#[test]
fn machine_warnings_are_sentences_said_once() {
    let mut data = run(&[simulated(USL)]);
    data.host.governor = Some("powersave".into());
    data.host.steal = Some(0.034);
    data.host.quota_cpus = Some(0.5);
    data.host.thread_clocks = false;
    let mut other = data.clone();
    other.benchmarks[0].id = "other".into();
    let warnings = report(&[data, other], None).warnings;
    assert_eq!(warnings.len(), 4, "{warnings:?}");
    for (warning, says) in warnings
        .iter()
        .zip(["powersave", "3.4 %", "0.50 CPUs", "wall clock"])
    {
        assert!(
            warning.contains(says) && warning.ends_with('.'),
            "{warning}"
        );
    }
}

#[test]
fn benchmarks_without_one_thread_are_named_in_one_sentence() {
    let simulations: Vec<Simulation> = (0..5)
        .map(|i| Simulation {
            id: format!("b{i}"),
            threads: vec![2, 4],
            ..simulated(USL)
        })
        .collect();
    let report = report(&[run(&simulations)], None);
    assert_eq!(
        report.warnings,
        ["Efficiency is not known without a point at 1 thread: b0, b1, b2 and 2 others."]
    );
    assert!(
        report
            .benchmarks
            .iter()
            .flat_map(|b| &b.points)
            .all(|p| p.efficiency.is_none())
    );
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

//! Which points count, what is flagged, and why a curve bends.

use scalebench_model::build::{NULL_ALU, NULL_FLOOR, NULL_STREAMING, report};
use scalebench_model::data::{Axis, BenchmarkRecord, Failure, Grid, Mode, Regime, Run, Status};
use scalebench_model::laws::Usl;
use scalebench_model::report::{Benchmark, Dominant, Flag, Reference};
use scalebench_model::simulate::{Noise, Simulation, Truth, run};

use crate::pipeline::{COUNTS, USL, assert_round_trip, at, only, simulated};

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
fn a_point_that_nobody_asked_for_is_the_reference_and_counts() {
    let mut data = run(&[simulated(USL)]);
    let flagged = |data: &Run| -> Vec<u32> {
        let benchmark = only(std::slice::from_ref(data));
        assert!(benchmark.points.iter().all(|point| point.counted));
        let points = benchmark.points.iter();
        let reference = points.filter(|point| point.flags.contains(&Flag::Reference));
        reference.map(|point| point.threads).collect()
    };
    assert!(flagged(&data).is_empty());
    let figures = only(std::slice::from_ref(&data)).laws;
    data.benchmarks[0].reference_only = true;
    assert_eq!(flagged(&data), [1]);
    assert_eq!(only(&[data]).laws, figures, "models use it");
}

#[test]
fn windows_at_a_slow_pace_do_not_move_the_figures() {
    let mut data = run(&[simulated(USL)]);
    // A neighbour that nobody sees makes everything take 1.4 times as long in six windows of ten, at 8 threads alone.
    for launch in &mut data.benchmarks[0].launches {
        for sample in &mut launch.samples {
            let slow = sample.threads == 8 && sample.round % 10 < 6;
            let slower = if slow { 1.4 } else { 1.0 };
            sample.pace_ns = Some(1000.0 * slower);
            sample.calls /= slower;
            sample.counted_calls /= slower;
        }
    }
    let warned = |data: &Run| {
        let warnings = report(std::slice::from_ref(data), None).warnings;
        warnings
            .iter()
            .any(|said| said.contains("slower than it can"))
    };
    assert!(!warned(&data), "at one thread count of many");
    let benchmark = only(&[data]);
    for point in &benchmark.points {
        let truth = 1e9 * USL.latency_s(f64::from(point.threads));
        let ratio = point.latency_ns.estimate / truth;
        assert!((ratio - 1.0).abs() < 0.02, "{}: {ratio}", point.threads);
        assert!(point.counted);
        let eight = point.threads == 8;
        assert_eq!(point.flags.contains(&Flag::SlowPace), eight);
        assert_eq!(point.wall_latency_ns.estimate > 1.1 * truth, eight);
        let slow = if eight { 0.6 } else { 0.0 };
        assert!(
            (point.slow.unwrap() - slow).abs() < 0.02,
            "{:?}",
            point.slow
        );
    }
}

#[test]
fn cpus_that_were_slower_at_some_thread_counts_throughout_are_told_of() {
    let paced = |at_eight: f64| {
        let mut data = run(&[simulated(USL)]);
        let launches = &mut data.benchmarks[0].launches;
        for sample in launches.iter_mut().flat_map(|l| &mut l.samples) {
            let slower = if sample.threads == 8 { at_eight } else { 1.0 };
            sample.pace_ns = Some(1000.0 * slower);
        }
        let report = report(&[data], None);
        let pace_ns = at(&report.benchmarks[0], 8).pace_ns.unwrap();
        assert!((pace_ns / 1000.0 - at_eight).abs() < 1e-9);
        report.warnings.join("\n")
    };
    assert!(!paced(1.1).contains("not as fast"));
    assert!(paced(1.6).contains("not as fast at all thread counts"));
    assert!(paced(0.6).contains("not as fast at all thread counts"));
}

#[test]
fn without_the_threads_clocks_nobody_says_where_time_goes() {
    let mut data = run(&[simulated(USL)]);
    assert!(at(&only(&[data.clone()]), 8).on_cpu_ns.is_some());
    data.host.thread_clocks = false;
    let benchmark = only(&[data]);
    for point in &benchmark.points {
        let split = [point.on_cpu_ns, point.waiting_ns, point.blocked_ns];
        assert_eq!(split, [None; 3]);
    }
    assert_eq!(benchmark.cause, None);
}

#[test]
fn a_point_of_which_nothing_counts_is_there_and_not_measured() {
    let mut data = run(&[simulated(USL)]);
    let launches = &mut data.benchmarks[0].launches;
    let samples = launches.iter_mut().flat_map(|launch| &mut launch.samples);
    for sample in samples.filter(|sample| sample.threads == 8) {
        sample.counted_ns = 0.0;
        sample.counted_calls = 0.0;
    }
    let benchmark = only(&[data]);
    let threads: Vec<u32> = benchmark.points.iter().map(|p| p.threads).collect();
    assert_eq!(threads, COUNTS);
    let point = at(&benchmark, 8);
    assert!(!point.counted && point.flags.contains(&Flag::NotMeasured));
    assert!(point.efficiency.is_none() && point.surcharge_ns.is_none());
    assert_eq!(point.latency_ns, point.wall_latency_ns);
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

/// A run on 4 CPUs in which the calls at 8 threads kept so many busy, for the time that the figures take.
fn keeping_busy(cpus: f64) -> Benchmark {
    let mut data = run(&[simulated(USL)]);
    data.host.cpus = 4;
    let launches = &mut data.benchmarks[0].launches;
    let samples = launches.iter_mut().flat_map(|launch| &mut launch.samples);
    for sample in samples.filter(|sample| sample.threads == 8) {
        sample.regime = Some(Regime {
            ns: sample.counted_ns,
            whole_ns: sample.counted_ns,
            calls: sample.counted_calls,
            on_cpu_ns: cpus * sample.counted_ns,
        });
    }
    only(&[data])
}

#[test]
fn figures_that_the_cpus_cannot_give_are_not_measured() {
    let benchmark = keeping_busy(8.0);
    let flags = &at(&benchmark, 8).flags;
    assert!(flags.contains(&Flag::BeyondMachine) && flags.contains(&Flag::NotMeasured));
    assert!(!at(&benchmark, 8).counted);
    assert!(at(&benchmark, 4).counted && !at(&benchmark, 4).flags.contains(&Flag::BeyondMachine));
    // All CPUs and a little more, and calls that sleep: however many they are a second.
    for cpus in [4.4, 0.1] {
        let benchmark = keeping_busy(cpus);
        assert!(at(&benchmark, 8).counted, "{cpus}");
    }
}

#[test]
fn points_of_a_grid_say_how_their_callers_divide() {
    let truth = Truth::Table(vec![(1, 1000.0), (2, 2000.0), (4, 2000.0), (8, 2000.0)]);
    let simulation = Simulation {
        threads: vec![1, 2, 4, 8],
        truth,
        growth: Dominant::Blocked,
        ..simulated(USL)
    };
    let mut data = run(&[simulation]);
    data.benchmarks[0].axis = Axis::Callers;
    data.benchmarks[0].threads_per_process = Some(2);
    let benchmark = only(&[data]);
    assert_eq!(benchmark.threads_per_process, Some(2));
    let grids: Vec<Option<Grid>> = benchmark.points.iter().map(|p| p.grid).collect();
    assert_eq!(grids, [1, 2, 4, 8].map(|callers| Grid::of(callers, 2)));
    let sentence = benchmark.cause.unwrap().sentence;
    assert!(
        sentence.starts_with("At 8 callers (4 processes x 2 threads) a call"),
        "{sentence}"
    );
}

/// A benchmark on 2 CPUs whose calls wait for one beyond that.
fn oversubscribed(r_ns: &[(u32, f64)]) -> Simulation {
    Simulation {
        threads: r_ns.iter().map(|(n, _)| *n).collect(),
        truth: Truth::Table(r_ns.to_vec()),
        growth: Dominant::Waiting,
        cpus: 2,
        ..simulated(USL)
    }
}

#[test]
fn threads_beyond_the_cpus_that_wait_are_hollow() {
    let all = [(1, 1000.0), (2, 1000.0), (4, 2000.0), (8, 4000.0)];
    let benchmark = only(&[run(&[oversubscribed(&all)])]);
    assert!(at(&benchmark, 2).counted);
    for threads in [4, 8] {
        let point = at(&benchmark, threads);
        assert!(point.flags.contains(&Flag::CpuLimited) && !point.counted);
    }
    // At 2 threads, the most that count, nothing is lost.
    assert_eq!(benchmark.cause, None);
    assert_eq!(benchmark.summary.unwrap(), "Scales linearly to 2 threads.");
}

#[test]
fn waiting_for_a_cpu_is_named_where_no_other_point_counts() {
    let most = [(1, 1000.0), (4, 2000.0), (8, 4000.0)];
    let cause = only(&[run(&[oversubscribed(&most)])]).cause.unwrap();
    assert_eq!(cause.dominant, Dominant::Waiting);
    assert_eq!(
        cause.sentence.split(':').nth(1).unwrap().trim(),
        "100 % of that is waiting for a CPU (more threads than CPUs)."
    );
}

#[test]
fn the_cause_is_read_where_points_count() {
    let contended = [(1, 1000.0), (2, 1700.0), (4, 3400.0)];
    let mut data = run(&[oversubscribed(&contended)]);
    for launch in &mut data.benchmarks[0].launches {
        for sample in launch.samples.iter_mut().filter(|s| s.threads == 2) {
            sample.on_cpu_ns += std::mem::take(&mut sample.waiting_ns);
        }
    }
    let benchmark = only(&[data]);
    assert!(!at(&benchmark, 4).counted);
    let cause = benchmark.cause.unwrap();
    assert_eq!(cause.dominant, Dominant::OnCpu);
    assert!(
        cause.sentence.starts_with("At 2 threads"),
        "{}",
        cause.sentence
    );
}

#[test]
fn benchmarks_whose_time_is_not_known_are_named_once() {
    let simulations = ["a", "b"].map(|id| Simulation {
        id: id.into(),
        ..simulated(USL)
    });
    let mut data = run(&simulations);
    for sample in data
        .benchmarks
        .iter_mut()
        .flat_map(|b| &mut b.launches)
        .flat_map(|l| &mut l.samples)
    {
        (sample.on_cpu_ns, sample.blocked_ns) = (0.0, 0.0);
    }
    let report = report(&[data], None);
    assert!(report.benchmarks.iter().all(|b| b.cause.is_none()));
    assert_eq!(report.warnings.len(), 1);
    assert!(
        report.warnings[0].ends_with("(a, b)."),
        "{}",
        report.warnings[0]
    );
}

/// Calls on 4 CPUs that wait for helper threads, of which each of N callers keeps `each` busy, and all 4 at most.
fn helped(each: f64) -> Run {
    let mut data = run(&[Simulation {
        threads: vec![1, 2, 4],
        truth: Truth::Table(vec![(1, 1000.0), (2, 1000.0), (4, 2000.0)]),
        cpus: 4,
        ..simulated(USL)
    }]);
    for sample in data.benchmarks[0]
        .launches
        .iter_mut()
        .flat_map(|l| &mut l.samples)
    {
        let total = sample.on_cpu_ns + sample.blocked_ns;
        (sample.on_cpu_ns, sample.blocked_ns) = (0.0, total);
        sample.helpers = Some((each * f64::from(sample.threads)).min(4.0));
    }
    data
}

#[test]
fn helpers_that_keep_all_cpus_busy_make_points_hollow() {
    let data = helped(2.0);
    let report = report(std::slice::from_ref(&data), None);
    let benchmark = &report.benchmarks[0];
    let counted: Vec<bool> = benchmark.points.iter().map(|p| p.counted).collect();
    // A call alone is what all others refer to, and cannot be limited by company.
    assert_eq!(counted, [true, false, false]);
    assert_eq!(at(benchmark, 1).helpers, Some(2.0));
    let sentence = &benchmark.cause.as_ref().unwrap().sentence;
    assert!(
        sentence.ends_with("; helper threads of the program keep 4.0 of 4 CPUs busy (2.0 alone)."),
        "{sentence}"
    );
    let told = report.warnings.iter().find(|w| w.starts_with("Helper"));
    assert!(told.unwrap().ends_with(&format!("{}.", benchmark.id)));
}

#[test]
fn helpers_that_leave_cpus_free_limit_nothing() {
    let benchmark = only(&[helped(0.5)]);
    assert!(benchmark.points.iter().all(|p| p.counted));
    assert!(report(&[helped(0.0)], None).warnings.is_empty());
}

#[test]
fn waiting_for_helpers_is_a_cause() {
    let mut data = helped(0.5);
    for launch in &mut data.benchmarks[0].launches {
        launch.samples.retain(|s| s.threads != 2);
    }
    for sample in data.benchmarks[0]
        .launches
        .iter_mut()
        .flat_map(|l| &mut l.samples)
        .filter(|s| s.threads == 4)
    {
        // Half of the time is what a call takes longer than alone.
        (sample.waiting_ns, sample.blocked_ns) = (sample.blocked_ns / 2.0, sample.blocked_ns / 2.0);
    }
    let dominant = |data: Run| only(&[data]).cause.map(|cause| cause.dominant);
    assert_eq!(dominant(data.clone()), Some(Dominant::Waiting));
    for launch in &mut data.benchmarks[0].launches {
        for sample in &mut launch.samples {
            sample.helpers = None;
        }
    }
    assert_ne!(dominant(data), Some(Dominant::Waiting));
}

#[test]
fn waiting_for_other_processes_makes_no_point_hollow() {
    // Eight threads asleep most of the time; when they wake, a neighbour has the CPU for a while.
    let sleep = Usl {
        sigma: 0.0,
        kappa: 0.0,
        ..USL
    };
    let mut data = run(&[Simulation {
        cpus: 2,
        ..simulated(sleep)
    }]);
    for sample in data.benchmarks[0]
        .launches
        .iter_mut()
        .flat_map(|l| &mut l.samples)
    {
        let total = sample.on_cpu_ns;
        sample.on_cpu_ns = 0.02 * total;
        sample.waiting_ns = 0.08 * total;
        sample.blocked_ns = 0.90 * total;
    }
    let benchmark = only(&[data]);
    // 8 x 0.1 = 0.8 threads want a CPU at a time.
    assert!(at(&benchmark, 8).counted, "{:?}", at(&benchmark, 8).flags);
}

#[test]
fn the_cause_names_what_grew() {
    let caused = |growth, truth: Usl| {
        let simulation = Simulation {
            growth,
            ..simulated(truth)
        };
        only(&[run(&[simulation])]).cause
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
    let wholly_serial = only(&[run(&[Simulation {
        truth: Truth::Usl(lock),
        ..simulated(lock)
    }])]);
    let sentence = wholly_serial.laws.unwrap().sentence;
    assert!(
        sentence.ends_with("calls run one after the other."),
        "{sentence}"
    );
    let on_cpu = caused(Dominant::OnCpu, USL).unwrap();
    assert_eq!(on_cpu.dominant, Dominant::OnCpu);
    let free = caused(
        Dominant::OnCpu,
        Usl {
            sigma: 0.0,
            kappa: 0.0,
            ..USL
        },
    );
    assert_eq!(free, None);
}

#[test]
fn a_growth_that_only_some_launches_saw_is_no_cause_and_not_denied() {
    let mut data = run(&[simulated(USL)]);
    for launch in &mut data.benchmarks[0].launches {
        let slower = if launch.launch < 2 { 1000.0 } else { 1.0 };
        for sample in launch.samples.iter_mut().filter(|s| s.threads > 1) {
            sample.calls /= slower;
            sample.counted_calls /= slower;
        }
    }
    let cause = only(&[data]).cause.unwrap();
    assert_eq!(cause.dominant, Dominant::None);
    assert!(
        cause
            .sentence
            .contains("longer than alone, but the figures vary too much"),
        "{}",
        cause.sentence
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
        [
            "Efficiency is relative to the smallest N that counts: 1 thread was not measured (b0, b1, b2 and 2 others)."
        ]
    );
    for benchmark in &report.benchmarks {
        assert_eq!(benchmark.reference, Some(Reference::Smallest));
        let two = at(benchmark, 2).efficiency.unwrap();
        assert!((two.estimate - 1.0).abs() < 1e-9);
        let four = at(benchmark, 4).efficiency.unwrap().estimate;
        let truth = USL.efficiency(4.0) / USL.efficiency(2.0);
        assert!((four / truth - 1.0).abs() < 0.02, "{four}");
    }
}

#[test]
fn without_one_thread_efficiency_refers_to_the_fit() {
    let without = |counts: &[u32], truth: Usl, mode| {
        let simulation = Simulation {
            threads: counts.to_vec(),
            mode,
            ..simulated(truth)
        };
        only(&[run(&[simulation])])
    };
    for mode in [Mode::Concurrent, Mode::Parallel] {
        let benchmark = without(&COUNTS[1..], USL, mode);
        assert_eq!(benchmark.reference, Some(Reference::Fitted));
        for point in &benchmark.points {
            let efficiency = point.efficiency.unwrap();
            let truth = USL.efficiency(f64::from(point.threads));
            assert!(
                (efficiency.estimate / truth - 1.0).abs() < 0.05,
                "{efficiency:?}"
            );
            assert!(efficiency.level > 0.0 && point.surcharge_ns.is_none());
            let speedup = point.speedup.unwrap().estimate;
            assert!((speedup / f64::from(point.threads) / efficiency.estimate - 1.0).abs() < 1e-9);
        }
    }
    // Where throughput is the same at all of them, a single caller may do as much or half of it.
    let lock = Usl {
        sigma: 1.0,
        kappa: 0.0,
        ..USL
    };
    let flat = without(&[4, 8, 16, 32], lock, Mode::Concurrent);
    assert_eq!(flat.reference, Some(Reference::Smallest));
    // A single point refers to nothing.
    let one = without(&[8], USL, Mode::Concurrent);
    assert_eq!((one.reference, one.points[0].efficiency), (None, None));
}

#[test]
fn hardware_counters_tell_spinning_from_stalls() {
    let sentence = |more: f64| {
        let mut run = run(&[Simulation {
            growth: Dominant::OnCpu,
            ..simulated(USL)
        }]);
        for sample in run.benchmarks[0]
            .launches
            .iter_mut()
            .flat_map(|l| &mut l.samples)
        {
            let factor = if sample.threads == 1 { 1.0 } else { more };
            sample.instructions_per_call = Some(50.0 * factor);
            sample.cycles_per_call = Some(100.0);
        }
        let benchmark = only(&[run]);
        assert_eq!(benchmark.points[0].instructions_per_call, Some(50.0));
        benchmark.cause.unwrap().sentence
    };
    assert!(sentence(4.0).contains("go from 50 to 200: spinning or retries"));
    assert!(sentence(1.0).contains("stalls on shared cache lines or memory"));
}

//! The engine against workloads of known answer. Waits end by the clock, so these hold on a busy machine, too; the
//! bounds are wide because a sleep may end late, not because of the engine.

use scalebench_model::data::Status;
use scalebench_model::report::Dominant;

use crate::run::bench;
use crate::tries::in_three_tries;

fn efficiency(benchmark: &scalebench_model::report::Benchmark, threads: u32) -> f64 {
    let point = benchmark
        .points
        .iter()
        .find(|point| point.threads == threads)
        .expect("a point");
    point.efficiency.expect("an efficiency").estimate
}

#[test]
fn waits_that_share_nothing_scale_fully() {
    in_three_tries(|| {
        let benchmark = bench(&["known::free_wait"]).benchmark("known::free_wait");
        assert_eq!(benchmark.points.len(), 3);
        for threads in [2, 4] {
            let efficiency = efficiency(&benchmark, threads);
            assert!(
                (0.8..1.25).contains(&efficiency),
                "{efficiency} at {threads}"
            );
        }
    });
}

#[test]
fn one_at_a_time_scales_not_at_all_and_is_blocked() {
    in_three_tries(|| {
        let benchmark = bench(&["known::one_at_a_time"]).benchmark("known::one_at_a_time");
        for threads in [2, 4] {
            let efficiency = efficiency(&benchmark, threads) * f64::from(threads);
            assert!(
                (0.8..1.25).contains(&efficiency),
                "{efficiency} of 1 at {threads}"
            );
        }
        assert_eq!(
            benchmark.cause.expect("a cause").dominant,
            Dominant::Blocked
        );
    });
}

#[test]
fn a_late_thread_does_not_enter_the_figures() {
    in_three_tries(|| {
        let benchmark = bench(&["known::late_thread"]).benchmark("known::late_thread");
        assert!(efficiency(&benchmark, 2) > 0.8);
        // Its 30 ms would be more than the whole window of 10 ms, and leave no overlap.
        assert!(
            benchmark.points[1].overlap > 0.9,
            "{}",
            benchmark.points[1].overlap
        );
    });
}

#[test]
#[cfg(target_os = "linux")]
fn the_pace_of_a_cpu_is_gauged_while_each_thread_has_a_core() {
    in_three_tries(|| {
        let run = bench(&["known::counter", "--threads", "1,2,4"]);
        let report = run.report();
        for point in run.benchmark("known::counter").points {
            let has_core = point.threads <= report.host.physical_cores;
            assert_eq!(point.slow.is_some(), has_core, "{}", point.threads);
        }
        for without in [&["known::counter", "--no-pin"][..], &["known::free_wait"]] {
            let report = bench(without).report();
            let mut points = report.benchmarks.iter().flat_map(|b| &b.points);
            assert!(points.all(|point| point.slow.is_none()), "{without:?}");
        }
    });
}

#[test]
fn values_make_one_benchmark_each() {
    let report = bench(&["known::with_values"]).report();
    let ids: Vec<&str> = report
        .benchmarks
        .iter()
        .map(|each| each.id.as_str())
        .collect();
    assert_eq!(
        ids,
        [
            "subjects::known::with_values/size=1",
            "subjects::known::with_values/size=2"
        ]
    );
}

#[test]
fn parallel_mode_reports_speedup() {
    in_three_tries(|| {
        let benchmark = bench(&["known::parallel_sum"]).benchmark("known::parallel_sum");
        assert_eq!(benchmark.status, Status::Ok);
        let first = &benchmark.points[0];
        assert!((first.speedup.expect("a speedup").estimate - 1.0).abs() < 1e-9);
    });
}

#[test]
fn a_seed_reproduces_the_order() {
    let order = |seed: &str| {
        let run = bench(&["known::free_wait", "--seed", seed, "--launches", "1"]);
        let file = std::fs::read_dir(run.home.path().join("runs"))
            .expect("runs")
            .next()
            .expect("one")
            .expect("readable");
        let record: serde_json::Value =
            serde_json::from_slice(&std::fs::read(file.path()).expect("readable")).expect("JSON");
        let samples = record["benchmarks"][0]["launches"][0]["samples"]
            .as_array()
            .expect("samples")
            .clone();
        // Rounds beyond the plan make up for disturbance and follow the machine, not the seed.
        samples
            .iter()
            .filter(|each| each["round"].as_u64() < Some(3))
            .map(|each| each["threads"].to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(order("1"), order("1"));
    assert!((2..10).any(|seed| order("1") != order(&seed.to_string())));
}

fn latency_ms(benchmark: &scalebench_model::report::Benchmark, threads: u32) -> f64 {
    let mut points = benchmark.points.iter();
    let point = points.find(|point| point.threads == threads);
    point.expect("a point").latency_ns.estimate / 1e6
}

#[test]
fn inputs_are_not_part_of_the_call() {
    in_three_tries(|| {
        let benchmark = bench(&["known::dear_input"]).benchmark("known::dear_input");
        for threads in [1, 2] {
            let latency = latency_ms(&benchmark, threads);
            assert!(
                (2.0..3.0).contains(&latency),
                "{latency} ms at {threads} threads"
            );
        }
    });
}

#[test]
fn fresh_state_is_made_for_every_window() {
    let benchmark = bench(&["known::grows"]).benchmark("known::grows");
    assert_eq!(benchmark.status, Status::Ok, "{:?}", benchmark.failure);
}

#[test]
fn a_function_may_measure_by_itself() {
    in_three_tries(|| {
        let run = bench(&[
            "known::times_itself",
            "known::long_seconds",
            "known::own_windows",
        ]);
        for (name, latencies) in [
            ("known::times_itself", [3.0, 3.0]),
            ("known::long_seconds", [1000.0, 1000.0]),
            ("known::own_windows", [0.1, 0.2]),
        ] {
            let benchmark = run.benchmark(name);
            for (threads, truth) in (1..).zip(latencies) {
                let ratio = latency_ms(&benchmark, threads) / truth;
                assert!(
                    (0.97..1.3).contains(&ratio),
                    "{name}: {ratio} of {truth} ms"
                );
            }
        }
        // Whose time nobody watched has no cause.
        let point = &run.benchmark("known::own_windows").points[1];
        assert_eq!(point.on_cpu_ns, None);
    });
}

#[test]
fn threads_that_calls_start_may_run_anywhere_and_are_told_of() {
    in_three_tries(|| {
        let report = bench(&["helpers::"]).report();
        assert_eq!(report.benchmarks.len(), 8);
        for benchmark in &report.benchmarks {
            let id = &benchmark.id;
            assert_eq!(
                benchmark.status,
                Status::Ok,
                "{id}: {:?}",
                benchmark.failure
            );
            let alone = id.contains("::of_no");
            for point in &benchmark.points {
                assert_eq!(point.helpers.is_none(), alone, "{id}: {:?}", point.helpers);
            }
        }
        let told =
            |warning: &String| warning.starts_with("Helper threads of the program work beside");
        assert!(report.warnings.iter().any(told), "{:?}", report.warnings);
    });
}

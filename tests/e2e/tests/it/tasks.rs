//! Async benchmarks against workloads of known answer, and those that go wrong.

use scalebench_model::data::{Axis, Status};
use scalebench_model::report::Benchmark;

use crate::run::{Run, bench};
use crate::tries::in_three_tries;

/// min(1, 2/M) at every M, within `bound`.
#[track_caller]
fn is_served_by_two(benchmark: &Benchmark, bound: f64) {
    let misses: Vec<f64> = benchmark
        .points
        .iter()
        .map(|point| {
            let efficiency = point.efficiency.expect("an efficiency").estimate;
            let truth = (2.0 / f64::from(point.threads)).min(1.0);
            println!("{:>3} tasks: {efficiency:.4} of {truth:.4}", point.threads);
            (efficiency / truth - 1.0).abs()
        })
        .collect();
    assert!(misses.iter().all(|&miss| miss < bound), "{misses:?}");
}

#[test]
fn a_semaphore_of_two_serves_two_tasks_at_a_time() {
    in_three_tries(|| {
        let run = bench(&["--exact", "subjects::tasks::semaphore", "--tasks", "1,2,8"]);
        let benchmark = run.benchmark("tasks::semaphore");
        assert_eq!((benchmark.axis, benchmark.points.len()), (Axis::Tasks, 3));
        assert_eq!(benchmark.workers, Some(2));
        is_served_by_two(&benchmark, 0.2);
        assert!(
            run.stdout().contains("  tasks   latency"),
            "{}",
            run.stdout()
        );
        // The system knows nothing of tasks, and nothing is made up.
        assert!(
            benchmark
                .points
                .iter()
                .all(|point| point.on_cpu_ns.is_none() && point.blocked_ns.is_none())
        );
    });
}

/// `cargo test -p scalebench-e2e --test it served_by_two -- --ignored --nocapture`
#[test]
#[ignore = "a minute"]
fn served_by_two_within_8_percent_up_to_64_tasks() {
    let long = ["--launches", "5", "--rounds", "5", "--max-time", "20s"];
    for seed in ["1", "2", "3"] {
        let one = ["--exact", "subjects::tasks::semaphore", "--seed", seed];
        println!("seed {seed}");
        let run = bench(&[&long[..], &one[..]].concat());
        is_served_by_two(&run.benchmark("tasks::semaphore"), 0.08);
    }
}

#[test]
fn tasks_on_as_many_workers_scale_fully() {
    in_three_tries(|| {
        let benchmark = bench(&["tasks::free_wait"]).benchmark("tasks::free_wait");
        assert_eq!((benchmark.axis, benchmark.points.len()), (Axis::Threads, 3));
        // They are what varies.
        assert_eq!(benchmark.workers, None);
        for point in &benchmark.points {
            let efficiency = point.efficiency.expect("an efficiency").estimate;
            assert!(
                (0.8..1.25).contains(&efficiency),
                "{efficiency} at {}",
                point.threads
            );
        }
    });
}

#[test]
fn values_of_async_functions_make_one_benchmark_each() {
    let run = bench(&["tasks::with_values"]);
    for size in ["1", "2"] {
        let benchmark = run.benchmark(&format!("tasks::with_values/size={size}"));
        assert_eq!(benchmark.status, Status::Ok);
    }
}

/// Runs the faulty one, and returns how it ended.
fn faulty(name: &str) -> (Run, Benchmark) {
    let run = bench(&[
        "--include-ignored",
        "--timeout",
        "3",
        &format!("tasks::{name}"),
    ]);
    assert_eq!(run.code(), 3, "{}\n{}", run.stdout(), run.stderr());
    let benchmark = run.benchmark(&format!("tasks::{name}"));
    (run, benchmark)
}

#[test]
fn panics_in_tasks_show_message_and_place() {
    for (name, message) in [
        ("panics_in_a_task", "the planted panic in a task"),
        ("panics_in_setup", "the planted panic in setup"),
    ] {
        let (_, benchmark) = faulty(name);
        assert_eq!(benchmark.status, Status::Failed);
        let failure = benchmark.failure.expect("a failure");
        assert!(failure.message.contains(message), "{}", failure.message);
        assert!(failure.place.expect("a place").contains("tasks.rs:"));
    }
}

#[test]
fn more_workers_than_the_system_starts_are_refused() {
    let (_, benchmark) = faulty("too_many_workers");
    let failure = benchmark.failure.expect("a failure");
    let message = "could not start 100000 threads";
    assert!(failure.message.contains(message), "{}", failure.message);
}

#[test]
fn a_task_that_never_completes_is_timed_out() {
    let (run, benchmark) = faulty("never_completes");
    assert_eq!(benchmark.status, Status::TimedOut, "{}", run.stdout());
}

#[test]
fn test_mode_calls_async_functions_once() {
    let run = crate::run::run(&["tasks::with_values"]);
    assert_eq!(run.code(), 0, "{}", run.stderr());
    assert!(run.stdout().contains("2 passed"), "{}", run.stdout());
}

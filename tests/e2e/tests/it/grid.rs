//! Processes and threads in each, against answers that are known. Waits end by the clock, so these hold on a busy machine,
//! too.

use scalebench_model::data::{Axis, Grid};
use scalebench_model::report::{Benchmark, Dominant};

use crate::run::{Run, planned, run};
use crate::tries::in_three_tries;

/// Long windows: the machine may be busy, and callers take turns on it.
fn bench(rest: &[&str]) -> Run {
    run(&planned("2", "3", "100ms", rest))
}

/// How many times the throughput of a single caller.
fn speedup(benchmark: &Benchmark, callers: u32) -> f64 {
    let mut points = benchmark.points.iter();
    let point = points.find(|point| point.threads == callers);
    let speedup = point.and_then(|point| point.speedup);
    speedup.expect("a point with a speedup").estimate
}

/// Four callers that wake all the time need their turns on two busy CPUs.
fn about(speedup: f64, truth: f64, callers: u32) -> bool {
    let bounds = if callers > 2 { 0.6..1.4 } else { 0.8..1.25 };
    bounds.contains(&(speedup / truth))
}

/// Callers, and the processes and threads that they are.
fn grids(benchmark: &Benchmark) -> Vec<(u32, Option<Grid>)> {
    let points = benchmark.points.iter();
    points.map(|point| (point.threads, point.grid)).collect()
}

#[test]
fn a_second_thread_gains_nothing_and_a_second_process_doubles() {
    in_three_tries(|| {
        let run = bench(&["grid::gate_in_each_process"]);
        assert_eq!(run.code(), 0, "{}", run.stderr());
        let single = run.benchmark("grid::gate_in_each_process/threads=1");
        let pair = run.benchmark("grid::gate_in_each_process/threads=2");
        assert_eq!((single.axis, pair.axis), (Axis::Callers, Axis::Callers));
        assert_eq!(pair.threads_per_process, Some(2));
        let divided = |callers: &[u32], each| -> Vec<(u32, Option<Grid>)> {
            let grid = |&callers: &u32| (callers, Grid::of(callers, each));
            callers.iter().map(grid).collect()
        };
        assert_eq!(grids(&single), divided(&[1, 2], 1));
        assert_eq!(grids(&pair), divided(&[1, 2, 4], 2));
        // 2 x 1, 1 x 2 and 2 x 2.
        let found = [
            (speedup(&single, 2), 2.0, 2),
            (speedup(&pair, 2), 1.0, 2),
            (speedup(&pair, 4), 2.0, 4),
        ];
        for (found, truth, callers) in found {
            assert!(about(found, truth, callers), "{found} for {truth}");
        }
        let cause = pair.cause.expect("a cause");
        assert_eq!(cause.dominant, Dominant::Blocked, "{}", cause.sentence);
        let callers = "At 4 callers (2 processes x 2 threads)";
        assert!(cause.sentence.starts_with(callers), "{}", cause.sentence);
        let table = run.stdout();
        for words in ["2 = 2x1", "4 = 2x2 callers: 2 processes x 2 threads."] {
            assert!(table.contains(words), "{words}: {table}");
        }
    });
}

#[test]
fn callers_that_share_nothing_scale_fully_at_every_point() {
    in_three_tries(|| {
        let run = bench(&["grid::free_wait"]);
        for each in [1, 2] {
            let benchmark = run.benchmark(&format!("grid::free_wait/threads={each}"));
            for (callers, _) in grids(&benchmark) {
                let found = speedup(&benchmark, callers);
                let truth = f64::from(callers);
                assert!(about(found, truth, callers), "{found} for {truth}");
            }
        }
    });
}

#[test]
fn both_lists_can_be_given_and_the_ids_with_them() {
    let list = run(&["--list", "--format", "terse", "grid::free_wait"]).stdout();
    let of = |each| format!("subjects::grid::free_wait/threads={each}: benchmark\n");
    assert_eq!(list, [of(1), of(2)].concat());
    let id = "subjects::grid::free_wait/threads=3";
    let flags = ["--threads", "3,3", "--processes", "2"];
    let rest = [&flags[..], &["--exact", id]].concat();
    let run = run(&planned("1", "3", "10ms", &rest));
    assert_eq!(run.code(), 0, "{}", run.stderr());
    let benchmark = run.benchmark("grid::free_wait/threads=3");
    assert_eq!(grids(&benchmark), [1, 6].map(|n| (n, Grid::of(n, 3))));
}

#[test]
fn flags_that_do_not_fit_say_what_does() {
    let small = |rest: &[&str]| run(&planned("1", "3", "1ms", rest));
    let flags = ["--threads", "2", "--processes", "1"];
    let alone = small(&[&flags[..], &["processes::free_wait"]].concat());
    let said = "`--threads` does not change subjects::processes::free_wait:";
    assert_eq!(alone.code(), 0);
    assert!(alone.stderr().contains(said), "{}", alone.stderr());
    let other = small(&["--param", "threads=2", "grid::free_wait"]);
    assert_eq!(other.code(), 2);
    let said = "the threads in each process are given by `--threads 1,2`";
    assert!(other.stderr().contains(said), "{}", other.stderr());
    let flags = ["--threads", "1000000", "--processes", "1000000"];
    let many = small(&[&flags[..], &["grid::free_wait"]].concat());
    assert_eq!(many.code(), 3);
    let failure = many.benchmark("grid::free_wait/threads=1000000").failure;
    let message = failure.expect("a failure").message;
    let said = "for fewer processes or threads";
    assert!(message.contains(said), "{message}");
    let inside = small(&["--in-process", "grid::free_wait"]);
    assert_eq!(inside.code(), 3);
    let said = "`--in-process` has only one";
    assert!(inside.stderr().contains(said), "{}", inside.stderr());
}

#[test]
fn the_test_mode_calls_from_two_processes() {
    let test = |rest: &[&str]| run(&[&["--test"], rest].concat());
    let fine = test(&["grid::", "--skip", "panics"]);
    assert_eq!(fine.code(), 0, "{}", fine.stdout());
    assert!(fine.stdout().contains("4 passed"), "{}", fine.stdout());
    let second = test(&["--include-ignored", "grid::panics"]);
    assert_eq!(second.code(), 3, "{}", second.stdout());
    let said = "the planted panic of a second process";
    assert!(second.stdout().contains(said), "{}", second.stdout());
}

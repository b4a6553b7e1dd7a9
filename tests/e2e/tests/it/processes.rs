//! Processes as the axis, against answers that are known. Waits end by the clock, so these hold on a busy machine, too.

use scalebench_model::data::Axis;
use scalebench_model::report::{Benchmark, Dominant};

use crate::run::{Run, run};
use crate::tries::in_three_tries;

/// Long windows: the machine may be busy, and processes take turns on it.
fn bench(names: &[&str]) -> Run {
    let small = [
        "--bench",
        "--launches",
        "2",
        "--rounds",
        "3",
        "--window",
        "100ms",
    ];
    run(&[&small, names].concat())
}

/// Four processes that wake all the time need their turns on two busy CPUs.
fn bounds(processes: u32) -> std::ops::Range<f64> {
    if processes > 2 { 0.6..1.4 } else { 0.8..1.25 }
}

fn efficiency(benchmark: &Benchmark, processes: u32) -> f64 {
    let mut points = benchmark.points.iter();
    let point = points.find(|point| point.threads == processes);
    let point = point.expect("a point");
    point.efficiency.expect("an efficiency").estimate
}

#[test]
fn a_file_lock_is_held_by_one_process_at_a_time() {
    in_three_tries(|| {
        let run = bench(&["processes::one_at_a_time"]);
        assert_eq!(run.code(), 0, "{}", run.stderr());
        let benchmark = run.benchmark("processes::one_at_a_time");
        assert_eq!(benchmark.axis, Axis::Processes);
        for processes in [2, 4] {
            let of_one = efficiency(&benchmark, processes) * f64::from(processes);
            assert!(
                bounds(processes).contains(&of_one),
                "{of_one} of 1 at {processes}"
            );
        }
        let cause = benchmark.cause.expect("a cause");
        assert_eq!(cause.dominant, Dominant::Blocked, "{}", cause.sentence);
        assert!(cause.sentence.contains("4 processes"), "{}", cause.sentence);
        // What they shared was dropped by the process that had made it.
        let left = std::fs::read_dir(run.home.path())
            .expect("a folder")
            .flatten();
        let mut left =
            left.filter(|file| file.file_name().to_string_lossy().starts_with("lock-of"));
        assert!(left.next().is_none());
    });
}

#[test]
fn processes_that_share_nothing_scale_fully() {
    in_three_tries(|| {
        let run = bench(&["processes::free_wait"]);
        let benchmark = run.benchmark("processes::free_wait");
        assert_eq!(benchmark.points.len(), 3);
        for processes in [2, 4] {
            let efficiency = efficiency(&benchmark, processes);
            assert!(
                bounds(processes).contains(&efficiency),
                "{efficiency} at {processes}"
            );
        }
        let table = run.stdout();
        assert!(
            table.contains("processes") && !table.contains("threads "),
            "{table}"
        );
    });
}

#[test]
fn clients_find_the_server_that_another_process_started() {
    let run = bench(&["processes::request/byte=7", "--processes", "1,3"]);
    assert_eq!(run.code(), 0, "{}", run.stderr());
    let benchmark = run.benchmark("processes::request/byte=7");
    let counts: Vec<u32> = benchmark.points.iter().map(|point| point.threads).collect();
    assert_eq!(counts, [1, 3]);
}

#[test]
fn what_one_process_cannot_do_fails_the_benchmark() {
    let names = [
        "--include-ignored",
        "processes::panics",
        "processes::cannot",
    ];
    let run = bench(&[&names[..], &["--timeout", "20"]].concat());
    assert_eq!(run.code(), 3, "{}", run.stderr());
    let message = |name: &str| {
        let failure = run.benchmark(name).failure.expect("a failure");
        failure.message
    };
    assert!(
        message("processes::panics_in_one_process").contains("the planted panic of one process")
    );
    assert!(
        message("processes::cannot_share").contains("_address"),
        "{}",
        message("processes::cannot_share")
    );
}

#[test]
fn one_process_cannot_be_several() {
    let run = bench(&["--in-process", "processes::free_wait"]);
    assert_eq!(run.code(), 3, "{}", run.stderr());
    assert!(
        run.stderr().contains("`--in-process` has only one"),
        "{}",
        run.stderr()
    );
}

#[test]
fn the_test_mode_calls_each_once() {
    let run = run(&[
        "--test",
        "processes::",
        "--skip",
        "panics",
        "--skip",
        "cannot",
    ]);
    assert_eq!(run.code(), 0, "{}", run.stdout());
    assert!(run.stdout().contains("4 passed"), "{}", run.stdout());
}

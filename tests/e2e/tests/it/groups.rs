//! Groups against known answers. The waits end by the clock, so these hold on a busy machine, too.

use scalebench_model::data::{GroupKind, Run as Record, Status};
use scalebench_model::report::{Benchmark, Flag, LawKind, Point};

use crate::run::{Run, bench, run};
use crate::tries::in_three_tries;

fn at(benchmark: &Benchmark, threads: u32) -> &Point {
    let point = benchmark
        .points
        .iter()
        .find(|point| point.threads == threads);
    point.expect("a point")
}

/// Whether a figure is the known one within `share`.
#[track_caller]
fn assert_known(what: &str, figure: f64, known: f64, share: f64) {
    let off = (figure / known - 1.0).abs();
    assert!(off <= share, "{what}: {figure}, known to be {known}");
}

/// The figures of the queue that are more than 8 % off what is known: see `queue` in the subjects.
fn off_the_queue(run: &Run) -> Vec<String> {
    let read = run.benchmark("groups::queue::read");
    let write = run.benchmark("groups::queue::write");
    let latency = |benchmark, threads| at(benchmark, threads).latency_ns.estimate / 1e6;
    let per_s = |benchmark| at(benchmark, 4).throughput_per_s.estimate;
    let figures = [
        ("ms a read alone", latency(&read, 1), 4.0),
        ("ms a write alone", latency(&write, 1), 26.0),
        ("ms a read among others", latency(&read, 4), 13.5),
        ("ms a write among others", latency(&write, 4), 36.0),
        ("reads a second", per_s(&read), 8.0 / 0.036),
        ("writes a second", per_s(&write), 1.0 / 0.036),
    ];
    let off = figures
        .iter()
        .filter(|(_, figure, known)| (figure / known - 1.0).abs() > 0.08);
    off.map(|(what, figure, known)| format!("{figure:.2} {what}, known to be {known:.2}"))
        .collect()
}

#[test]
fn a_queue_of_readers_and_a_writer_has_two_latencies() {
    in_three_tries(|| {
        let run = bench(&["groups::queue", "--window", "250ms"]);
        assert_eq!(run.code(), 0, "{}", run.stderr());
        // On a machine with many more busy processes than CPUs sleeps end so late that the queue runs empty.
        let off = off_the_queue(&run);
        assert!(off.is_empty(), "{off:?}");
        let read = run.benchmark("groups::queue::read");
        let group = read.group.as_ref().expect("a group");
        assert_eq!(
            (group.share, group.of, group.kind),
            (3, 4, GroupKind::Roles)
        );
        assert_eq!(group.id, "subjects::groups::queue");
        assert_eq!(
            (at(&read, 1).callers, at(&read, 4).callers),
            (Some(1.0), Some(3.0))
        );
        let law = read.laws.as_ref().expect("a sentence in place of a law");
        assert_eq!(law.chosen, LawKind::Unresolved, "{}", law.sentence);
        assert!(run.stdout().contains("3 of 4"), "{}", run.stdout());
    });
}

/// Ten trials on a quiet machine: `cargo test -p scalebench-e2e --release --test it ten_trials_of_the_queue -- --ignored
/// --nocapture`, four minutes.
#[test]
#[ignore = "four minutes: see its documentation"]
fn ten_trials_of_the_queue() {
    let mut off = Vec::new();
    for trial in 0..10 {
        let run = run(&[
            "--bench",
            "groups::queue",
            "--launches",
            "5",
            "--rounds",
            "5",
        ]);
        let latency = |name: &str| at(&run.benchmark(name), 4).latency_ns.estimate / 1e6;
        println!(
            "trial {trial}: {:.3} ms a read (13.5), {:.3} ms a write (36)",
            latency("groups::queue::read"),
            latency("groups::queue::write")
        );
        off.extend(off_the_queue(&run));
    }
    assert!(off.is_empty(), "{off:?}");
}

#[test]
fn a_mix_has_a_latency_for_each_operation_and_calls_by_their_shares() {
    in_three_tries(|| {
        let run = bench(&["groups::drawn", "--window", "100ms"]);
        assert_eq!(run.code(), 0, "{}", run.stderr());
        let (quick, slow) = (
            run.benchmark("groups::drawn::quick"),
            run.benchmark("groups::drawn::slow"),
        );
        for threads in [1, 2] {
            let latency = |benchmark| at(benchmark, threads).latency_ns.estimate / 1e6;
            assert_known("a quick call, ms", latency(&quick), 2.0, 0.15);
            assert_known("a slow call, ms", latency(&slow), 6.0, 0.15);
            // Which calls fall into a window is drawn, so this is wide.
            let per_s = |benchmark| at(benchmark, threads).throughput_per_s.estimate;
            let shares = per_s(&quick) / per_s(&slow);
            assert!((1.8..5.0).contains(&shares), "{shares}, known to be 3");
            let together = (per_s(&quick) + per_s(&slow)) / f64::from(threads);
            assert_known("calls a second and thread", together, 333.3, 0.25);
        }
        let group = quick.group.as_ref().expect("a group");
        let timing_ns = group.timing_ns.expect("what timing costs");
        assert!((0.0..100_000.0).contains(&timing_ns), "{timing_ns}");
        assert!(quick.cause.is_none() && at(&quick, 1).on_cpu_ns.is_none());
    });
}

#[test]
fn roles_that_wait_for_each_other_have_no_efficiency() {
    in_three_tries(|| {
        let run = bench(&["groups::ping_pong", "--include-ignored"]);
        assert_eq!(run.code(), 0, "{}", run.stderr());
        for role in ["ping", "pong"] {
            let benchmark = run.benchmark(&format!("groups::ping_pong::{role}"));
            let (alone, together) = (at(&benchmark, 1), at(&benchmark, 2));
            // 20 ms each, but for the first of a window, which may find the ball that the window before has left on its side.
            assert!(alone.latency_ns.estimate > 9e6, "{alone:?}");
            assert!(alone.flags.contains(&Flag::WaitsAlone) && !alone.counted);
            assert_eq!(together.efficiency, None);
            let cause = benchmark.cause.expect("a sentence").sentence;
            assert!(cause.starts_with("Alone a call waits in vain"), "{cause}");
        }
        let warning = "There is no efficiency of roles that alone wait in vain";
        assert!(run.stdout().contains(warning), "{}", run.stdout());
    });
}

#[test]
fn a_filter_for_one_role_measures_the_group_and_says_so() {
    let run = bench(&["groups::queue::write", "--launches", "1"]);
    assert!(
        run.stderr().contains(
            "a group is measured as a whole, so these take part too: subjects::groups::queue::read"
        ),
        "{}",
        run.stderr()
    );
    let ids: Vec<String> = run
        .report()
        .benchmarks
        .into_iter()
        .map(|each| each.id)
        .collect();
    assert_eq!(
        ids,
        [
            "subjects::groups::queue::read",
            "subjects::groups::queue::write"
        ]
    );
}

#[test]
fn a_panic_in_one_role_fails_the_group_and_nothing_else() {
    let run = bench(&[
        "groups::half_broken",
        "known::free_wait",
        "--include-ignored",
    ]);
    assert_eq!(run.code(), 3);
    for role in ["sound", "broken"] {
        let benchmark = run.benchmark(&format!("groups::half_broken::{role}"));
        assert_eq!(benchmark.status, Status::Failed);
        let failure = benchmark.failure.expect("a failure");
        assert!(
            failure.message.contains("the planted panic in one role"),
            "{failure:?}"
        );
        assert!(failure.place.expect("a place").contains("groups.rs"));
    }
    assert_eq!(run.benchmark("known::free_wait").status, Status::Ok);
}

#[test]
fn each_role_is_listed_and_tested_by_its_own_name() {
    let listed = run(&["--list", "groups::queue::write"]);
    assert_eq!(
        listed.stdout(),
        "subjects::groups::queue::write: benchmark\n\n0 tests, 1 benchmarks\n"
    );
    let tested = run(&["--test", "groups::queue"]);
    assert_eq!(tested.code(), 0, "{}", tested.stdout());
    for role in ["read", "write"] {
        let line = format!("test subjects::groups::queue::{role} ... ok");
        assert!(tested.stdout().contains(&line), "{}", tested.stdout());
    }
    // As nextest asks for one test.
    let one = "subjects::groups::queue::read";
    let exact = run(&["--exact", one, "--nocapture"]);
    assert!(
        exact.stdout().contains("1 passed; 0 failed"),
        "{}",
        exact.stdout()
    );
    let broken = run(&[
        "--test",
        "groups::drawn",
        "groups::half_broken",
        "--include-ignored",
    ]);
    assert_eq!(
        broken.code(),
        0,
        "100 calls are not made: {}",
        broken.stdout()
    );
}

#[test]
fn the_record_says_how_many_threads_are_a_roles_own() {
    let run = bench(&["groups::queue", "--launches", "1", "--threads", "6"]);
    let file = std::fs::read_dir(run.home.path().join("runs"))
        .expect("runs")
        .next();
    let text = std::fs::read(file.expect("one").expect("readable").path()).expect("readable");
    let record: Record = serde_json::from_slice(&text).expect("a run");
    let callers = |place: usize, threads: u32| {
        let samples = &record.benchmarks[place].launches[0].samples;
        let mut here = samples.iter().filter(|sample| sample.threads == threads);
        here.next().expect("a sample").callers
    };
    assert_eq!([callers(0, 1), callers(1, 1)], [Some(1.0); 2]);
    assert_eq!([callers(0, 6), callers(1, 6)], [Some(5.0), Some(1.0)]);
}

//! Load mode against queues of known answer, and against services that go wrong.
//!
//! Services wait until a deadline, so these hold on a busy machine, too, as far as the generator is given a CPU in time:
//! what it was too late for is left out, as the report leaves it out. The quick tests have wide bounds; the trials with the
//! bounds that theory is held to are ignored, and say how they are run.

use std::time::{Duration, Instant};

use scalebench_model::data::{Axis, LoadSample, Mode, Run as Record, Schedule, Status};

use crate::run::{Run, bench, run};
use crate::tries::in_three_tries;

/// Mean service time of the queues, s.
const SERVICE_S: f64 = 2e-3;

/// The run that was kept.
fn record(run: &Run) -> Record {
    let runs = std::fs::read_dir(run.home.path().join("runs")).expect("runs");
    let file = runs.last().expect("one").expect("readable").path();
    let text = std::fs::read_to_string(file).expect("readable");
    serde_json::from_str(&text).expect("a run record")
}

/// Every window of arrivals of the only benchmark.
fn windows(run: &Run) -> Vec<LoadSample> {
    let record = record(run);
    assert_eq!(record.benchmarks.len(), 1);
    let launches = record.benchmarks.into_iter().flat_map(|each| each.launches);
    launches.flat_map(|launch| launch.load).collect()
}

/// Measures one benchmark under load with a few more flags.
fn load(name: &str, flags: &[&str]) -> Run {
    let id = format!("subjects::load::{name}");
    let common = [
        "--bench",
        "--include-ignored",
        "--exact",
        &id,
        "--launches",
        "1",
        "--rounds",
        "1",
        "--max-time",
        "4s",
    ];
    run(&[&common, flags].concat())
}

/// Mean response over all windows in which the generator kept up, s, and how many arrivals that stands on.
fn mean_response(windows: &[LoadSample]) -> (f64, u64) {
    let (mut sum, mut count) = (0.0, 0);
    for response in windows
        .iter()
        .filter(|w| w.kept_up)
        .filter_map(|w| w.response)
    {
        sum += response.mean_ns / 1e9 * response.count as f64;
        count += response.count;
    }
    (sum / count as f64, count)
}

#[test]
fn the_ladder_goes_from_idle_to_more_than_can_be_carried() {
    in_three_tries(|| {
        let run = load("md1", &[]);
        assert_eq!(run.code(), 0, "{}", run.stderr());
        let record = record(&run);
        let benchmark = &record.benchmarks[0];
        let plan = benchmark.load.as_ref().expect("a plan");
        assert_eq!(
            (benchmark.mode, plan.schedule),
            (Mode::Load, Schedule::Poisson)
        );
        assert_eq!(benchmark.threads, [1, plan.callers]);
        assert!(plan.callers >= 16);
        let mut windows = windows(&run);
        windows.sort_by(|a, b| a.offered_per_s.total_cmp(&b.offered_per_s));
        let (first, last) = (&windows[0], windows.last().expect("ten"));
        assert_eq!(windows.len(), 10);
        // One server with 2 ms a call carries 500/s; the ladder goes from a tenth of it past it.
        assert!(first.offered_per_s < 100.0 && last.offered_per_s > 400.0);
        for window in &windows {
            let ends = [
                window.completed,
                window.errors,
                window.timed_out,
                window.unfinished,
            ];
            assert_eq!(window.arrivals, ends.iter().sum::<u64>());
            let response = window.response.expect("responses");
            assert!(response.p50_ns >= 1.9e6, "{response:?}");
            assert!(response.p50_ns <= response.p99_ns && response.p99_ns <= response.max_ns);
        }
    });
}

/// By M/D/1 the mean response at half the load is 1.5 times the service.
#[test]
fn arrivals_queue_as_theory_says() {
    in_three_tries(|| {
        let windows = windows(&load("md1", &["--load", "250/s,2s"]));
        assert_eq!(windows.len(), 1);
        let response = windows[0].response.expect("responses");
        let kept_up = windows[0].kept_up;
        let ratio = response.mean_ns / 1e9 / (1.5 * SERVICE_S);
        println!(
            "{ratio:.3} of theory, p99 late {:.0} us",
            windows[0].late_p99_ns / 1e3
        );
        assert!(ratio > 0.7, "{ratio}");
        assert!(ratio < 1.6 || !kept_up, "{ratio}");
    });
}

#[test]
fn tasks_queue_as_threads_do() {
    let run = load(
        "md1_tasks",
        &["--load", "250/s,1s", "--schedule", "constant"],
    );
    let windows = windows(&run);
    assert_eq!(windows[0].arrivals, 250);
    let response = windows[0].response.expect("responses");
    // tokio's timers tick once a millisecond.
    assert!(response.p50_ns >= 1.9e6, "{response:?}");
    assert_eq!(record(&run).benchmarks[0].threads, [1, 32]);
}

/// Without load it varies worker threads; arrivals are served by tasks.
#[test]
fn an_async_function_that_varies_threads_is_served_by_tasks_under_load() {
    let id = "subjects::tasks::free_wait";
    let small = ["--launches", "1", "--rounds", "1", "--max-time", "1s"];
    let of = |flags: &[&str]| {
        let asked = ["--bench", "--exact", id, "--load", "200/s,300ms"];
        let run = run(&[&asked, &small[..], flags].concat());
        assert_eq!(run.code(), 0, "{}", run.stderr());
        let report = run.benchmark("tasks::free_wait");
        let record = record(&run).benchmarks.remove(0);
        assert_eq!(record.threads, [1, record.load.expect("a plan").callers]);
        assert_eq!((report.axis, record.axis), (Axis::Tasks, Axis::Tasks));
        assert_eq!(report.workers, record.workers);
        (record.threads[1], record.workers.is_some())
    };
    assert_eq!(of(&[]), (64, true));
    // So it is `--tasks` that says how many, and not `--threads`.
    assert_eq!(of(&["--tasks", "8", "--threads", "3"]), (8, true));
}

#[test]
fn a_service_that_is_not_up_fails_with_its_error() {
    let begin = Instant::now();
    let run = load("not_up", &[]);
    assert_eq!(run.code(), 3);
    let benchmark = run.benchmark("load::not_up");
    assert_eq!(benchmark.status, Status::Failed);
    let message = benchmark.failure.expect("a failure").message;
    assert_eq!(message, "every call returned an error: connection refused");
    assert!(
        begin.elapsed() < Duration::from_secs(30),
        "it is told at once"
    );
    // A test that calls it once finds it out, too.
    let run = run_exact(&["subjects::load::not_up"]);
    assert_eq!(run.code(), 3);
    assert!(
        run.stdout().contains("connection refused"),
        "{}",
        run.stdout()
    );
}

fn run_exact(ids: &[&str]) -> Run {
    run(&[&["--include-ignored", "--exact"], ids].concat())
}

#[test]
fn test_mode_calls_what_is_measured_under_load() {
    let run = run_exact(&["subjects::load::md1", "subjects::load::md1_tasks"]);
    assert_eq!(run.code(), 0, "{}", run.stdout());
    assert!(run.stdout().contains("2 passed"), "{}", run.stdout());
}

#[test]
fn errors_and_time_outs_are_counted_and_the_first_error_is_kept() {
    let windows_of = |name: &str, flags: &[&str]| {
        windows(&load(name, &[&["--load", "200/s,1s"], flags].concat()))
    };
    let third = &windows_of("a_third_fails", &[])[0];
    let share = third.errors as f64 / third.arrivals as f64;
    assert!((0.3..0.37).contains(&share), "{third:?}");
    assert_eq!(third.first_error.as_deref(), Some("the planted third"));
    // Not annotated for load mode, under an alias of `Result`, and without `Display` of its own.
    let half = &windows_of("half_fails", &[])[0];
    let share = half.errors as f64 / half.arrivals as f64;
    assert!((0.48..0.52).contains(&share), "{half:?}");
    assert_eq!(half.first_error.as_deref(), Some("7"));
    let slow = &windows_of("slow_tenth", &["--call-timeout", "50ms"])[0];
    let share = slow.timed_out as f64 / slow.arrivals as f64;
    // Calls that wait behind a slow one may be late, too.
    assert!((0.08..0.9).contains(&share), "{slow:?}");
    assert_eq!(slow.errors, 0);
}

#[test]
fn a_generator_that_cannot_keep_up_is_refused() {
    let windows = windows(&load("dear_input", &["--load", "200/s,1s"]));
    assert!(windows.iter().all(|window| !window.kept_up), "{windows:?}");
}

#[test]
fn a_panic_under_load_is_told_with_its_place() {
    let run = load("panics_under_load", &["--load", "500/s,1s"]);
    assert_eq!(run.code(), 3);
    let failure = run
        .benchmark("load::panics_under_load")
        .failure
        .expect("a failure");
    assert!(failure.message.contains("the planted panic under load"));
    assert!(failure.place.expect("a place").contains("load.rs:"));
}

#[test]
fn a_call_that_never_returns_is_timed_out() {
    let run = load("never_returns", &["--load", "100/s,2s", "--timeout", "2"]);
    assert_eq!(run.code(), 3, "{}", run.stdout());
    let benchmark = run.benchmark("load::never_returns");
    assert_eq!(benchmark.status, Status::TimedOut);
}

#[test]
fn in_one_process_it_is_the_same() {
    let windows = windows(&load("md1", &["--in-process", "--load", "100/s,500ms"]));
    assert!(windows[0].completed > 0, "{windows:?}");
}

#[test]
fn what_has_no_load_mode_is_named() {
    let parallel = bench(&["--load", "known::parallel_sum"]);
    assert_eq!(parallel.code(), 2);
    let message = parallel.stderr();
    assert!(
        message.contains("known::parallel_sum") && message.contains("`parallel`"),
        "{message}"
    );
    for (flags, part) in [
        (["--load", "0/s"], "rate above 0"),
        (["--load", "-1/s"], "rate above 0"),
        (["--load", "1e300/s"], "rate above 0"),
        (["--schedule", "hourly"], "poisson or constant"),
    ] {
        let run = bench(&[&flags[..], &["known::free_wait"]].concat());
        assert_eq!(run.code(), 2, "{flags:?}");
        assert!(run.stderr().contains(part), "{}", run.stderr());
    }
}

/// Mean responses of the textbook at utilisation `rho`, s.
fn theory(queue: &str, rho: f64) -> f64 {
    match queue {
        "mm1" => SERVICE_S / (1.0 - rho),
        // Pollaczek and Khinchine, without variance of the service.
        "md1" => SERVICE_S * (1.0 + rho / (2.0 * (1.0 - rho))),
        // Erlang C for two servers.
        _ => SERVICE_S / (1.0 - rho * rho),
    }
}

/// `cargo test -p scalebench-e2e --test it means_of_queues -- --ignored --nocapture`; before it `chrt -f 10` where others have
/// the CPUs.
#[test]
#[ignore = "12 minutes, on a quiet machine"]
fn means_of_queues_are_within_10_percent_of_theory() {
    let mut misses = Vec::new();
    for (queue, servers) in [("mm1", 1.0), ("md1", 1.0), ("mm2", 2.0)] {
        for (rho, time) in [(0.5, 30), (0.7, 60), (0.8, 150)] {
            let rate = format!("{}/s,{time}s", rho * servers / SERVICE_S);
            let windows = windows(&load(queue, &["--load", &rate]));
            let (mean, count) = mean_response(&windows);
            let ratio = mean / theory(queue, rho);
            let late = windows[0].late_p99_ns / 1e3;
            println!(
                "{queue} at {:.0} %: {:.3} ms of {:.3} ms ({:+.1} %), {count} calls, p99 late {late:.0} us",
                100.0 * rho,
                1e3 * mean,
                1e3 * theory(queue, rho),
                100.0 * (ratio - 1.0),
            );
            misses.push((ratio - 1.0).abs());
        }
    }
    assert!(misses.iter().all(|&miss| miss < 0.1), "{misses:?}");
}

/// `cargo test -p scalebench-e2e --test it stall_shows -- --ignored --nocapture`
#[test]
#[ignore = "two minutes"]
fn a_stall_shows_in_the_p99_of_an_open_loop() {
    let open = windows(&load("stall", &["--load", "500/s,30s", "--threads", "4"]));
    let open = open[0].response.expect("responses");
    let flags = [
        "--threads",
        "1",
        "--rounds",
        "1",
        "--window",
        "10s",
        "--max-time",
        "60s",
    ];
    let closed = load("stall", &flags);
    let launches = record(&closed).benchmarks.remove(0).launches;
    let closed = launches[0].percentiles[0].clone();
    println!(
        "open loop p99 {:.1} ms; closed loop {closed:?}",
        open.p99_ns / 1e6
    );
    // 200 ms of every 10 s are 2 % of the arrivals, which wait 100 ms on average.
    assert!(open.p99_ns > 50e6, "{open:?}");
}

/// `cargo test --release -p scalebench-e2e --test it schedule_holds -- --ignored --nocapture`
#[test]
#[ignore = "half a minute, on a quiet machine"]
fn the_schedule_holds_at_a_thousand_and_at_twenty_thousand() {
    for rate in ["1000/s,5s", "20000/s,5s"] {
        for schedule in ["constant", "poisson"] {
            let windows = windows(&load("instant", &["--load", rate, "--schedule", schedule]));
            let window = &windows[0];
            let response = window.response.expect("responses");
            println!(
                "{rate} {schedule}: {} arrivals, p99 late {:.1} us, mean response {:.2} us, p50 {:.2} us, kept up: {}",
                window.arrivals,
                window.late_p99_ns / 1e3,
                response.mean_ns / 1e3,
                response.p50_ns / 1e3,
                window.kept_up
            );
        }
    }
}

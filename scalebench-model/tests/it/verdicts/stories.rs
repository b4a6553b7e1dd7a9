//! Speed-ups that pass the gate and losses that do not, as curves of latency.

use scalebench_model::build::report;
use scalebench_model::change::{Comparison, Scope, Thresholds};
use scalebench_model::data::{LaunchRecord, Mode, Run};
use scalebench_model::gate::{Limits, violations};
use scalebench_model::report::{Change, Pattern, Report, Verdict};
use scalebench_model::simulate::{LoadSimulation, Noise, Service, Simulation, Truth, run};

use crate::load;

/// A benchmark with these latencies (ns) by thread count; in parallel mode R(N) = N·T(N).
fn side(mode: Mode, points: &[(u32, f64)], seed: u64) -> Run {
    let threads: Vec<u32> = points.iter().map(|(n, _)| *n).collect();
    run(&[Simulation {
        mode,
        noise: Noise {
            launch: 0.002,
            launch_point: 0.002,
            window: 0.005,
            ..Noise::default()
        },
        seed,
        ..Simulation::new("b", Truth::Table(points.to_vec()), &threads)
    }])
}

fn compared(old: Run, new: Run) -> Report {
    let old = [old];
    let comparison = Comparison {
        baseline: "main",
        scope: Scope::Paired,
        runs: &old,
        thresholds: Thresholds::of(Scope::Paired),
    };
    report(&[new], Some(&comparison))
}

fn change(report: &Report) -> &Change {
    report.benchmarks[0].change.as_ref().expect("a change")
}

/// Compares by the gate of the recipe for CI: the report, whether that gate passes, and whether the strict one does.
fn gated(old: Run, new: Run) -> (Report, bool, bool) {
    let report = compared(old, new);
    let limits = Limits::parse("performance=2%,scalability=2%").expect("limits");
    let strict = Limits {
        strict: true,
        ..limits
    };
    let passes = |limits| violations(&report, limits).is_empty();
    let (usual, strict) = (passes(&limits), passes(&strict));
    (report, usual, strict)
}

fn concurrent(points: [(u32, f64); 3], seed: u64) -> Run {
    side(Mode::Concurrent, &points, seed)
}

#[test]
fn less_free_work_before_a_lock_is_saturated() {
    let (report, passes, strict) = gated(
        concurrent([(1, 3.0e6), (2, 3.0e6), (4, 6.05e6)], 1),
        concurrent([(1, 2.4e6), (2, 3.0e6), (4, 6.0e6)], 2),
    );
    let c = change(&report);
    assert!(passes && !strict, "{}", c.sentence);
    assert_eq!(
        (c.performance_verdict, c.scalability_verdict, c.pattern),
        (Verdict::Changed, Verdict::Neutral, Some(Pattern::Saturated))
    );
    assert!(
        c.short.starts_with("performance ×1.25 faster; scalability: saturated (the call got faster, throughput at 4 threads stayed)"),
        "{}",
        c.short
    );
    let told = &c.sentence;
    assert!(
        told.contains("scalability neutral, saturated: efficiency ×0.8"),
        "{told}"
    );
    assert!(
        told.contains("the scaling overhead took the rest (3.0") && told.contains("→ 3.6 ms)"),
        "{told}"
    );
    assert!(!told.contains("elsewhere"), "{told}");
    // Undone, the call got slower, and nothing scales better.
    let (report, passes, _) = gated(
        concurrent([(1, 2.4e6), (2, 3.0e6), (4, 6.0e6)], 2),
        concurrent([(1, 3.0e6), (2, 3.0e6), (4, 6.05e6)], 1),
    );
    let c = change(&report);
    assert!(!passes, "the call is slower: {}", c.sentence);
    assert_eq!(
        (c.scalability_verdict, c.pattern),
        (Verdict::Neutral, Some(Pattern::SlowerCall))
    );
    assert!(
        c.sentence
            .contains("Only the single call got slower: throughput at 4 threads did not rise."),
        "{}",
        c.sentence
    );
}

#[test]
fn less_work_inside_a_saturated_service_passes() {
    // Callers hand the service over in 0.1 ms, which does not get faster.
    let (report, passes, _) = gated(
        concurrent([(1, 2.0e6), (2, 4.2e6), (4, 8.4e6)], 3),
        concurrent([(1, 1.5e6), (2, 3.2e6), (4, 6.4e6)], 4),
    );
    let c = change(&report);
    assert!(passes, "{}", c.sentence);
    assert_eq!(c.performance_verdict, Verdict::Changed);
    assert!(c.scalability_verdict != Verdict::Changed, "{}", c.sentence);
}

#[test]
fn a_cheaper_hash_is_diluted() {
    let (report, passes, strict) = gated(
        concurrent([(1, 100.0), (2, 120.0), (8, 180.0)], 5),
        concurrent([(1, 70.0), (2, 90.0), (8, 150.0)], 6),
    );
    let c = change(&report);
    assert!(passes && strict, "{}", c.sentence);
    assert_eq!(c.pattern, Some(Pattern::Diluted));
    assert!(
        c.sentence.contains("diluted by the faster call"),
        "{}",
        c.sentence
    );
}

#[test]
fn a_gain_that_reaches_n_threads_in_part_is_absorbed() {
    let (report, passes, strict) = gated(
        concurrent([(1, 100.0), (2, 120.0), (8, 400.0)], 7),
        concurrent([(1, 50.0), (2, 80.0), (8, 370.0)], 8),
    );
    let c = change(&report);
    assert!(passes && !strict, "{}", c.sentence);
    assert_eq!(
        (c.scalability_verdict, c.pattern),
        (Verdict::Neutral, Some(Pattern::Absorbed))
    );
}

#[test]
fn where_throughput_is_too_noisy_the_gate_passes_and_the_sentence_says_what_is_open() {
    // Launches differ by a tenth at 4 threads, and other launches run beside each other.
    let noisy = |points, seed| {
        let mut run = concurrent(points, seed);
        let slower = [1.0, 1.1, 0.95, 1.05, 0.9];
        for (launch, slower) in run.benchmarks[0].launches.iter_mut().zip(slower) {
            launch.launch += seed as u32;
            for sample in launch.samples.iter_mut().filter(|s| s.threads == 4) {
                sample.calls /= slower;
                sample.counted_calls /= slower;
            }
        }
        run
    };
    let (report, passes, strict) = gated(
        noisy([(1, 3.0e6), (2, 3.0e6), (4, 6.0e6)], 1),
        noisy([(1, 1.5e6), (2, 3.0e6), (4, 6.0e6)], 2),
    );
    let c = change(&report);
    assert!(passes && !strict, "{}", c.sentence);
    assert_eq!(
        (c.scalability_verdict, c.pattern),
        (Verdict::Inconclusive, None)
    );
    assert!(
        c.sentence
            .contains("Efficiency fell; whether that is a loss, throughput (×"),
        "{}",
        c.sentence
    );
}

#[test]
fn real_losses_fail_the_gate() {
    let losses = [
        // A lock held longer, for work that was done outside of it before.
        (
            [(1, 1.50e6), (2, 1.5e6), (4, 4.0e6)],
            [(1, 1.5e6), (2, 1.7e6), (4, 4.8e6)],
        ),
        // A counter that all share, which costs one caller next to nothing.
        (
            [(1, 100.0), (2, 100.0), (8, 101.0)],
            [(1, 100.3), (2, 105.0), (8, 111.0)],
        ),
        // False sharing.
        (
            [(1, 10.0), (2, 10.0), (8, 10.2)],
            [(1, 10.0), (2, 20.0), (8, 30.0)],
        ),
        // A faster call that N threads pay for.
        (
            [(1, 10.0), (2, 11.0), (8, 20.0)],
            [(1, 8.0), (2, 20.0), (8, 60.0)],
        ),
    ];
    for (seed, (old, new)) in (10..).zip(losses) {
        let (report, passes, strict) = gated(concurrent(old, seed), concurrent(new, 100 + seed));
        let c = change(&report);
        assert!(!passes && !strict, "{}", c.sentence);
        assert_eq!(c.pattern, Some(Pattern::ScalesWorse), "{}", c.sentence);
        let violation = &violations(&report, &Limits::parse("scalability=2%").expect("limits"))[0];
        assert!(violation.certain && violation.sentence.contains("scalability x0."));
    }
}

#[test]
fn in_parallel_mode_a_serial_part_that_stays_dilutes() {
    // 20 of serial work and 80 that divide; R(N) = 20·N + 80. Then the 80 become 40.
    let r = |serial: f64, divided: f64| [1, 2, 8].map(|n| (n, f64::from(n) * serial + divided));
    let parallel = |points: [(u32, f64); 3], seed| side(Mode::Parallel, &points, seed);
    let (report, passes, _) = gated(parallel(r(20e3, 80e3), 1), parallel(r(20e3, 40e3), 2));
    let c = change(&report);
    assert!(passes, "{}", c.sentence);
    assert_eq!(c.pattern, Some(Pattern::Diluted), "{}", c.sentence);
    assert!(
        c.sentence
            .contains("overhead over all threads did not grow"),
        "{}",
        c.sentence
    );
    // A serial part that grows is a loss.
    let (report, passes, _) = gated(parallel(r(20e3, 80e3), 1), parallel(r(30e3, 70e3), 2));
    assert!(!passes, "{}", change(&report).sentence);
    assert_eq!(change(&report).pattern, Some(Pattern::ScalesWorse));
}

/// A server of 1.5 ms, before which each call works for `free_ns` on its own: a call's response is so much longer, and the
/// queue is as it was.
fn after_free_work(free_ns: f64, service_ns: f64, seed: u64) -> Run {
    let capacity = 1e9 / 1.5e6;
    let simulation = LoadSimulation {
        service: Service::Constant,
        arrivals: 3_000,
        launches: 6,
        rounds: 4,
        rates: load::ladder(capacity),
        seed,
        ..LoadSimulation::new("server", service_ns, &[])
    };
    let mut run = load::run(&simulation);
    let longer = |launch: &mut LaunchRecord| {
        for sample in &mut launch.samples {
            let callers = f64::from(sample.threads);
            let latency = sample.window_ns.max(free_ns + sample.window_ns / callers);
            *sample = scalebench_model::data::Sample::from_latency(
                Mode::Load,
                sample.round,
                sample.threads,
                latency.max(free_ns + service_ns),
            );
        }
        for response in launch
            .load
            .iter_mut()
            .filter_map(|sample| sample.response.as_mut())
        {
            for figure in [
                &mut response.mean_ns,
                &mut response.p50_ns,
                &mut response.p90_ns,
                &mut response.p99_ns,
                &mut response.p999_ns,
                &mut response.max_ns,
            ] {
                *figure += free_ns;
            }
        }
    };
    run.benchmarks[0].launches.iter_mut().for_each(longer);
    run
}

#[test]
fn under_load_a_faster_call_before_the_bottleneck_is_no_loss() {
    let old = || after_free_work(6.0e6, 1.5e6, 1);
    let (report, passes, _) = gated(old(), after_free_work(3.0e6, 1.5e6, 2));
    let c = change(&report);
    // At its own knee the new side carries less: its limit is shorter.
    assert!(c.throughput.estimate < 0.99, "{}", c.sentence);
    assert!(passes, "{}", c.sentence);
    assert_eq!(c.scalability_verdict, Verdict::Neutral, "{}", c.sentence);
    assert!(
        c.short.contains("within the response time of the old knee"),
        "{}",
        c.short
    );
    let (report, ..) = gated(after_free_work(3.0e6, 1.5e6, 2), old());
    assert_eq!(
        change(&report).pattern,
        Some(Pattern::SlowerCall),
        "{}",
        change(&report).sentence
    );
    // A server that got slower behind the same free work is a loss.
    let (report, passes, _) = gated(old(), after_free_work(5.5e6, 2.0e6, 3));
    assert!(!passes, "{}", change(&report).sentence);
    assert_eq!(change(&report).pattern, Some(Pattern::ScalesWorse));
}

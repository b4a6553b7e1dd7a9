//! Load mode, from made-up arrivals with known truth to the report.

use scalebench_model::build::report;
use scalebench_model::data::{LoadPlan, Run};
use scalebench_model::report::{Benchmark, Estimate, Flag, LoadPoint, Report};
use scalebench_model::simulate::{LoadSimulation, Service, run_of};

const MEAN_NS: f64 = 2e6;
const CAPACITY: f64 = 500.0;

/// These shares of a capacity, as rates.
pub(crate) fn ladder(capacity: f64) -> Vec<f64> {
    [0.05, 0.2, 0.4, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0, 1.1]
        .map(|share| share * capacity)
        .to_vec()
}

fn server() -> LoadSimulation {
    LoadSimulation::new("server", MEAN_NS, &ladder(CAPACITY))
}

pub(crate) fn run(simulation: &LoadSimulation) -> Run {
    run_of(
        vec![simulation.record()],
        8,
        simulation.rounds,
        simulation.seed,
    )
}

fn benchmark(simulation: &LoadSimulation) -> Benchmark {
    report(&[run(simulation)], None).benchmarks.remove(0)
}

/// M/M/1: responses are exponential with rate μ - λ, so the knee is where ln(100)/(μ - λ) is so many times 1/μ.
fn true_knee(capacity: f64, factor: f64) -> f64 {
    capacity * (1.0 - 100_f64.ln() / factor)
}

pub(crate) fn covers(e: &Estimate, truth: f64) -> bool {
    e.lower <= truth && truth <= e.upper
}

/// The point at a share of the capacity.
fn at(benchmark: &Benchmark, per_s: f64) -> &LoadPoint {
    let found = benchmark.load.iter().find(|p| p.offered_per_s == per_s);
    found.expect("a point")
}

fn mean(benchmark: &Benchmark, per_s: f64) -> f64 {
    at(benchmark, per_s)
        .response_ns
        .mean
        .expect("a mean")
        .estimate
}

#[test]
fn under_load_only_the_unloaded_latency_can_be_expected() {
    use scalebench_model::report::ExpectationVerdict::{Failed, NotApplicable, Passed};
    let mut data = run(&server());
    let expected = ["latency < 1s", "latency < 1ns", "efficiency(2) >= 0.1"];
    data.benchmarks[0].expectations = expected.map(str::to_owned).to_vec();
    let found = report(&[data], None).benchmarks.remove(0);
    let verdicts: Vec<_> = found.expectations.iter().map(|each| each.verdict).collect();
    assert_eq!(verdicts, [Passed, Failed, NotApplicable]);
    assert_eq!(found.expectations[0].estimate, found.unloaded_latency_ns);
}

#[test]
fn response_times_of_one_exponential_server_are_those_of_theory() {
    let found = benchmark(&server());
    for share in [0.05, 0.4, 0.6, 0.8] {
        let rate = share * CAPACITY;
        let point = at(&found, rate);
        let truth = 1e9 / (CAPACITY - rate);
        let mean = point.response_ns.mean.expect("a mean");
        assert!(
            (mean.estimate / truth - 1.0).abs() < 0.03,
            "{share}: {mean:?}"
        );
        let achieved = point.achieved_per_s.estimate;
        assert!((achieved / rate - 1.0).abs() < 0.02, "{share}: {achieved}");
    }
    let half = at(&found, 0.4 * CAPACITY).response_ns;
    let truth = 1e9 / (0.6 * CAPACITY);
    assert!(covers(&half.p99.expect("p99"), truth * 100_f64.ln()));
    let tail = half.p999.expect("p99.9").estimate / (truth * 1000_f64.ln());
    assert!((tail - 1.0).abs() < 0.1, "{tail}");
    // Past the capacity no more is achieved.
    let over = at(&found, 1.1 * CAPACITY).achieved_per_s.estimate;
    assert!(over < 1.01 * CAPACITY, "{over}");
    assert!(covers(
        &found.unloaded_latency_ns.expect("unloaded"),
        MEAN_NS
    ));
    let closed = found.closed_loop_per_s.expect("closed loop");
    assert!(
        (closed.estimate / CAPACITY - 1.0).abs() < 0.02,
        "{closed:?}"
    );
    assert!(found.points.is_empty() && found.laws.is_none() && found.cause.is_none());
}

#[test]
fn constant_service_and_two_servers_are_those_of_theory() {
    let constant = LoadSimulation {
        service: Service::Constant,
        ..server()
    };
    let found = benchmark(&constant);
    for share in [0.4, 0.6, 0.8] {
        // Pollaczek and Khinchine for M/D/1.
        let truth = MEAN_NS * (1.0 + share / (2.0 * (1.0 - share)));
        let mean = mean(&found, share * CAPACITY);
        assert!(
            (mean / truth - 1.0).abs() < 0.03,
            "{share}: {mean} for {truth}"
        );
    }
    let two = LoadSimulation {
        servers: 2,
        rates: ladder(2.0 * CAPACITY),
        ..server()
    };
    let found = benchmark(&two);
    for share in [0.4, 0.6, 0.8] {
        // M/M/2: S/(1 - share^2), Erlang's C for two servers worked out.
        let truth = MEAN_NS / (1.0 - share * share);
        let mean = mean(&found, share * 2.0 * CAPACITY);
        assert!(
            (mean / truth - 1.0).abs() < 0.03,
            "{share}: {mean} for {truth}"
        );
    }
}

#[test]
fn the_knee_is_where_theory_has_it() {
    for factor in [8.0, 10.0, 15.0] {
        let mut simulation = server();
        simulation.plan.knee_factor = factor;
        let found = benchmark(&simulation);
        let knee = found.knee_per_s.expect("a knee");
        let truth = true_knee(CAPACITY, factor);
        assert!(covers(&knee, truth), "{knee:?} for {truth}");
        assert!(
            (knee.estimate / truth - 1.0).abs() < 0.06,
            "{knee:?} for {truth}"
        );
    }
    let found = benchmark(&server());
    let sentence = found.load_sentence.expect("a sentence");
    assert!(sentence.starts_with("Up to 2"), "{sentence}");
    assert!(
        sentence.contains("10 times the unloaded 2.0 ms"),
        "{sentence}"
    );
}

#[test]
fn a_knee_that_was_not_reached_is_not_made_up() {
    let low = LoadSimulation {
        rates: vec![50.0, 100.0],
        ..server()
    };
    let found = benchmark(&low);
    assert_eq!(found.knee_per_s, None);
    let sentence = found.load_sentence.expect("a sentence");
    assert!(
        sentence.starts_with("The knee was not reached: at 100/s"),
        "{sentence}"
    );
    let high = LoadSimulation {
        rates: vec![400.0, 450.0],
        ..server()
    };
    let found = benchmark(&high);
    assert_eq!(found.knee_per_s, None);
    let sentence = found.load_sentence.expect("a sentence");
    assert!(
        sentence.starts_with("The knee lies below all rates: already at 400/s"),
        "{sentence}"
    );
    let few = LoadSimulation {
        arrivals: 50,
        ..server()
    };
    let found = benchmark(&few);
    assert_eq!(found.knee_per_s, None);
    let point = at(&found, 0.4 * CAPACITY);
    assert!(point.flags.contains(&Flag::FewCalls), "{:?}", point.flags);
    assert!(point.response_ns.p99.is_none() && point.response_ns.p90.is_some());
    assert!(
        found
            .load_sentence
            .expect("a sentence")
            .starts_with("No knee: no rate")
    );
}

/// The sentence about the knee where the generator was late at rates for which `late` holds.
fn sentence_at(rates: &[f64], late: fn(f64) -> bool) -> String {
    let simulation = LoadSimulation {
        rates: rates.to_vec(),
        ..server()
    };
    let mut data = run(&simulation);
    for launch in &mut data.benchmarks[0].launches {
        for sample in &mut launch.load {
            sample.kept_up = !late(sample.offered_per_s);
        }
    }
    let found = report(&[data], None).benchmarks.remove(0);
    assert_eq!(found.knee_per_s, None);
    found.load_sentence.expect("a sentence")
}

#[test]
fn rates_that_were_refused_are_said_and_say_nothing_of_the_knee() {
    let below = sentence_at(&[50.0, 100.0, 400.0, 450.0], |rate| rate < 200.0);
    assert!(
        below.starts_with("The knee lies below 400/s: already at 400/s"),
        "{below}"
    );
    assert!(
        below.ends_with("2 lower rates do not count: the generator was late."),
        "{below}"
    );
    let above = sentence_at(&[50.0, 100.0, 400.0], |rate| rate > 200.0);
    assert!(
        above.starts_with("The knee was not reached: at 100/s"),
        "{above}"
    );
    assert!(
        above.ends_with("1 higher rate does not count: the generator was late."),
        "{above}"
    );
}

#[test]
fn a_rate_that_cannot_be_carried_says_that_the_backlog_grew() {
    let beyond = sentence_at(&[600.0], |_| false);
    assert!(
        beyond.starts_with("The knee lies below 600/s: "),
        "{beyond}"
    );
    assert!(beyond.contains("600/s is more than the"), "{beyond}");
    assert!(beyond.contains("the backlog grew all the time"), "{beyond}");
    for carried in [&[400.0][..], &[400.0, 600.0]] {
        let sentence = sentence_at(carried, |_| false);
        assert!(!sentence.contains("backlog"), "{sentence}");
    }
}

/// The server at one rate, with so many arrivals in each of five windows a launch.
fn with_arrivals(arrivals: [u64; 5]) -> LoadPoint {
    let simulation = LoadSimulation {
        rates: vec![100.0],
        rounds: 5,
        ..server()
    };
    let mut data = run(&simulation);
    for launch in &mut data.benchmarks[0].launches {
        for (sample, arrivals) in launch.load.iter_mut().zip(arrivals) {
            sample.arrivals = arrivals;
            sample.completed = arrivals;
            sample.response.as_mut().expect("responses").count = arrivals;
        }
    }
    let report = report(&[data], None);
    at(&report.benchmarks[0], 100.0).clone()
}

#[test]
fn a_percentile_stands_on_enough_calls_or_is_not_given() {
    let known = |p: &LoadPoint| {
        let few = p.flags.contains(&Flag::FewCalls);
        let r = &p.response_ns;
        (few, r.p90.is_some(), r.p99.is_some(), r.p999.is_some())
    };
    for (arrivals, expected) in [
        ([99; 5], (true, true, false, false)),
        ([100; 5], (false, true, true, false)),
        ([999; 5], (false, true, true, false)),
        ([1000; 5], (false, true, true, true)),
        // Two busy windows do not speak for three that are not.
        ([90, 150, 90, 150, 90], (true, true, false, false)),
        ([90, 150, 150, 90, 150], (false, true, true, false)),
        ([900, 900, 1500, 900, 1500], (false, true, true, false)),
    ] {
        assert_eq!(known(&with_arrivals(arrivals)), expected, "{arrivals:?}");
    }
}

#[test]
fn a_point_whose_generator_was_late_is_refused() {
    let mut data = run(&server());
    for launch in &mut data.benchmarks[0].launches {
        for sample in &mut launch.load {
            // All of the highest rates, and once at a rate below the knee, where a nonsense must not count.
            let once = sample.offered_per_s == 100.0 && sample.round == 0;
            if sample.offered_per_s > 240.0 || once {
                sample.kept_up = false;
            }
            if let (true, Some(response)) = (once, &mut sample.response) {
                response.p99_ns = 1e12;
            }
        }
    }
    let found = report(&[data], None).benchmarks.remove(0);
    assert_eq!(found.knee_per_s, None, "{:?}", found.load_sentence);
    let refused = at(&found, 0.8 * CAPACITY);
    assert!(!refused.counted && refused.flags.contains(&Flag::GeneratorLate));
    let once = at(&found, 100.0);
    assert!(once.counted && once.flags.contains(&Flag::GeneratorLate));
    assert!(once.response_ns.p99.expect("p99").estimate < 1e9);
    let sentence = found.load_sentence.expect("a sentence");
    assert!(
        sentence.contains("at 200/s, the highest rate that counts"),
        "{sentence}"
    );
}

#[test]
fn calls_that_are_turned_away_are_lost() {
    let small = LoadSimulation {
        room: 8,
        ..server()
    };
    let data = run(&small);
    let report = report(&[data], None);
    let found = &report.benchmarks[0];
    let over = at(found, 1.1 * CAPACITY);
    assert!(over.flags.contains(&Flag::CallsLost) && over.counted);
    assert!(over.errors > 0 && over.response_ns.p99.is_none());
    assert!(over.response_ns.p50.is_some());
    let warning = report
        .warnings
        .iter()
        .find(|w| w.contains("ended with an error"));
    assert!(
        warning.is_some_and(|w| w.ends_with("the first: no room.")),
        "{:?}",
        report.warnings
    );
    // Hardly anyone waits for ten calls, yet from some rate on more than 1 % are lost: that is a knee, too.
    let knee = found.knee_per_s.expect("a knee").estimate;
    assert!(knee > 0.3 * CAPACITY && knee < 0.9 * CAPACITY, "{knee}");
}

#[test]
fn the_report_reads_back() {
    let report = report(&[run(&server())], None);
    let text = scalebench_model::render::json(&report);
    let back: Report = serde_json::from_str(&text).expect("a report");
    assert_eq!(back, report);
    assert!(
        !text.contains("null") && !text.contains("NaN"),
        "no figure that is none"
    );
}

#[test]
fn one_launch_says_that_it_is_one() {
    let one = LoadSimulation {
        launches: 1,
        rounds: 6,
        arrivals: 1_000,
        rates: vec![100.0, 200.0, 400.0],
        ..server()
    };
    let report = report(&[run(&one)], None);
    let found = &report.benchmarks[0];
    assert_eq!(found.scope, "within one process");
    assert!(
        found
            .load
            .iter()
            .all(|p| p.flags.contains(&Flag::WithinOneProcess))
    );
    assert!(found.knee_per_s.expect("a knee").level > 0.0);
    assert!(
        report
            .warnings
            .iter()
            .any(|w| w.contains("fewer than 3 launches"))
    );
}

#[test]
fn strange_records_make_no_strange_figures() {
    let mut data = run(&server());
    let record = &mut data.benchmarks[0];
    for (number, sample) in record
        .launches
        .iter_mut()
        .flat_map(|l| &mut l.load)
        .enumerate()
    {
        match number % 7 {
            0 => sample.offered_per_s = f64::NAN,
            1 => sample.window_ns = 0.0,
            2 => sample.arrivals = 0,
            3 => sample.response = None,
            4 => sample.errors = sample.arrivals,
            5 => sample.offered_per_s = -1.0,
            _ => sample.window_ns = f64::INFINITY,
        }
    }
    if let Some(plan) = &mut record.load {
        plan.knee_factor = f64::NAN;
    }
    let found = report(&[data], None);
    let text = scalebench_model::render::json(&found);
    let back: Report = serde_json::from_str(&text).expect("it reads back");
    assert_eq!(
        back.benchmarks[0].load.len(),
        found.benchmarks[0].load.len()
    );
}

/// How often the knee's interval covers the truth, for M/M/1 with process-level effects, and how far off it is on average.
///
/// The p99 of a window is too small on average, the more so the shorter the window, because a queue's times come in runs: with
/// 2,000 arrivals the knee is about 1 % too high and the truth is covered less often (0.92 with 5 launches), with 10,000 arrivals
/// 0.2 % (0.93 to 0.95). Both sides of a comparison share that.
/// `cargo test --release -p scalebench-model --test it load::knees_cover -- --ignored --nocapture`
#[test]
#[ignore = "takes minutes"]
fn knees_cover_the_truth() {
    for (launches, arrivals, least) in [(5, 2_000, 0.80), (5, 10_000, 0.86), (10, 10_000, 0.86)] {
        let trials = 100;
        let (mut covered, mut given, mut ratio) = (0, 0, 0.0);
        for trial in 0..trials {
            let simulation = LoadSimulation {
                launches,
                arrivals,
                launch_noise: 0.02,
                rates: [0.4, 0.6, 0.7].map(|share| share * CAPACITY).to_vec(),
                seed: trial,
                ..server()
            };
            let truth = true_knee(CAPACITY, LoadPlan::KNEE_FACTOR);
            if let Some(knee) = benchmark(&simulation).knee_per_s {
                given += 1;
                covered += u32::from(covers(&knee, truth));
                ratio += (knee.estimate / truth).ln();
            }
        }
        let share = f64::from(covered) / f64::from(given);
        let off = (ratio / f64::from(given)).exp();
        println!(
            "{launches} launches, {arrivals} arrivals a window: {given} of {trials} knees, {share:.2} cover, {off:.4} of the truth"
        );
        assert!(share > least, "{share}");
    }
}

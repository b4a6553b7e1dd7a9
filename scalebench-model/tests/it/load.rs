//! Load mode, from made-up arrivals with known truth to the report.

use scalebench_model::build::report;
use scalebench_model::change::{Comparison, Scope, Thresholds};
use scalebench_model::data::{LoadPlan, Run};
use scalebench_model::gate::{Limits, violations};
use scalebench_model::report::{Benchmark, Estimate, Flag, LoadPoint, Report, Verdict};
use scalebench_model::simulate::{LoadSimulation, Service, run_of};

const MEAN_NS: f64 = 2e6;
const CAPACITY: f64 = 500.0;

/// These shares of a capacity, as rates.
fn ladder(capacity: f64) -> Vec<f64> {
    [0.05, 0.2, 0.4, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0, 1.1]
        .map(|share| share * capacity)
        .to_vec()
}

fn server() -> LoadSimulation {
    LoadSimulation::new("server", MEAN_NS, &ladder(CAPACITY))
}

fn run(simulation: &LoadSimulation) -> Run {
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

fn covers(e: &Estimate, truth: f64) -> bool {
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

fn compare(old: &LoadSimulation, new: &LoadSimulation) -> Report {
    let old = [run(old)];
    let comparison = Comparison {
        baseline: "before",
        scope: Scope::Saved,
        runs: &old,
        thresholds: Thresholds::of(Scope::Saved),
    };
    report(&[run(new)], Some(&comparison))
}

/// Many calls, so that verdicts are certain.
fn long(mean_ns: f64, servers: u32, seed: u64) -> LoadSimulation {
    LoadSimulation {
        servers,
        service: Service::Constant,
        arrivals: 3_000,
        launches: 6,
        rounds: 4,
        rates: ladder(1e9 / mean_ns * f64::from(servers)),
        seed,
        ..LoadSimulation::new("server", mean_ns, &[])
    }
}

#[test]
fn a_faster_call_is_performance_alone() {
    let report = compare(&long(2e6, 1, 1), &long(1e6, 1, 2));
    let change = report.benchmarks[0].change.as_ref().expect("a change");
    assert_eq!(change.performance_verdict, Verdict::Changed);
    assert!(
        (change.performance.estimate - 2.0).abs() < 0.01,
        "{:?}",
        change.performance
    );
    assert!(
        (change.throughput.estimate / 2.0 - 1.0).abs() < 0.03,
        "{:?}",
        change.throughput
    );
    let product = change.performance.estimate * change.scalability.estimate;
    assert!(
        (product / change.throughput.estimate - 1.0).abs() < 1e-9,
        "T = P + E"
    );
    assert!(covers(&change.scalability, 1.0), "{:?}", change.scalability);
    assert_eq!(
        change.scalability_verdict,
        Verdict::Unchanged,
        "{}",
        change.sentence
    );
    assert!(
        change
            .sentence
            .starts_with("Under load: the knee moved from 3"),
        "{}",
        change.sentence
    );
    assert!(
        change
            .sentence
            .contains("(call 2.0 → 1.0 ms unloaded); scalability unchanged"),
        "{}",
        change.sentence
    );
    assert!(
        change.sentence.ends_with("All of the gain is performance."),
        "{}",
        change.sentence
    );
    let load = change.load.as_ref().expect("load");
    assert!(load.knees_compared && load.old_points.len() == 10);
}

#[test]
fn a_second_server_is_scalability_alone() {
    let report = compare(&long(2e6, 1, 1), &long(2e6, 2, 2));
    let change = report.benchmarks[0].change.as_ref().expect("a change");
    assert_eq!(change.performance_verdict, Verdict::Unchanged);
    assert_eq!(change.scalability_verdict, Verdict::Changed);
    // More than twice: two servers with one queue also share the waiting, so each can be kept busier.
    let factor = change.scalability.estimate;
    assert!((2.1..2.5).contains(&factor), "{factor}");
    let limits = Limits::parse("scalability=5%").expect("limits");
    assert!(violations(&report, &limits).is_empty());
    let back = compare(&long(2e6, 2, 2), &long(2e6, 1, 1));
    let lost = violations(&back, &limits);
    assert_eq!(lost.len(), 1);
    assert!(
        lost[0].certain && lost[0].sentence.contains("scalability x0.4"),
        "{}",
        lost[0].sentence
    );
}

#[test]
fn without_both_knees_only_performance_is_compared() {
    let low = LoadSimulation {
        rates: vec![50.0, 100.0],
        ..long(1e6, 1, 3)
    };
    let report = compare(&long(2e6, 1, 1), &low);
    let change = report.benchmarks[0].change.as_ref().expect("a change");
    assert_eq!(change.performance_verdict, Verdict::Changed);
    assert_eq!(change.scalability_verdict, Verdict::Inconclusive);
    assert_eq!(
        (change.scalability.estimate, change.scalability.level),
        (1.0, 0.0)
    );
    assert!(!change.compares_scalability());
    assert!(
        change
            .sentence
            .contains("now it was not reached up to 100/s"),
        "{}",
        change.sentence
    );
    assert!(
        change.sentence.contains("Scalability was not compared"),
        "{}",
        change.sentence
    );
    let strict = Limits {
        strict: true,
        ..Limits::parse("performance=5%,scalability=5%").expect("limits")
    };
    assert!(violations(&report, &strict).is_empty());
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
fn histories_follow_the_knee() {
    let mut runs: Vec<Run> = [long(2e6, 1, 1), long(2e6, 1, 2), long(1e6, 1, 3)]
        .iter()
        .map(run)
        .collect();
    for (number, run) in runs.iter_mut().enumerate() {
        run.id = format!("run-{number}");
        run.session = run.id.clone();
        run.started_unix_s = number as u64;
    }
    let newest = runs.split_off(2);
    let report = scalebench_model::build::session_with_history(&newest, &runs);
    let history = &report.benchmarks[0].history;
    assert_eq!(history.len(), 3);
    assert!(
        history
            .iter()
            .all(|p| p.knee_per_s.is_some() && p.efficiency.is_none())
    );
    assert!(history[1].performance_changed.is_none());
    let faster = history[2].performance_changed.expect("changed");
    assert!((faster.estimate - 2.0).abs() < 0.01, "{faster:?}");
    assert!(history[2].scalability_changed.is_none());
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

/// How often the knee's interval covers the truth, for M/M/1 with process-level effects.
///
/// The effects of a launch move its capacity and its unloaded latency alike; what is covered is the knee of a typical one.
/// `cargo test --release -p scalebench-model --test it load::knees_cover -- --ignored --nocapture`
#[test]
#[ignore = "takes minutes"]
fn knees_cover_the_truth() {
    for launches in [5, 10] {
        let trials = 400;
        let (mut covered, mut given, mut ratio) = (0, 0, 0.0);
        for trial in 0..trials {
            let simulation = LoadSimulation {
                launches,
                launch_noise: 0.02,
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
            "{launches} launches: {given} of {trials} knees, {share:.3} cover, {off:.4} of the truth on average"
        );
        assert!(share > 0.88, "{share}");
    }
}

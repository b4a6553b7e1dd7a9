//! What is never said, whatever the curve.

use proptest::prelude::*;
use scalebench_model::build::report;
use scalebench_model::data::{Axis, Mode, Preset};
use scalebench_model::laws::{Power, Usl};
use scalebench_model::render::{self, TerminalStyle};
use scalebench_model::report::{Dominant, Report};
use scalebench_model::simulate::{Noise, Simulation, Truth, run};

/// Any scaling at all, at each of the thread counts.
fn truth() -> impl Strategy<Value = Truth> {
    let lambda = || (-3.0..9.0_f64).prop_map(|e| 10_f64.powf(e));
    let share = || prop_oneof![Just(0.0), 0.0..1.2_f64, 0.0..30.0_f64];
    let usl = (lambda(), share(), share()).prop_map(|(lambda, sigma, kappa)| {
        let kappa = kappa * kappa / 30.0;
        Truth::Usl(Usl {
            lambda,
            sigma,
            kappa,
        })
    });
    let power = (lambda(), -1.5..1.5_f64)
        .prop_map(|(lambda, exponent)| Truth::Power(Power { lambda, exponent }));
    let table = prop::collection::vec((-1.0..6.0_f64).prop_map(|e| 10_f64.powf(e)), 70);
    let table = table.prop_map(|r| Truth::Table((1..).zip(r).collect()));
    let capacity = (lambda(), 1.0..70.0_f64).prop_map(|(lambda, capacity)| {
        let r = |n: u32| 1e9 / lambda * (f64::from(n) / capacity).max(1.0);
        Truth::Table((1..=70).map(|n| (n, r(n))).collect())
    });
    prop_oneof![3 => usl, 1 => power, 1 => table, 1 => capacity]
}

fn thread_counts() -> impl Strategy<Value = Vec<u32>> {
    prop_oneof![
        3 => prop::collection::btree_set(1_u32..=70, 1..12).prop_map(|n| n.into_iter().collect()),
        1 => Just(vec![1, 2]),
        2 => Just(vec![1, 2, 4, 8, 16]),
        1 => Just(vec![4, 8, 12, 16]),
    ]
}

/// A report on one benchmark.
fn any_report() -> impl Strategy<Value = Report> {
    let growth = prop::sample::select(vec![Dominant::Blocked, Dominant::OnCpu, Dominant::Waiting]);
    let axis = prop::sample::select(vec![Axis::Threads, Axis::Tasks, Axis::Processes]);
    let how = (any::<bool>(), 1_u32..6, 1_u32..4, any::<bool>());
    let noise = prop_oneof![Just(0.0), Just(0.01), Just(0.3)];
    (truth(), thread_counts(), noise, growth, axis, how).prop_map(
        |(truth, threads, noise, growth, axis, (parallel, launches, rounds, external))| {
            let mut data = run(&[Simulation {
                mode: if parallel {
                    Mode::Parallel
                } else {
                    Mode::Concurrent
                },
                noise: Noise {
                    launch_point: noise,
                    window: noise / 2.0,
                    ..Noise::default()
                },
                growth,
                launches,
                rounds,
                cpus: 16,
                ..Simulation::new("any", truth, &threads)
            }]);
            data.benchmarks[0].axis = axis;
            if external {
                data.plan.preset = Preset::External;
            }
            report(&[data], None)
        },
    )
}

/// The sentences of the report, and those that renderers print.
fn sentences(report: &Report) -> Vec<String> {
    let mut all = report.warnings.clone();
    for benchmark in &report.benchmarks {
        all.extend(benchmark.summary.clone());
        all.extend(benchmark.laws.as_ref().map(|laws| laws.sentence.clone()));
        all.extend(benchmark.cause.as_ref().map(|cause| cause.sentence.clone()));
    }
    let style = TerminalStyle {
        width: 10_000,
        color: false,
        unicode: true,
    };
    let terminal = render::terminal(report, &style);
    let labels = ["scaling", "cause", "law", "warning:", "No "];
    let labelled = |line: &&str| labels.iter().any(|l| line.trim_start().starts_with(l));
    all.extend(terminal.lines().filter(labelled).map(str::to_owned));
    // The cells of the figures stand before those of the words.
    let markdown = render::markdown(report);
    let rows = markdown.lines().filter(|line| line.starts_with("| `"));
    all.extend(rows.map(|row| row.splitn(5, '|').last().unwrap_or("").to_owned()));
    let html = render::html(report).expect("a page");
    let paragraphs = html.split("<p>").skip(1);
    all.extend(paragraphs.map(|p| p.split("</p>").next().unwrap_or("").to_owned()));
    all
}

/// The numbers of every percentage in a text: before the sign, and in the interval behind it.
fn percentages(text: &str) -> Vec<f64> {
    let mut found = Vec::new();
    let parts: Vec<&str> = text.split(" %").collect();
    for (i, part) in parts.iter().enumerate().skip(1) {
        let is_number = |c: char| c.is_ascii_digit() || ".-−e".contains(c);
        let before = parts[i - 1];
        let from = before.trim_end_matches(is_number).len();
        found.extend(before[from..].replace('−', "-").parse::<f64>());
        if let Some(interval) = part.strip_prefix(" [") {
            let inside = interval.split(']').next().unwrap_or("");
            found.extend(inside.split(", ").filter_map(|n| n.parse::<f64>().ok()));
        }
    }
    found
}

/// Whether "1 threads" stands in a text, but not as the end of "21 threads".
fn says_one_threads(text: &str) -> bool {
    let plurals = ["1 threads", "1 tasks", "1 processes", "1 callers"];
    plurals.iter().any(|words| {
        text.match_indices(words).any(|(at, _)| {
            let before = text[..at].chars().next_back();
            !before.is_some_and(|c| c.is_ascii_digit() || c == '.')
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn no_share_is_above_all_or_below_nothing(report in any_report()) {
        for sentence in sentences(&report) {
            for percentage in percentages(&sentence) {
                prop_assert!((0.0..=100.0).contains(&percentage), "{percentage}: {sentence}");
            }
            prop_assert!(!says_one_threads(&sentence), "{sentence}");
            prop_assert!(!sentence.contains("NaN") && !sentence.contains("inf"), "{sentence}");
        }
    }
}

#[test]
fn the_test_sees_what_it_forbids() {
    assert_eq!(
        percentages("180 % [140, 221] of it, -0.5 % more"),
        [180.0, 140.0, 221.0, -0.5]
    );
    assert!(says_one_threads("peaks near 1 threads") && !says_one_threads("at 21 threads"));
    let report = report(
        &[run(&[Simulation::new(
            "any",
            Truth::Table(vec![(1, 1e3)]),
            &[1, 2, 4, 8],
        )])],
        None,
    );
    let sentences = sentences(&report);
    for says in [
        "scaling  Scales linearly to 8 threads.",
        "law  Linear within 0.10 %.",
    ] {
        assert!(sentences.iter().any(|s| s.contains(says)), "{sentences:?}");
    }
    let linear = "Scales linearly to 8 threads.";
    assert!(
        sentences
            .iter()
            .filter(|s| s.contains(linear) || s.contains("linearly</a> to 8"))
            .count()
            >= 4,
        "{sentences:?}"
    );
}

//! Reports that should not be, but might: every renderer still returns something sound.

use scalebench_model::data::Mode;
use scalebench_model::render::{
    TerminalStyle, bmf, csv, github_action_benchmark, html, json, markdown, terminal,
};
use scalebench_model::report::{Estimate, Report};

use crate::fixture;

/// Everything that is drawn of a report, but for its own JSON.
fn drawn(report: &Report) -> Vec<(&'static str, String)> {
    let style = TerminalStyle {
        width: 80,
        color: true,
        unicode: true,
    };
    let files = github_action_benchmark(report);
    vec![
        ("html", html(report).expect("the page is drawn")),
        ("terminal", terminal(report, &style)),
        ("markdown", markdown(report)),
        ("csv", csv(report)),
        ("bmf", bmf(report)),
        ("smaller", files.smaller_is_better),
        ("bigger", files.bigger_is_better),
    ]
}

/// A report in which every figure is `value`.
fn all(value: f64) -> Report {
    let mut report = fixture::everything();
    report.benchmarks.extend(fixture::values());
    let estimate = Estimate {
        estimate: value,
        lower: value,
        upper: value,
        level: 0.95,
    };
    report.host.steal = Some(value);
    report.host.quota_cpus = Some(value);
    for b in &mut report.benchmarks {
        for p in &mut b.points {
            p.latency_ns = estimate;
            p.wall_latency_ns = estimate;
            p.throughput_per_s = estimate;
            p.efficiency = Some(estimate);
            p.speedup = Some(estimate);
            p.surcharge_ns = Some(estimate);
            p.overlap = value;
            p.ceiling = Some(value);
            p.ceiling_streaming = Some(value);
            p.on_cpu_ns = Some(value);
            p.waiting_ns = Some(value);
            p.blocked_ns = Some(value);
            p.disturbed = value;
            p.fairness = Some(value);
            if let Some(q) = &mut p.percentiles_ns {
                (q.p50, q.p90, q.p99, q.p999, q.max) = (value, value, value, value, value);
            }
        }
        if let Some(laws) = &mut b.laws {
            laws.lambda = Some(value);
            laws.sigma = Some(estimate);
            laws.kappa = Some(estimate);
            laws.capacity = Some(estimate);
            laws.largest_miss = Some(value);
            laws.peak_threads = Some(value);
            for k in &mut laws.karp_flatt {
                k.serial_fraction = estimate;
            }
            for c in &mut laws.curve {
                c.latency_ns = estimate;
                c.efficiency = estimate;
            }
        }
        if let Some(change) = &mut b.change {
            change.throughput = estimate;
            change.performance = estimate;
            change.scalability = estimate;
            for p in &mut change.old_points {
                p.latency_ns = value;
                p.throughput_per_s = value;
                p.efficiency = Some(value);
            }
        }
    }
    report
}

#[test]
fn no_figure_is_so_wild_that_it_breaks_anything() {
    let values = [
        f64::NAN,
        f64::INFINITY,
        f64::NEG_INFINITY,
        0.0,
        -1.0,
        1e-300,
        f64::MIN_POSITIVE,
        1e300,
        f64::MAX,
    ];
    for value in values {
        for (name, text) in drawn(&all(value)) {
            let words = |word: &str| {
                text.split(|c: char| !c.is_alphanumeric())
                    .any(|w| w.eq_ignore_ascii_case(word))
            };
            // The script may speak of isNaN; as a word of its own it would be a figure.
            assert!(!words("nan") && !words("inf"), "{name} of {value}");
        }
    }
}

#[test]
fn thread_counts_may_be_anything() {
    for threads in [
        vec![],
        vec![0],
        vec![1],
        vec![7],
        vec![0, 1, u32::MAX],
        (1..=256).collect(),
    ] {
        let mut benchmark = fixture::curve("odd", Mode::Concurrent, &threads, |n| 5.0 + n);
        benchmark.laws = Some(fixture::law(6.0, 0.1, 0.01, &benchmark.points));
        drawn(&fixture::report(vec![benchmark]));
    }
}

#[test]
fn the_same_report_is_drawn_the_same() {
    let report = fixture::everything();
    let stored: Report = serde_json::from_str(&json(&report)).expect("valid JSON");
    assert_eq!(drawn(&report), drawn(&stored));
}

#[test]
fn every_benchmark_stands_in_every_form() {
    let report = fixture::everything();
    for (name, text) in drawn(&report) {
        for benchmark in &report.benchmarks {
            // Trackers get figures only.
            if !benchmark.points.is_empty()
                || matches!(name, "html" | "terminal" | "markdown" | "csv")
            {
                let id = benchmark.id.as_str();
                let sections = text.contains(id);
                let imported = name == "bigger" && id == "awkward::imported";
                assert!(sections || imported, "{name} lacks {id}");
            }
        }
    }
}

//! What is an expectation, and what is said of a text that is none.

use proptest::prelude::*;
use scalebench_expect::{Comparison, Expectation, Fault, Limit, Metric, Unit, parse};

fn one(text: &str) -> Expectation {
    let list = parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    assert_eq!(list.len(), 1, "{text}");
    list[0].expectation
}

/// A text with its metric, thread count, comparison, and limit in ns, as a share or ratio, or per second.
type Read = (&'static str, Metric, u32, Comparison, f64);

const READ: [Read; 13] = [
    (
        "latency <= 200ns",
        Metric::Latency,
        1,
        Comparison::AtMost,
        200.0,
    ),
    (
        "latency(8)<1.5 us",
        Metric::Latency,
        8,
        Comparison::Below,
        1_500.0,
    ),
    (
        "latency(1) <= 2 \u{b5}s",
        Metric::Latency,
        1,
        Comparison::AtMost,
        2e3,
    ),
    (
        "overhead(4) <= 50 ms",
        Metric::Overhead,
        4,
        Comparison::AtMost,
        50e6,
    ),
    (
        "overhead(4) <= 1s",
        Metric::Overhead,
        4,
        Comparison::AtMost,
        1e9,
    ),
    (
        "efficiency(8) >= 0.7",
        Metric::Efficiency,
        8,
        Comparison::AtLeast,
        0.7,
    ),
    (
        "efficiency ( 0_8 ) > 70 %",
        Metric::Efficiency,
        8,
        Comparison::Above,
        0.7,
    ),
    (
        "efficiency(2) >= 250%",
        Metric::Efficiency,
        2,
        Comparison::AtLeast,
        2.5,
    ),
    (
        "speedup(8) >= 5.5",
        Metric::Speedup,
        8,
        Comparison::AtLeast,
        5.5,
    ),
    (
        "throughput(1) >= 1_000/s",
        Metric::Throughput,
        1,
        Comparison::AtLeast,
        1e3,
    ),
    (
        "throughput(4) >= 5 M / s",
        Metric::Throughput,
        4,
        Comparison::AtLeast,
        5e6,
    ),
    (
        "throughput(4) >= 5k/s",
        Metric::Throughput,
        4,
        Comparison::AtLeast,
        5e3,
    ),
    (
        "throughput(4) >= 5G/s",
        Metric::Throughput,
        4,
        Comparison::AtLeast,
        5e9,
    ),
];

#[test]
fn every_metric_and_unit_is_read() {
    for (text, metric, threads, comparison, value) in READ {
        let read = one(text);
        assert_eq!(
            (
                read.metric,
                read.threads,
                read.comparison,
                read.limit.value()
            ),
            (metric, threads, comparison, value),
            "{text}"
        );
    }
}

#[test]
fn commas_divide_and_may_end_a_list() {
    let list = parse("latency <= 200ns, overhead(4) <= 50ns,").expect("a list");
    let texts: Vec<String> = list
        .iter()
        .map(|each| each.expectation.to_string())
        .collect();
    assert_eq!(texts, ["latency <= 200ns", "overhead(4) <= 50ns"]);
    assert_eq!(list[1].threads_at, 27..28);
    assert_eq!(list[1].metric_at, 18..26);
}

#[test]
fn each_fault_is_told_apart_and_found() {
    use Metric::{Efficiency, Latency, Overhead, Speedup, Throughput};
    for (text, fault, found) in [
        ("", Fault::Empty, ""),
        ("  ", Fault::Empty, ""),
        ("latncy <= 1ns", Fault::Metric, "latncy"),
        (">= 3", Fault::Metric, ">="),
        ("latency <= 1ns,, latency <= 2ns", Fault::Metric, ""),
        ("p99(8) <= 2us", Fault::Later, "p99"),
        ("allocations <= 2", Fault::Later, "allocations"),
        (
            "efficiency >= 0.7",
            Fault::NoThreads(Efficiency),
            "efficiency",
        ),
        ("efficiency(x) >= 0.7", Fault::Threads(Efficiency), "x"),
        ("efficiency(0) >= 0.7", Fault::Threads(Efficiency), "0"),
        ("efficiency(-1) >= 0.7", Fault::Threads(Efficiency), "-1"),
        ("latency() <= 7ns", Fault::Threads(Latency), ""),
        ("latency(8 <= 7ns", Fault::Threads(Latency), "8"),
        (
            "speedup(99999999999) >= 1",
            Fault::Threads(Speedup),
            "99999999999",
        ),
        ("efficiency(1) >= 0.7", Fault::Trivial(Efficiency), "1"),
        ("overhead(1) <= 7ns", Fault::Trivial(Overhead), "1"),
        ("latency", Fault::NoComparison, "latency"),
        ("latency 200ns", Fault::NoComparison, "latency"),
        ("efficiency(8) == 0.7", Fault::Comparison, "=="),
        ("efficiency(8) => 0.7", Fault::Comparison, "=>"),
        ("latency <=", Fault::NoNumber(Latency), "latency <="),
        (
            "latency <=, latency <= 1ns",
            Fault::NoNumber(Latency),
            "latency <=",
        ),
        ("latency <= -3ns", Fault::Number(Latency), "-3ns"),
        ("latency <= 1.2.3ns", Fault::Number(Latency), "1.2.3ns"),
        ("latency <= much", Fault::Number(Latency), "much"),
        ("latency <= )", Fault::Number(Latency), ")"),
        ("latency <= .5ns", Fault::Number(Latency), ".5ns"),
        ("latency <= 200", Fault::NoUnit(Latency), "200"),
        ("throughput(2) >= 5", Fault::NoUnit(Throughput), "5"),
        ("latency <= 200parsecs", Fault::Unit(Latency), "parsecs"),
        ("latency <= 200%", Fault::Unit(Latency), "%"),
        ("latency <= 200NS", Fault::Unit(Latency), "NS"),
        ("throughput(2) >= 5M", Fault::Unit(Throughput), "M"),
        ("throughput(2) >= 5/min", Fault::Unit(Throughput), "/min"),
        ("efficiency(8) >= 70ns", Fault::Unit(Efficiency), "ns"),
        ("speedup(8) >= 5x", Fault::Unit(Speedup), "x"),
        ("efficiency(8) >= 70", Fault::Share, "70"),
        ("latency <= 1ns latency <= 2ns", Fault::Rest, "latency"),
        ("latency <= 1ns)", Fault::Rest, ")"),
    ] {
        let error = parse(text).expect_err(text);
        assert_eq!(
            (error.fault, error.found.as_str()),
            (fault, found),
            "{text}"
        );
        assert!(!error.help().is_empty() && !error.problem().is_empty());
    }
}

fn any_expectation() -> impl Strategy<Value = Expectation> {
    let limits = |metric: Metric| {
        let units = match metric {
            Metric::Latency | Metric::Overhead => vec![
                Unit::Nanosecond,
                Unit::Microsecond,
                Unit::Millisecond,
                Unit::Second,
            ],
            Metric::Efficiency => vec![Unit::Percent],
            Metric::Speedup => vec![Unit::One],
            Metric::Throughput => vec![
                Unit::PerSecond,
                Unit::ThousandPerSecond,
                Unit::MillionPerSecond,
                Unit::BillionPerSecond,
            ],
        };
        let number = prop_oneof![
            0.0..10.0_f64,
            0.0..1e15_f64,
            (0_u32..1000).prop_map(f64::from)
        ];
        (number, prop::sample::select(units)).prop_map(|(number, unit)| Limit { number, unit })
    };
    let comparisons = vec![
        Comparison::AtMost,
        Comparison::AtLeast,
        Comparison::Below,
        Comparison::Above,
    ];
    prop::sample::select(Metric::ALL.to_vec()).prop_flat_map(move |metric| {
        let threads = if metric.is_relative() { 2 } else { 1 };
        let comparison = prop::sample::select(comparisons.clone());
        (threads..=u32::MAX, comparison, limits(metric)).prop_map(
            move |(threads, comparison, limit)| Expectation {
                metric,
                threads,
                comparison,
                limit,
            },
        )
    })
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(expectation in any_expectation()) {
        prop_assert_eq!(one(&expectation.to_string()), expectation);
    }

    #[test]
    fn any_text_is_read_or_refused_within_it(text in ".{0,40}") {
        if let Err(error) = parse(&text) {
            prop_assert!(error.at.start <= error.at.end && error.at.end <= text.len());
            prop_assert!(text.get(error.at).is_some());
        }
    }

    #[test]
    fn any_likely_text_is_read_or_refused_within_it(
        text in "(latency|efficiency|speedup)?[ (]{0,2}[0-9]{0,2}[ )]{0,2}[<>=]{0,2} ?[0-9.]{0,4} ?[a-z%/]{0,3},?"
    ) {
        if let Err(error) = parse(&text) {
            prop_assert!(text.get(error.at).is_some());
        }
    }
}

//! Whether what was expected came true.

use scalebench_expect::{Comparison, Expectation, Metric, parse};

use super::figure::figure;
use crate::data::{Axis, BenchmarkRecord, Mode};
use crate::report::{self, Benchmark, Estimate, ExpectationVerdict};
use crate::words;

/// Judges what a record expects by the report of its benchmark; `cpus` are those of the machine.
pub(crate) fn judge(
    record: &BenchmarkRecord,
    benchmark: &Benchmark,
    cpus: u32,
) -> Vec<report::Expectation> {
    let texts = record.expectations.iter();
    texts
        .map(|text| one(text, record, benchmark, cpus))
        .collect()
}

fn one(
    text: &str,
    record: &BenchmarkRecord,
    benchmark: &Benchmark,
    cpus: u32,
) -> report::Expectation {
    let found = read(text).and_then(|expected| {
        let estimate = figure(&expected, record, benchmark, cpus)?;
        Ok((expected, estimate))
    });
    match found {
        Err(reason) => report::Expectation {
            text: text.to_owned(),
            verdict: ExpectationVerdict::NotApplicable,
            estimate: None,
            sentence: format!("{text} does not apply: {reason}."),
        },
        Ok((expected, estimate)) => {
            let verdict = verdict(expected.comparison, expected.limit.value(), &estimate);
            report::Expectation {
                text: text.to_owned(),
                verdict,
                estimate: Some(estimate),
                sentence: sentence(text, &expected, verdict, &estimate, benchmark),
            }
        }
    }
}

/// The one expectation of a text; records of later versions may hold others.
fn read(text: &str) -> Result<Expectation, String> {
    match parse(text).as_deref() {
        Ok([one]) => Ok(one.expectation),
        _ => Err("this version of ScaleBench cannot read it".to_owned()),
    }
}

/// The verdict on a figure with its interval.
///
/// | the interval | verdict |
/// | --- | --- |
/// | lies wholly on the right side of the limit | passed |
/// | lies wholly on the wrong side | failed |
/// | holds the limit, or is not known | undecided |
fn verdict(comparison: Comparison, limit: f64, figure: &Estimate) -> ExpectationVerdict {
    let is_known = figure.level > 0.0;
    let ends = [figure.lower, figure.upper].map(|end| comparison.holds(end, limit));
    match ends {
        [true, true] if is_known => ExpectationVerdict::Passed,
        [false, false] if is_known => ExpectationVerdict::Failed,
        _ => ExpectationVerdict::Undecided,
    }
}

fn sentence(
    text: &str,
    expected: &Expectation,
    verdict: ExpectationVerdict,
    estimate: &Estimate,
    benchmark: &Benchmark,
) -> String {
    let what = subject(expected, benchmark.mode, benchmark.axis);
    let figure = match expected.metric {
        Metric::Latency | Metric::Overhead => words::time_estimate(estimate),
        Metric::Efficiency => words::share_estimate(estimate),
        Metric::Speedup => words::estimate(estimate),
        Metric::Throughput => words::rate_estimate(estimate),
    };
    let (word, why) = match verdict {
        ExpectationVerdict::Passed => ("passed", ""),
        ExpectationVerdict::Failed => ("failed", ""),
        _ if estimate.level > 0.0 => (
            "is undecided",
            "; the limit lies within the interval, which more launches would narrow",
        ),
        _ => (
            "is undecided",
            " without an interval, which takes several launches or rounds",
        ),
    };
    format!("{text} {word}: {what} is {figure}{why}.")
}

/// What the figure is, in words.
fn subject(expected: &Expectation, mode: Mode, axis: Axis) -> String {
    let name = match expected.metric {
        Metric::Latency if mode == Mode::Load => return "the unloaded latency".to_owned(),
        Metric::Latency if expected.threads == 1 => return "the single-call latency".to_owned(),
        Metric::Latency => "latency",
        Metric::Efficiency => "scaling efficiency",
        Metric::Speedup => "speedup",
        Metric::Throughput => "throughput",
        Metric::Overhead => "scaling overhead",
    };
    format!("the {name} at {}", axis.count(expected.threads))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_interval_decides() {
        use Comparison::{Above, AtLeast, AtMost, Below};
        use ExpectationVerdict::{Failed, Passed, Undecided};
        for (comparison, lower, upper, verdict_of_seven) in [
            (AtLeast, 7.0, 9.0, Passed),
            (AtLeast, 6.9, 9.0, Undecided),
            (AtLeast, 5.0, 6.9, Failed),
            (AtLeast, 5.0, 7.0, Undecided),
            (Above, 7.1, 9.0, Passed),
            (Above, 7.0, 9.0, Undecided),
            (Above, 5.0, 7.0, Failed),
            (AtMost, 5.0, 7.0, Passed),
            (AtMost, 5.0, 7.1, Undecided),
            (AtMost, 7.1, 9.0, Failed),
            (AtMost, 7.0, 9.0, Undecided),
            (Below, 5.0, 6.9, Passed),
            (Below, 5.0, 7.0, Undecided),
            (Below, 7.0, 9.0, Failed),
        ] {
            let mut estimate = Estimate {
                estimate: (lower + upper) / 2.0,
                lower,
                upper,
                level: 0.95,
            };
            let of = |estimate: &Estimate| verdict(comparison, 7.0, estimate);
            assert_eq!(
                of(&estimate),
                verdict_of_seven,
                "{comparison:?} {lower} {upper}"
            );
            estimate.level = 0.0;
            assert_eq!(of(&estimate), Undecided, "nothing is known of its spread");
        }
    }
}

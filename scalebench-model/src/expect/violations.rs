//! The expectations that a gate does not let pass.

use crate::gate::Violation;
use crate::report::{ExpectationVerdict, Report};

/// The expectations of a report that failed, in the order of its benchmarks; with `strict` also those that the data cannot
/// decide. What does not apply is none of them.
#[must_use]
pub fn violations(report: &Report, strict: bool) -> Vec<Violation> {
    let mut found = Vec::new();
    for benchmark in &report.benchmarks {
        for expectation in &benchmark.expectations {
            let certain = expectation.verdict == ExpectationVerdict::Failed;
            let doubtful = strict && expectation.verdict == ExpectationVerdict::Undecided;
            if !certain && !doubtful {
                continue;
            }
            let id = &benchmark.id;
            let sentence = expectation.sentence.trim_end_matches('.');
            let why = match certain {
                true => "",
                false => ", which the strict gate does not let pass",
            };
            found.push(Violation {
                id: id.clone(),
                location: benchmark.location.clone(),
                factor: None,
                certain,
                sentence: format!("{id}: {sentence}{why}"),
            });
        }
    }
    found
}

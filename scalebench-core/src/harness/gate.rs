//! `--gate` and `--expect`: fails the run when a benchmark has lost more than is allowed, or misses what is expected.

use scalebench_model::expect;
use scalebench_model::gate::{Limits, Violation, violations};
use scalebench_model::report::Report;

use crate::options::Options;
use crate::say::{command, tell};

/// Says which benchmarks have lost too much or miss what is expected of them; whether there are any.
pub(super) fn closed(options: &Options, report: &Report) -> bool {
    let mut found = losses(options, report);
    found.extend(expect::violations(report, options.comparing.strict));
    for violation in &found {
        tell(format_args!("gate: {}", violation.sentence));
        // GitHub's runner reads standard output.
        if std::env::var_os("GITHUB_ACTIONS").is_some() {
            command(&violation.annotation());
        }
    }
    if let Some(first) = found.first() {
        tell(format_args!(
            "to look at it again: cargo bench -- --exact '{}' --ci",
            first.id
        ));
    }
    !found.is_empty()
}

/// What was lost beyond the limits, where there are any.
fn losses(options: &Options, report: &Report) -> Vec<Violation> {
    let Some(limits) = options.comparing.gate else {
        return Vec::new();
    };
    if report.benchmarks.iter().all(|each| each.change.is_none()) {
        tell("gate: nothing to compare with yet, so nothing was judged");
    }
    let limits = Limits {
        strict: options.comparing.strict,
        ..limits
    };
    violations(report, &limits)
}

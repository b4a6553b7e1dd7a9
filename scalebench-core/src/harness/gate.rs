//! `--gate`: fails the run when a benchmark has lost more than is allowed.

use std::io::Write;

use scalebench_model::gate::{Limits, violations};
use scalebench_model::report::Report;

use crate::options::Options;
use crate::say::tell;

/// Says which benchmarks have lost too much; whether there are any.
pub(super) fn closed(options: &Options, report: &Report) -> bool {
    let Some(limits) = options.comparing.gate else {
        return false;
    };
    if report.benchmarks.iter().all(|each| each.change.is_none()) {
        tell("gate: nothing to compare with yet, so nothing was judged");
    }
    let limits = Limits {
        strict: options.comparing.strict,
        ..limits
    };
    let found = violations(report, &limits);
    for violation in &found {
        tell(format_args!("gate: {}", violation.sentence));
        // GitHub's runner reads standard output.
        if std::env::var_os("GITHUB_ACTIONS").is_some() {
            let _ = writeln!(std::io::stdout(), "{}", violation.annotation());
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

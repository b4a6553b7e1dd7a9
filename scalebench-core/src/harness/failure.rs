//! Why something failed, in words.

use scalebench_model::data::{BenchmarkRecord, Failure};

use crate::say::tell;

/// Says which functions could not even be listed.
pub(crate) fn tell_of(broken: &[BenchmarkRecord]) {
    for record in broken {
        let why = record.failure.as_ref().map_or(String::new(), in_full);
        tell(format_args!("error: `{}` failed: {why}", record.id));
    }
}

/// What happened, and where.
pub(super) fn in_short(failure: &Failure) -> String {
    let place = failure.place.as_ref();
    let place = place.map_or(String::new(), |place| format!(" at {place}"));
    format!("{}{place}", failure.message)
}

/// The same, and what was printed last.
pub(super) fn in_full(failure: &Failure) -> String {
    let output = failure.output.as_ref();
    let output = output.map_or(String::new(), |output| format!("\n{output}"));
    format!("{}{output}", in_short(failure))
}

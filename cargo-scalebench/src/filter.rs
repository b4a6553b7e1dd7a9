//! `--filter NAME`: only the benchmarks that are named.

use scalebench_model::report::Report;

use crate::exit::Failure;

/// Leaves the benchmarks on the report whose id contains one of `filters`; all without any.
///
/// # Errors
/// When none does.
pub(crate) fn keep(report: &mut Report, filters: &[String]) -> Result<(), Failure> {
    if filters.is_empty() {
        return Ok(());
    }
    let all = report.benchmarks.len();
    let named = |id: &str| filters.iter().any(|filter| id.contains(filter.as_str()));
    report.benchmarks.retain(|benchmark| named(&benchmark.id));
    if report.benchmarks.is_empty() {
        let filters: Vec<String> = filters.iter().map(|f| format!("`{f}`")).collect();
        return Err(Failure::usage(format!(
            "no benchmark has {} in its name ({all} do not)",
            filters.join(" or ")
        )));
    }
    Ok(())
}

//! What is expected, before anything is measured: whether this run can tell.

use scalebench_model::data::{Axis, Mode};
use scalebench_model::expect::{Expectation, Metric, parse};
use scalebench_model::sort;

use crate::options::Options;
use crate::planner::{BenchmarkPlan, RunPlan};
use crate::protocol::BenchmarkInfo;

/// Checks that each expectation is about something that `plan` measures; `cpus` are those of the machine.
///
/// # Errors
/// The first that is not, and what to write.
pub(super) fn check(options: &Options, plan: &RunPlan, cpus: u32) -> Result<(), String> {
    for expected in &options.expect {
        of_command_line(expected, plan)?;
    }
    for benchmark in &plan.benchmarks {
        for member in benchmark.members() {
            of_attribute(options, plan, benchmark, member, cpus)?;
        }
    }
    Ok(())
}

/// Some selected benchmark must have the figure.
fn of_command_line(expected: &Expectation, plan: &RunPlan) -> Result<(), String> {
    if plan
        .benchmarks
        .iter()
        .any(|each| has_figure(each, expected))
    {
        return Ok(());
    }
    let threads = expected.threads;
    let swept = || plan.benchmarks.iter().filter(|each| each.load.is_none());
    if swept().next().is_none() || swept().any(|each| each.threads.contains(&threads)) {
        return Err(format!(
            "error: no selected benchmark has the figure of `{expected}`\n\
             help: under load there is only the unloaded latency, as `latency`; a parallel call has no scaling overhead"
        ));
    }
    let mut measured: Vec<u32> = swept().flat_map(|each| each.threads.clone()).collect();
    sort::distinct(&mut measured);
    let axis = swept().next().map_or(Axis::Threads, |each| each.info.axis);
    Err(format!(
        "error: `{expected}` names {}, which no selected benchmark measures\n\
         help: name one of {}, or measure {threads}, too, as with `--{} {},{threads}`",
        axis.count(threads),
        list(&measured),
        flag(axis),
        list(&measured).replace(' ', ""),
    ))
}

fn has_figure(benchmark: &BenchmarkPlan, expected: &Expectation) -> bool {
    if benchmark.load.is_some() {
        return (expected.metric, expected.threads) == (Metric::Latency, 1);
    }
    let is_absent = benchmark.info.mode == Mode::Parallel && expected.metric == Metric::Overhead;
    benchmark.threads.contains(&expected.threads) && !is_absent
}

/// The attribute may name any count that the benchmark measures, or more than the machine has CPUs for. Counts from the
/// command line are for one run, so that what they leave out is no fault of the attribute.
fn of_attribute(
    options: &Options,
    plan: &RunPlan,
    benchmark: &BenchmarkPlan,
    info: &BenchmarkInfo,
    cpus: u32,
) -> Result<(), String> {
    let axis = info.axis;
    let by_flag = match axis {
        Axis::Threads => options.threads.is_some(),
        Axis::Tasks => options.tasks.is_some(),
        Axis::Processes => options.processes.is_some(),
        Axis::Callers => options.processes.is_some() || options.threads.is_some(),
    };
    if by_flag || benchmark.load.is_some() {
        return Ok(());
    }
    for expected in expected(options, info) {
        let threads = expected.threads;
        let too_many = info.threads.is_none() && axis != Axis::Tasks && threads > cpus;
        if too_many || measures(plan, info, threads) {
            continue;
        }
        let id = &info.id;
        let counts = list(&benchmark.threads);
        return Err(format!(
            "error: `{id}` expects `{expected}`, and is not measured at {}\n\
             help: name one of {counts} there, or write `{} = [{counts}, {threads}]` beside it",
            axis.count(threads),
            flag(axis),
        ));
    }
    Ok(())
}

/// What the attribute alone expects.
fn expected(options: &Options, info: &BenchmarkInfo) -> impl Iterator<Item = Expectation> {
    let read = info.expectations.iter().filter_map(|text| parse(text).ok());
    let read = read.flatten().map(|written| written.expectation);
    read.filter(|expected| !options.expect.contains(expected))
}

/// Whether the function is measured at so many: in a grid each number of threads is a benchmark of its own.
fn measures(plan: &RunPlan, info: &BenchmarkInfo, threads: u32) -> bool {
    let same = |other: &BenchmarkInfo| other.location == info.location;
    let mut benchmarks = plan.benchmarks.iter();
    benchmarks.any(|each| each.threads.contains(&threads) && each.members().any(same))
}

/// The flag and the option that say what is counted.
fn flag(axis: Axis) -> &'static str {
    match axis {
        Axis::Threads => "threads",
        Axis::Tasks => "tasks",
        Axis::Processes | Axis::Callers => "processes",
    }
}

fn list(counts: &[u32]) -> String {
    let counts: Vec<String> = counts.iter().map(u32::to_string).collect();
    counts.join(", ")
}

#[cfg(test)]
mod tests {
    use scalebench_model::data::{Host, Location};

    use super::*;
    use crate::planner;

    /// What is said of benchmarks on a machine of 4 CPUs, with what the flags expect.
    fn said(flags: &str, options: Options, benchmarks: Vec<BenchmarkInfo>) -> Option<String> {
        let host = Host {
            cpus: 4,
            physical_cores: 4,
            ..Host::default()
        };
        let list = parse(flags).unwrap_or_default();
        let options = Options {
            expect: list.iter().map(|written| written.expectation).collect(),
            ..options
        };
        let plan = planner::plan(&options, &host, benchmarks, Vec::new());
        check(&options, &plan, host.cpus).err()
    }

    fn info(id: &str, threads: Option<Vec<u32>>, expectation: &str) -> BenchmarkInfo {
        let expectation = Some(expectation).filter(|text| !text.is_empty());
        BenchmarkInfo {
            threads,
            expectations: expectation.map(str::to_owned).into_iter().collect(),
            location: Location {
                file: id.to_owned(),
                line: 1,
            },
            ..BenchmarkInfo::plain(id)
        }
    }

    fn threads(counts: &[u32]) -> Options {
        Options {
            threads: Some(counts.to_vec()),
            ..Options::default()
        }
    }

    #[test]
    fn a_flag_names_what_some_benchmark_measures() {
        let all = || {
            vec![
                info("a", Some(vec![2]), ""),
                info("b", Some(vec![2, 8]), ""),
            ]
        };
        let of = |flags| said(flags, Options::default(), all());
        assert_eq!(
            of("efficiency(8) > 0.5, latency < 1s, latency(2) < 1s"),
            None
        );
        let error = of("efficiency(8) > 0.5, speedup(16) > 3").expect("refused");
        assert!(
            error.contains("`speedup(16) > 3` names 16 threads"),
            "{error}"
        );
        assert!(error.contains("\nhelp: name one of 1, 2, 8,"), "{error}");
        assert!(error.contains("`--threads 1,2,8,16`"), "{error}");
    }

    #[test]
    fn a_flag_asks_for_a_figure_that_there_is() {
        let with_mode = |mode| BenchmarkInfo {
            mode,
            ..info("a", Some(vec![2]), "")
        };
        let of = |mode, flags| said(flags, Options::default(), vec![with_mode(mode)]);
        assert_eq!(of(Mode::Load, "latency < 1s"), None);
        assert!(of(Mode::Load, "latency(2) < 1s").is_some());
        assert_eq!(of(Mode::Parallel, "speedup(2) > 1"), None);
        assert!(of(Mode::Parallel, "overhead(2) < 1s").is_some());
    }

    #[test]
    fn an_attribute_names_what_it_measures_or_more_than_there_are_cpus() {
        let of = |options, threads, text: &str| said("", options, vec![info("a", threads, text)]);
        let usual = Options::default;
        assert_eq!(of(usual(), Some(vec![2]), "speedup(2) > 1"), None);
        assert_eq!(of(usual(), Some(vec![2]), "throughput(1) > 1/s"), None);
        assert_eq!(of(usual(), None, "speedup(64) > 1"), None, "too few CPUs");
        let error = of(usual(), Some(vec![2]), "speedup(3) > 1").expect("refused");
        assert!(error.contains("`a` expects `speedup(3) > 1`"), "{error}");
        assert!(error.contains("`threads = [1, 2, 3]`"), "{error}");
        // A list that was written out is not excused by the machine.
        assert!(of(usual(), Some(vec![2]), "speedup(64) > 1").is_some());
        // One run with other counts.
        assert_eq!(of(threads(&[2]), Some(vec![4]), "speedup(4) > 1"), None);
    }

    #[test]
    fn what_both_expect_is_expected_once() {
        let mut options = threads(&[2]);
        options.expect = parse("speedup(2) > 1")
            .expect("valid")
            .iter()
            .map(|each| each.expectation)
            .collect();
        let mut texts = vec!["speedup(2) > 1".to_owned()];
        options.expect_more(&mut texts);
        assert_eq!(texts.len(), 1);
    }
}

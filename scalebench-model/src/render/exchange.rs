//! The forms that other programs read: Bencher's and github-action-benchmark's.

use serde_json::{Map, Value, json};

use super::facts;
use super::figure;
use super::glyphs::UNICODE;
use crate::report::{Benchmark, Estimate, Point, Report};

/// The points whose figures another program may track over time: those that count.
fn tracked(report: &Report) -> impl Iterator<Item = (String, &Benchmark, &Point)> {
    report.benchmarks.iter().flat_map(|b| {
        b.points
            .iter()
            .filter(|p| p.counted && facts::measured(p))
            .map(move |p| (name(b, p), b, p))
    })
}

/// One name for each thread count, so that a series keeps its meaning when the largest count that counts changes.
fn name(benchmark: &Benchmark, point: &Point) -> String {
    format!(
        "{} at {}",
        benchmark.id,
        benchmark.axis.count(point.threads)
    )
}

/// The two figures of a benchmark in load mode: the unloaded latency and the knee, as far as they are known.
type UnderLoad<'a> = (String, Option<&'a Estimate>, Option<&'a Estimate>);

/// Each benchmark in load mode that has any of the two.
fn under_load(report: &Report) -> impl Iterator<Item = UnderLoad<'_>> {
    let known = |b: &&Benchmark| b.unloaded_latency_ns.is_some() || b.knee_per_s.is_some();
    report.benchmarks.iter().filter(known).map(|b| {
        let name = format!("{} under load", b.id);
        (name, b.unloaded_latency_ns.as_ref(), b.knee_per_s.as_ref())
    })
}

fn pretty(value: &Value) -> String {
    format!("{value:#}\n")
}

/// The report in Bencher Metric Format: for every thread count that counts `latency` (ns), `throughput` (calls per
/// second) and, above one thread, `scaling-efficiency` (0 to 1), with the ends of the intervals. In load mode the unloaded
/// `latency` and `load-at-knee` (calls per second), as far as they are known.
///
/// Source of the format: Bencher's documentation, "Bencher Metric Format (BMF)".
///
/// ```
/// # use scalebench_model::{data::{Host, Schema}, render, report::Report};
/// # let report = Report { schema: Schema::report(), host: Host::default(), runs: vec![], warnings: vec![], benchmarks: vec![] };
/// assert_eq!(render::bmf(&report), "{}\n");
/// ```
#[must_use]
pub fn bmf(report: &Report) -> String {
    let mut benchmarks = Map::new();
    for (name, _, point) in tracked(report) {
        let mut measures = Map::new();
        let mut add = |slug: &str, estimate: &Estimate| {
            if let Some(metric) = metric(estimate) {
                measures.insert(slug.into(), metric);
            }
        };
        add("latency", &point.latency_ns);
        add("throughput", &point.throughput_per_s);
        if let Some(efficiency) = point.efficiency.as_ref().filter(|_| point.threads > 1) {
            add("scaling-efficiency", efficiency);
        }
        benchmarks.insert(name, Value::Object(measures));
    }
    for (name, unloaded, knee) in under_load(report) {
        let measures = [("latency", unloaded), ("load-at-knee", knee)]
            .into_iter()
            .filter_map(|(slug, e)| Some((slug.to_owned(), metric(e?)?)));
        benchmarks.insert(name, Value::Object(measures.collect()));
    }
    pretty(&Value::Object(benchmarks))
}

fn metric(estimate: &Estimate) -> Option<Value> {
    let Estimate {
        estimate: value,
        lower,
        upper,
        level,
    } = *estimate;
    if !value.is_finite() {
        return None;
    }
    let interval = level > 0.0 && lower.is_finite() && upper.is_finite();
    Some(if interval {
        json!({"value": value, "lower_value": lower, "upper_value": upper})
    } else {
        json!({"value": value})
    })
}

/// The two files that github-action-benchmark reads, as JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GithubActionBenchmark {
    /// For `tool: customSmallerIsBetter`: latency in ns for every thread count that counts, and unloaded in load mode.
    pub smaller_is_better: String,
    /// For `tool: customBiggerIsBetter`: efficiency in percent for every thread count above 1 that counts, and the calls
    /// per second at the knee in load mode.
    pub bigger_is_better: String,
}

/// The report for github-action-benchmark, which wants what should shrink and what should grow in two files.
///
/// Source of the format: the action's README, "customBiggerIsBetter" and "customSmallerIsBetter".
///
/// ```
/// # use scalebench_model::{data::{Host, Schema}, render, report::Report};
/// # let report = Report { schema: Schema::report(), host: Host::default(), runs: vec![], warnings: vec![], benchmarks: vec![] };
/// assert_eq!(render::github_action_benchmark(&report).smaller_is_better, "[]\n");
/// ```
#[must_use]
pub fn github_action_benchmark(report: &Report) -> GithubActionBenchmark {
    let mut latency = Vec::new();
    let mut efficiency = Vec::new();
    for benchmark in &report.benchmarks {
        let name = |what: &str| format!("{} {what}", benchmark.id);
        let unloaded = benchmark.unloaded_latency_ns.iter();
        latency.extend(unloaded.filter_map(|e| entry(&name("unloaded"), "ns", e, 1.0, benchmark)));
        let knee = benchmark.knee_per_s.iter();
        efficiency
            .extend(knee.filter_map(|e| entry(&name("at the knee"), "calls/s", e, 1.0, benchmark)));
    }
    for (name, benchmark, point) in tracked(report) {
        latency.extend(entry(&name, "ns", &point.latency_ns, 1.0, benchmark));
        if let Some(e) = point.efficiency.as_ref().filter(|_| point.threads > 1) {
            efficiency.extend(entry(&name, "%", e, 100.0, benchmark));
        }
    }
    GithubActionBenchmark {
        smaller_is_better: pretty(&Value::Array(latency)),
        bigger_is_better: pretty(&Value::Array(efficiency)),
    }
}

fn entry(name: &str, unit: &str, e: &Estimate, scale: f64, benchmark: &Benchmark) -> Option<Value> {
    if !e.estimate.is_finite() {
        return None;
    }
    let mut entry = json!({"name": name, "unit": unit, "value": e.estimate * scale});
    let half = (e.upper - e.lower) / 2.0 * scale;
    if e.level > 0.0 && half.is_finite() {
        entry["range"] = json!(format!("± {}", figure::plain(half, &UNICODE)));
    }
    let has_interval = entry.get("range").is_some() && !benchmark.scope.is_empty();
    let scope = has_interval.then(|| format!("interval: {}", benchmark.scope));
    let change = benchmark.change.as_ref().filter(|c| !c.short.is_empty());
    let change = change.map(|c| format!("against {}: {}", c.baseline, c.short));
    let extra: Vec<String> = scope.into_iter().chain(change).collect();
    if !extra.is_empty() {
        entry["extra"] = json!(extra.join("\n"));
    }
    Some(entry)
}

//! A function that was measured with several values: both figures of each, side by side on common axes.

use std::cmp::Ordering;

use serde::Serialize;

use super::chart::{Multiples, Shared};
use super::escape::escape;
use crate::data::Parameter;
use crate::render::facts;
use crate::render::visible::visible;
use crate::report::{Benchmark, Report};

/// With more values than this the charts would be a page of their own.
const MOST_CHARTS: usize = 48;

/// What the template shows of one function. Fields that end in `_html` are markup made here; all others are plain text.
#[derive(Debug, Serialize)]
pub(super) struct Values {
    index: usize,
    name: String,
    about: String,
    left_out: String,
    /// Whether it was measured under load.
    loaded: bool,
    charts_html: Vec<String>,
}

/// Each function that was measured with several values, after the place on the report of its first benchmark.
pub(super) fn values_sections(report: &Report, shared: &mut Shared) -> Vec<(usize, Values)> {
    families(report)
        .into_iter()
        .map(|family| {
            let first = family.members[0];
            (first, Values::of(report, family, first, shared))
        })
        .collect()
}

/// The benchmarks of one function, each with other values.
struct Family<'a> {
    function: &'a str,
    members: Vec<usize>,
}

/// All functions of at least two values of which it is known what a call costs alone, in the order of the report.
fn families(report: &Report) -> Vec<Family<'_>> {
    let mut families: Vec<Family<'_>> = Vec::new();
    for (index, benchmark) in report.benchmarks.iter().enumerate() {
        let Some(function) = function(benchmark) else {
            continue;
        };
        // As a rule it is the last one: benchmarks are sorted by id.
        let mut known = families.iter_mut().rev();
        match known.find(|family| family.function == function) {
            Some(family) => family.members.push(index),
            None => families.push(Family {
                function,
                members: vec![index],
            }),
        }
    }
    let measured = |index: &&usize| facts::alone(&report.benchmarks[**index]).is_some();
    families.retain(|family| family.members.iter().filter(measured).count() > 1);
    families
}

/// The id without the parameters that it ends with; `None` where it does not.
pub(super) fn function(benchmark: &Benchmark) -> Option<&str> {
    let mut rest = benchmark.id.as_str();
    for Parameter { name, value } in benchmark.parameters.iter().rev() {
        rest = rest
            .strip_suffix(value.as_str())?
            .strip_suffix('=')?
            .strip_suffix(name.as_str())?
            .strip_suffix('/')?;
    }
    (!benchmark.parameters.is_empty()).then_some(rest)
}

impl Values {
    fn of(report: &Report, family: Family<'_>, index: usize, shared: &mut Shared) -> Self {
        let all = family.members.len();
        let mut members: Vec<(usize, &Benchmark)> = family
            .members
            .into_iter()
            .map(|index| (index, &report.benchmarks[index]))
            .filter(|(_, benchmark)| facts::alone(benchmark).is_some())
            .collect();
        let without_figures = all - members.len();
        crate::sort::by(&mut members, &|(_, a), (_, b)| by_value(a, b));
        let about = about(&members[0].1.parameters, members.len());
        let too_many = members.len().saturating_sub(MOST_CHARTS);
        members.truncate(MOST_CHARTS);
        let benchmarks: Vec<&Benchmark> = members.iter().map(|(_, b)| *b).collect();
        let multiples = Multiples::of(&benchmarks, shared);
        Self {
            index,
            name: visible(family.function),
            about,
            left_out: left_out(without_figures, too_many),
            loaded: benchmarks.iter().any(|b| facts::under_load(b)),
            charts_html: members
                .iter()
                .map(|(index, benchmark)| {
                    let name = escape(&parameters(&benchmark.parameters));
                    let link = format!("<a href=\"#b{index}\"><bdi>{name}</bdi></a>");
                    multiples.chart(benchmark, &link)
                })
                .collect(),
        }
    }
}

/// `4 values of size`, `12 combinations of size and text`.
fn about(parameters: &[Parameter], count: usize) -> String {
    let names: Vec<String> = parameters.iter().map(|p| visible(&p.name)).collect();
    match names.split_last() {
        Some((only, [])) => format!("{count} values of {only}"),
        Some((last, before)) => {
            format!("{count} combinations of {} and {last}", before.join(", "))
        }
        None => String::new(),
    }
}

fn left_out(without_figures: usize, too_many: usize) -> String {
    let mut parts = Vec::new();
    if without_figures > 0 {
        parts.push(format!("{without_figures} without figures"));
    }
    if too_many > 0 {
        parts.push(format!("{too_many} more have no room here"));
    }
    parts.join(", ")
}

fn parameters(parameters: &[Parameter]) -> String {
    let texts: Vec<String> = parameters
        .iter()
        .map(|p| format!("{} = {}", visible(&p.name), visible(&p.value)))
        .collect();
    texts.join(", ")
}

/// Numbers by size and before words, so that 1024 comes after 16.
fn by_value(a: &Benchmark, b: &Benchmark) -> Ordering {
    let key = |p: &Parameter| (p.value.parse::<f64>().ok(), p.value.clone());
    a.parameters
        .iter()
        .map(key)
        .zip(b.parameters.iter().map(key))
        .map(|(a, b)| match (a.0, b.0) {
            (Some(a), Some(b)) => a.total_cmp(&b),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => a.1.cmp(&b.1),
        })
        .find(|order| order.is_ne())
        .unwrap_or(Ordering::Equal)
}

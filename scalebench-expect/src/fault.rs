//! Why a text is no expectation, and what to write instead.

use std::fmt::{self, Display};
use std::ops::Range;

use crate::{Metric, Unit};

/// A text that is no list of expectations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseError {
    /// What is wrong.
    pub fault: Fault,
    /// Where, in bytes of the text; where something is missing, what it is missing from. Empty where the text is.
    pub at: Range<usize>,
    /// What stands there.
    pub found: String,
}

/// What is wrong with a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// There is nothing.
    Empty,
    /// It does not begin with a metric.
    Metric,
    /// The metric is one that this version cannot judge.
    Later,
    /// The metric needs a thread count.
    NoThreads(Metric),
    /// What stands in the parentheses is no thread count.
    Threads(Metric),
    /// At 1 thread the metric is what it is by definition.
    Trivial(Metric),
    /// There is no comparison.
    NoComparison,
    /// The comparison is none of the four.
    Comparison,
    /// There is no limit.
    NoNumber(Metric),
    /// The limit is no number from 0 up.
    Number(Metric),
    /// The number has no unit.
    NoUnit(Metric),
    /// The unit is none of the metric's.
    Unit(Metric),
    /// A share above 200 % that was not given in per cent.
    Share,
    /// Something follows that is no comma.
    Rest,
}

impl ParseError {
    /// What is wrong, without a full stop.
    #[must_use]
    pub fn problem(&self) -> String {
        let found = &self.found;
        match self.fault {
            Fault::Empty => "nothing is expected".to_owned(),
            Fault::Metric if found.is_empty() => "a metric is missing".to_owned(),
            Fault::Metric => format!("there is no metric `{found}`"),
            Fault::Later => format!("`{found}` cannot be expected in this version"),
            Fault::NoThreads(metric) => format!("`{}` needs a thread count", metric.name()),
            Fault::Threads(_) if found.is_empty() => "a thread count is missing".to_owned(),
            Fault::Threads(_) => format!("`{found}` is not a thread count"),
            Fault::Trivial(metric) => format!(
                "`{}(1)` is {} by definition",
                metric.name(),
                match metric {
                    Metric::Overhead => "0",
                    Metric::Efficiency => "100 %",
                    _ => "1",
                }
            ),
            Fault::NoComparison => format!("`{found}` lacks a comparison"),
            Fault::Comparison => format!("`{found}` is not a comparison"),
            Fault::NoNumber(_) => format!("`{found}` lacks a limit"),
            Fault::Number(_) => format!("`{found}` is not a number from 0 up"),
            Fault::NoUnit(_) => format!("the unit of `{found}` is missing"),
            Fault::Unit(metric) => format!("`{found}` is not a unit of {}", metric.name()),
            Fault::Share => format!("an efficiency of `{found}` is more than 200 %"),
            Fault::Rest => format!("`{found}` belongs to no expectation"),
        }
    }

    /// The text on a line, and marks under what is wrong with it on the next.
    ///
    /// ```
    /// let text = "latency <= 3 ps";
    /// let error = scalebench_expect::parse(text).unwrap_err();
    /// assert_eq!(error.marked(text), "latency <= 3 ps\n             ^^");
    /// ```
    #[must_use]
    pub fn marked(&self, text: &str) -> String {
        let line: String = text
            .chars()
            .map(|letter| if letter.is_control() { ' ' } else { letter })
            .collect();
        let width = |part: Option<&str>| part.map_or(0, |part| part.chars().count());
        let before = " ".repeat(width(text.get(..self.at.start)));
        let marks = "^".repeat(width(text.get(self.at.clone())).max(1));
        format!("{line}\n{before}{marks}")
    }

    /// What to write, without a full stop.
    #[must_use]
    pub fn help(&self) -> String {
        match self.fault {
            Fault::Empty => format!("write, for example, `{}`", Metric::Efficiency.example()),
            Fault::Metric | Fault::Later => format!(
                "write one of latency, latency(N), {}",
                Metric::ALL[1..]
                    .iter()
                    .map(|metric| format!("{}(N)", metric.name()))
                    .collect::<Vec<_>>()
                    .join(", ")
            ),
            Fault::NoThreads(metric) | Fault::Threads(metric) => format!(
                "write a whole number from {} up in parentheses, as in `{}`",
                if metric.is_relative() { 2 } else { 1 },
                at_threads(metric)
            ),
            Fault::Trivial(metric) => format!(
                "name a thread count from 2 up, as in `{}`",
                at_threads(metric)
            ),
            Fault::NoComparison | Fault::Comparison => {
                format!(
                    "write <=, >=, < or >, as in `{}`",
                    Metric::Latency.example()
                )
            }
            Fault::NoNumber(metric)
            | Fault::Number(metric)
            | Fault::NoUnit(metric)
            | Fault::Unit(metric) => {
                format!("write {}, as in `{}`", units(metric), metric.example())
            }
            Fault::Share => "write 70% or 0.7".to_owned(),
            Fault::Rest => "put a comma between two expectations".to_owned(),
        }
    }
}

/// What is written behind a metric's limits.
fn units(metric: Metric) -> String {
    let units = metric.units();
    let named: Vec<&str> = units
        .iter()
        .filter(|unit| **unit != Unit::One)
        .map(|unit| unit.name())
        .collect();
    match named.split_last() {
        None => "a plain number".to_owned(),
        Some((last, [])) => format!("a number with {last}, or a plain one"),
        Some((last, first)) => format!("a number with {} or {last}", first.join(", ")),
    }
}

fn at_threads(metric: Metric) -> &'static str {
    match metric {
        Metric::Latency => "latency(8) <= 250ns",
        other => other.example(),
    }
}

impl Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.problem(), self.help())
    }
}

impl std::error::Error for ParseError {}

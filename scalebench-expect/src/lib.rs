//! What a benchmark is expected to reach, as text: `efficiency(8) >= 0.7`, `latency <= 200ns`.
//!
//! The attribute checks such texts while compiling, the command line at its start, and the report judges them. All three
//! read them here, so that there is one grammar. It stands in a crate of its own, without dependencies, because the
//! attribute must not make a user's compiler build the whole model for the host first.
//!
//! ```text
//! list        = expectation { "," expectation } [ "," ]
//! expectation = metric [ "(" N ")" ] comparison number [ unit ]
//! metric      = "latency" | "efficiency" | "speedup" | "throughput" | "overhead"
//! comparison  = "<=" | ">=" | "<" | ">"
//! unit        = "ns" | "us" | "µs" | "ms" | "s" | "%" | "/s" | "k/s" | "M/s" | "G/s"
//! ```
#![forbid(unsafe_code)]

mod cursor;
mod fault;
mod parse;

use std::fmt::{self, Display};

pub use fault::{Fault, ParseError};
pub use parse::{Written, parse};

/// One expectation of a benchmark.
///
/// Its text is canonical: [`parse`] makes the same value of it.
///
/// ```
/// let written = scalebench_expect::parse("latency( 1 )<= 0.2 us, efficiency(8) > 70 %").unwrap();
/// let texts: Vec<String> = written.iter().map(|each| each.expectation.to_string()).collect();
/// assert_eq!(texts, ["latency <= 0.2us", "efficiency(8) > 70%"]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Expectation {
    /// What is expected.
    pub metric: Metric,
    /// At how many threads (or what the benchmark's axis counts), from 1; from 2 where the metric refers to N = 1.
    pub threads: u32,
    /// Which side of the limit is right.
    pub comparison: Comparison,
    /// The limit.
    pub limit: Limit,
}

/// What can be expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Metric {
    /// L(N), the time that one call takes while N threads call; at N = 1 the single-call latency.
    Latency,
    /// X(N)/(N·X(1)), the scaling efficiency.
    Efficiency,
    /// X(N)/X(1), the speedup.
    Speedup,
    /// X(N), calls a second over all threads.
    Throughput,
    /// L(N) − L(1), the scaling overhead of a call.
    Overhead,
}

/// How a figure is compared with the limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `<=`
    AtMost,
    /// `>=`
    AtLeast,
    /// `<`
    Below,
    /// `>`
    Above,
}

/// A number with its unit, as it was written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limit {
    /// The number, finite and at least 0.
    pub number: f64,
    /// Its unit.
    pub unit: Unit,
}

/// What a limit is given in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// A plain number: a share or a ratio.
    One,
    /// `%`
    Percent,
    /// `ns`
    Nanosecond,
    /// `us`, or `µs` with either of the code points that print so.
    Microsecond,
    /// `ms`
    Millisecond,
    /// `s`
    Second,
    /// `/s`
    PerSecond,
    /// `k/s`
    ThousandPerSecond,
    /// `M/s`
    MillionPerSecond,
    /// `G/s`
    BillionPerSecond,
}

impl Metric {
    /// All of them, in the order in which messages list them.
    pub const ALL: [Self; 5] = [
        Self::Latency,
        Self::Efficiency,
        Self::Speedup,
        Self::Throughput,
        Self::Overhead,
    ];

    /// Its name in an expectation.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Latency => "latency",
            Self::Efficiency => "efficiency",
            Self::Speedup => "speedup",
            Self::Throughput => "throughput",
            Self::Overhead => "overhead",
        }
    }

    /// Whether it compares with N = 1, where it therefore says nothing.
    #[must_use]
    pub fn is_relative(self) -> bool {
        matches!(self, Self::Efficiency | Self::Speedup | Self::Overhead)
    }

    /// The units of its limits.
    pub(crate) fn units(self) -> &'static [Unit] {
        match self {
            Self::Latency | Self::Overhead => &[
                Unit::Nanosecond,
                Unit::Microsecond,
                Unit::Millisecond,
                Unit::Second,
            ],
            Self::Efficiency => &[Unit::Percent, Unit::One],
            Self::Speedup => &[Unit::One],
            Self::Throughput => &[
                Unit::PerSecond,
                Unit::ThousandPerSecond,
                Unit::MillionPerSecond,
                Unit::BillionPerSecond,
            ],
        }
    }

    /// An expectation of it, for messages.
    pub(crate) fn example(self) -> &'static str {
        match self {
            Self::Latency => "latency <= 200ns",
            Self::Efficiency => "efficiency(8) >= 70%",
            Self::Speedup => "speedup(8) >= 5.5",
            Self::Throughput => "throughput(8) >= 5M/s",
            Self::Overhead => "overhead(8) <= 50ns",
        }
    }
}

impl Comparison {
    /// As it is written.
    #[must_use]
    pub fn sign(self) -> &'static str {
        match self {
            Self::AtMost => "<=",
            Self::AtLeast => ">=",
            Self::Below => "<",
            Self::Above => ">",
        }
    }

    /// Whether `figure` is on the right side of `limit`.
    #[must_use]
    pub fn holds(self, figure: f64, limit: f64) -> bool {
        match self {
            Self::AtMost => figure <= limit,
            Self::AtLeast => figure >= limit,
            Self::Below => figure < limit,
            Self::Above => figure > limit,
        }
    }
}

impl Unit {
    /// How it is written behind a number.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::One => "",
            Self::Percent => "%",
            Self::Nanosecond => "ns",
            Self::Microsecond => "us",
            Self::Millisecond => "ms",
            Self::Second => "s",
            Self::PerSecond => "/s",
            Self::ThousandPerSecond => "k/s",
            Self::MillionPerSecond => "M/s",
            Self::BillionPerSecond => "G/s",
        }
    }
}

impl Limit {
    /// In the unit that reports use: ns, a share or ratio (1 is 100 %), calls per second.
    ///
    /// ```
    /// use scalebench_expect::{Limit, Unit};
    /// assert_eq!(Limit { number: 70.0, unit: Unit::Percent }.value(), 0.7);
    /// assert_eq!(Limit { number: 5.0, unit: Unit::MillionPerSecond }.value(), 5e6);
    /// ```
    #[must_use]
    pub fn value(&self) -> f64 {
        let factor = match self.unit {
            // 70 / 100 is 0.7 to the last bit, 70 * 0.01 is not.
            Unit::Percent => return self.number / 100.0,
            Unit::One | Unit::Nanosecond | Unit::PerSecond => 1.0,
            Unit::Microsecond | Unit::ThousandPerSecond => 1e3,
            Unit::Millisecond | Unit::MillionPerSecond => 1e6,
            Unit::Second | Unit::BillionPerSecond => 1e9,
        };
        self.number * factor
    }
}

impl Display for Expectation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.metric.name();
        match (self.metric, self.threads) {
            (Metric::Latency, 1) => f.write_str(name)?,
            (_, threads) => write!(f, "{name}({threads})")?,
        }
        let Limit { number, unit } = self.limit;
        write!(f, " {} {number}{}", self.comparison.sign(), unit.name())
    }
}

//! The gate: which changes are regressions beyond what the user allows.

use crate::data::Location;
use crate::report::{Benchmark, Change, Pattern, Report, Verdict};

/// How much of each factor may be lost, as a share: 0.05 is 5 %. `None`: any amount.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Limits {
    /// Of performance.
    pub performance: Option<f64>,
    /// Of scalability.
    pub scalability: Option<f64>,
    /// Whether what the data cannot settle counts as a regression, and a loss of efficiency that a faster call explains:
    /// see [`violations`].
    pub strict: bool,
}

/// A limit that makes no sense; says what to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LimitError(String);

impl std::fmt::Display for LimitError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for LimitError {}

/// Which factor of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Factor {
    /// The single call.
    Performance,
    /// Efficiency at the verdict's thread count.
    Scalability,
}

impl Factor {
    /// Its name in running text.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Performance => "performance",
            Self::Scalability => "scalability",
        }
    }
}

/// One regression.
#[derive(Debug, Clone, PartialEq)]
pub struct Violation {
    /// The benchmark.
    pub id: String,
    /// Where its function stands.
    pub location: Location,
    /// What it lost; `None` where it did not reach what was expected of it.
    pub factor: Option<Factor>,
    /// Whether it is certain (else it is there because of [`Limits::strict`]).
    pub certain: bool,
    /// What to tell the user, in one sentence.
    pub sentence: String,
}

impl Violation {
    /// A line that GitHub's runner shows beside the code of the benchmark.
    ///
    /// Source of the format: "Workflow commands for GitHub Actions", section "Setting an error message".
    ///
    /// ```
    /// use scalebench_model::{data::Location, gate::{Factor, Violation}};
    /// let violation = Violation {
    ///     id: "maps::get".into(),
    ///     location: Location { file: "benches/a,b.rs".into(), line: 7 },
    ///     factor: Some(Factor::Performance),
    ///     certain: true,
    ///     sentence: "10 % lost\n".into(),
    /// };
    /// assert_eq!(
    ///     violation.annotation(),
    ///     "::error file=benches/a%2Cb.rs,line=7,title=scalebench gate::10 %25 lost%0A",
    /// );
    /// ```
    #[must_use]
    pub fn annotation(&self) -> String {
        let text = |text: &str| {
            let text = text.replace('%', "%25").replace('\r', "%0D");
            text.replace('\n', "%0A")
        };
        let place = match self.location.file.as_str() {
            "" => String::new(),
            file => format!(
                "file={},line={},",
                text(file).replace(':', "%3A").replace(',', "%2C"),
                self.location.line
            ),
        };
        format!(
            "::error {place}title=scalebench gate::{}",
            text(&self.sentence)
        )
    }
}

impl Limits {
    /// Reads limits such as `performance=5%,scalability=5%`.
    ///
    /// # Errors
    /// When a part is not `performance` or `scalability` with a percentage from 0 to 100.
    ///
    /// ```
    /// use scalebench_model::gate::Limits;
    /// let limits = Limits::parse("performance=5%,scalability=2.5%").unwrap();
    /// assert_eq!(limits.scalability, Some(0.025));
    /// assert!(Limits::parse("latency=5%").is_err());
    /// ```
    pub fn parse(text: &str) -> Result<Self, LimitError> {
        let mut limits = Self::default();
        for part in text.split(',') {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            let share = percentage(value).ok_or_else(|| nonsense(text))?;
            match name.trim() {
                "performance" => limits.performance = Some(share),
                "scalability" => limits.scalability = Some(share),
                _ => return Err(nonsense(text)),
            }
        }
        Ok(limits)
    }
}

fn percentage(text: &str) -> Option<f64> {
    let number: f64 = text.trim().trim_end_matches('%').trim_end().parse().ok()?;
    (0.0..=100.0).contains(&number).then_some(number / 100.0)
}

fn nonsense(text: &str) -> LimitError {
    LimitError(format!(
        "a gate takes limits such as performance=5%,scalability=5% with 0 to 100 %, not `{text}`"
    ))
}

/// The regressions of a report, in the order of its benchmarks.
///
/// A factor has regressed when its verdict is "changed" and its estimate lies beyond the limit. [`Limits::strict`] also takes
/// for regressions:
/// - what is inconclusive, whatever its estimate;
/// - efficiency lost beyond the limit that is absorbed or saturated: the single call got faster, but none of it, or not all,
///   reached the throughput at N threads.
///
/// Efficiency that is diluted, small, unchanged or better passes in any case.
#[must_use]
pub fn violations(report: &Report, limits: &Limits) -> Vec<Violation> {
    let mut found = Vec::new();
    for benchmark in &report.benchmarks {
        let Some(change) = &benchmark.change else {
            continue;
        };
        for factor in [Factor::Performance, Factor::Scalability] {
            found.extend(violation(benchmark, change, factor, limits));
        }
    }
    found
}

fn violation(
    benchmark: &Benchmark,
    change: &Change,
    factor: Factor,
    limits: &Limits,
) -> Option<Violation> {
    let id = &benchmark.id;
    let (limit, verdict, figure) = match factor {
        Factor::Performance => (
            limits.performance,
            change.performance_verdict,
            change.performance,
        ),
        Factor::Scalability => (
            limits.scalability,
            change.scalability_verdict,
            change.scalability,
        ),
    };
    let limit = limit?;
    if factor == Factor::Scalability && !change.compares_scalability() {
        // Where one thread is all that counts, or a side has no knee, there is no scalability to doubt.
        return None;
    }
    let beyond = 1.0 - figure.estimate > limit;
    let swallowed = matches!(change.pattern, Some(Pattern::Absorbed | Pattern::Saturated));
    let certain = verdict == Verdict::Changed && beyond;
    let why = match verdict {
        Verdict::Changed if beyond => format!("more than {:.3} % lost", 100.0 * limit),
        Verdict::Inconclusive if limits.strict => {
            "inconclusive, which the strict gate does not let pass".to_owned()
        }
        Verdict::Neutral if limits.strict && beyond && swallowed => format!(
            "{}, which the strict gate does not let pass",
            change.scalability_word()
        ),
        _ => return None,
    };
    let what = format!(
        "{id}: {} x{:.3} [{:.3}, {:.3}]",
        factor.word(),
        figure.estimate,
        figure.lower,
        figure.upper
    );
    let sentence = format!("{what}, {why}");
    Some(Violation {
        id: id.to_owned(),
        location: benchmark.location.clone(),
        factor: Some(factor),
        certain,
        sentence,
    })
}

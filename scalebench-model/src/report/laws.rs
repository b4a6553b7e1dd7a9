//! The laws' part of the report.

use serde::Serialize;

use super::Estimate;

/// Which law describes the curve.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "tools", derive(serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum LawKind {
    /// X = λN.
    Linear,
    /// X = λN/(1+σ(N−1)).
    Amdahl,
    /// X = λ·min(N, C).
    Capacity,
    /// X = λN^p.
    Power,
    /// X = λN/(1+σ(N−1)+κN(N−1)).
    Usl,
    /// No law describes the curve.
    None,
    /// Too few points to say.
    Unresolved,
}

/// The scaling law of a benchmark and what follows from it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "tools", derive(serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Laws {
    /// The law with the fewest parameters of those that miss no point by more than 3 % or that the data cannot tell from the
    /// best.
    pub chosen: LawKind,
    /// Throughput at one thread by the fit, calls per second.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lambda: Option<f64>,
    /// Contention σ: a serial share up to 1; above it each thread adds more than a whole call (negative scaling).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sigma: Option<Estimate>,
    /// Coherency κ, 0 or more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kappa: Option<Estimate>,
    /// Exponent p of the power law, where chosen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exponent: Option<Estimate>,
    /// C, how many calls run at a time, where a capacity was chosen; 1 or more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capacity: Option<Estimate>,
    /// By how much the chosen law misses the point that it misses most, as a share (0.02 is 2 %); of the closest one where none
    /// was chosen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub largest_miss: Option<f64>,
    /// Whether an unconstrained parameter lies below zero with its whole interval.
    pub superlinear: bool,
    /// Thread count of the highest throughput, where supported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peak_threads: Option<f64>,
    /// Throughput that no number of threads exceeds (κ = 0), calls per second, where supported and with its whole interval
    /// within 10 times what the largest counted N would do with ideal scaling.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asymptote_per_s: Option<f64>,
    /// Karp–Flatt serial fraction e(N) at every counted N above 1 where it is a share, 0 to 1.
    pub karp_flatt: Vec<KarpFlatt>,
    /// The fitted curve with its band, from 1 to at most twice the largest counted N.
    pub curve: Vec<CurvePoint>,
    /// The law in words, or what is missing to name one.
    pub sentence: String,
}

/// A σ above this is no serial share, not even a whole one: each thread adds more than a call takes alone.
pub(crate) const MORE_THAN_ALL: f64 = 1.03;

impl Laws {
    /// Whether throughput is highest with a single caller and falls from there, as far as the intervals tell.
    #[must_use]
    pub fn scales_negatively(&self) -> bool {
        let shown = |e: &Estimate| e.level > 0.0;
        let more_than_all = |s: Estimate| shown(&s) && s.lower > 1.0 && s.estimate > MORE_THAN_ALL;
        self.sigma.is_some_and(more_than_all)
            || self.exponent.is_some_and(|p| shown(&p) && p.upper < 0.0)
            || self.peak_threads.is_some_and(|peak| peak < 1.5)
    }
}

/// Karp–Flatt serial fraction at one thread count.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "tools", derive(serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct KarpFlatt {
    /// Thread count N.
    pub threads: u32,
    /// e(N) = (1/S − 1/N)/(1 − 1/N). Source: Karp and Flatt, CACM 33(5), 1990.
    pub serial_fraction: Estimate,
}

/// One point of the fitted curve.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "tools", derive(serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CurvePoint {
    /// Thread count, not necessarily whole.
    pub threads: f64,
    /// Fitted latency, ns, with its band.
    pub latency_ns: Estimate,
    /// Fitted efficiency with its band.
    pub efficiency: Estimate,
}

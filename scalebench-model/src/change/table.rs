//! What a change of efficiency amounts to: the table of verdicts on scalability.

use crate::report::{Pattern, Verdict};
use crate::stats::Interval;

/// What the table asks of a change besides the plain verdict on E. All intervals are of one level: 90 % for a verdict, so
/// that each end is missed in 5 % of cases.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Evidence {
    /// Whether efficiency rose, by its estimate.
    pub efficiency_rose: bool,
    /// P = −ln L_B(1)/L_A(1): above 0 where the single call got faster.
    pub performance: Interval,
    /// Change of the overhead R(N) − R(1), as a share of R(N) on the side with the higher efficiency, which is the baseline
    /// where E falls: 0.02 is 2 % of it. `None` where there is no overhead to speak of (load mode), or no interval.
    pub overhead: Option<Interval>,
    /// T = ln X_B(N)/X_A(N); in load mode of the rates that both carry within the same response time. `None` without an
    /// interval.
    pub throughput: Option<Interval>,
}

/// The verdict on scalability, and why efficiency moved where that is known. `plain` is the verdict on E alone, `threshold`
/// the least change that counts (δ, a share).
///
/// Efficiency is relative to the single call, so a faster call alone lowers it, and a slower one raises it. Neither is a
/// change of scalability. Where `plain` says that E moved (`Changed` or `Small`), the first row that holds decides:
///
/// | E falls, the single call got faster, and … | pattern | verdict |
/// | --- | --- | --- |
/// | the overhead is not up (upper bound < δ·L_A(N)) | diluted | neutral |
/// | X(N) is not lower (lower bound > −δ), and not higher either (upper bound < δ) | saturated | neutral |
/// | X(N) is not lower (lower bound > −δ) | absorbed | neutral |
/// | E falls, and X(N) is lower (upper bound < −δ) | scales worse | changed: a regression |
/// | else | | inconclusive |
///
/// | E rises, the single call got slower, and … | | |
/// | --- | --- | --- |
/// | the overhead is not down (lower bound > −δ·L_B(N)) | slower call | neutral |
/// | X(N) is not higher (upper bound < δ) | slower call | neutral |
/// | else | | changed: a gain |
///
/// The rows below the first need not ask again whether the overhead is up. While N threads are no faster than N single ones
/// (η ≤ 1), E falls and X(N) with it only if R(N) − R(1) grows; and where X(N) is not lower, diluted or absorbed are both
/// neutral. Rising is the mirror of falling, so what is neutral in one direction is no gain in the other.
///
/// R(N) is the latency L(N). In parallel mode it is N·T(N), and the overhead N·T(N) − T(1) is the time of all threads beyond the serial program's:
/// the overhead function T_o of Grama, Gupta, Karypis, Kumar, "Introduction to Parallel Computing", 2003, section 5.1. So the
/// table holds as it is. In load mode nothing waits for a fixed number of callers, so there is no overhead, and the rows
/// about X(N) decide. There X is not the load at the knee: the knee is relative to the single call itself, and a faster call
/// alone lowers it.
///
/// Where E moved by more than δ, the estimates say by themselves that the call did, but for a baseline with η > 1. A small E
/// may also be a small loss with the call as it was, so there the call must have moved for sure. What is small and not
/// neutral stays small.
///
/// ```
/// use scalebench_model::change::{Evidence, weigh};
/// use scalebench_model::report::{Pattern, Verdict};
/// use scalebench_model::stats::Interval;
/// let about = |estimate: f64| Some(Interval { estimate, lower: estimate - 0.005, upper: estimate + 0.005 });
/// // Less work before a lock: efficiency falls, calls wait longer for the lock, and as many are done.
/// let evidence = Evidence {
///     efficiency_rose: false,
///     performance: about(0.22).unwrap(),
///     overhead: about(0.1),
///     throughput: about(0.008),
/// };
/// assert_eq!(weigh(Verdict::Changed, &evidence, 0.02), (Verdict::Neutral, Some(Pattern::Saturated)));
/// ```
#[must_use]
pub fn weigh(plain: Verdict, evidence: &Evidence, threshold: f64) -> (Verdict, Option<Pattern>) {
    if !matches!(plain, Verdict::Changed | Verdict::Small) {
        return (plain, None);
    }
    let call = evidence.performance;
    let call = match plain {
        Verdict::Changed => call.estimate,
        _ if call.lower > 0.0 || call.upper < 0.0 => call.estimate,
        _ => 0.0,
    };
    match pattern(evidence, call, threshold) {
        Some(pattern) if pattern.is_neutral() => (Verdict::Neutral, Some(pattern)),
        Some(pattern) if plain == Verdict::Changed => (plain, Some(pattern)),
        None if plain == Verdict::Changed && !evidence.efficiency_rose => {
            (Verdict::Inconclusive, None)
        }
        _ => (plain, None),
    }
}

/// Why efficiency moved; `None` where that is not known, or where it rose because scalability did. `call` is above 0 where
/// the single call got faster, below where it got slower.
fn pattern(evidence: &Evidence, call: f64, threshold: f64) -> Option<Pattern> {
    let delta = threshold.ln_1p();
    let (overhead, throughput) = (evidence.overhead, evidence.throughput);
    if evidence.efficiency_rose {
        let stayed = overhead.is_some_and(|o| o.lower > -threshold);
        let not_higher = throughput.is_some_and(|t| t.upper < delta);
        return (call < 0.0 && (stayed || not_higher)).then_some(Pattern::SlowerCall);
    }
    if call > 0.0 && overhead.is_some_and(|o| o.upper < threshold) {
        return Some(Pattern::Diluted);
    }
    match throughput? {
        t if t.upper < -delta => Some(Pattern::ScalesWorse),
        t if call <= 0.0 || t.lower <= -delta => None,
        t if t.upper < delta => Some(Pattern::Saturated),
        _ => Some(Pattern::Absorbed),
    }
}

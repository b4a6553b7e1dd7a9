//! The exact split of a change in throughput.

/// The two latencies that a split needs, in any unit of time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ends {
    /// R(1): time per call with one thread.
    pub r_one: f64,
    /// R(N) = N/X(N): time per call and caller with N threads.
    pub r_many: f64,
}

/// A change in throughput and its two parts, as logarithms.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Split {
    /// T = ln X_B(N)/X_A(N).
    pub throughput: f64,
    /// P = −ln R_B(1)/R_A(1).
    pub performance: f64,
    /// E = ln η_B(N)/η_A(N).
    pub scalability: f64,
}

/// Splits the change from `old` to `new` at some N; T = P + E exactly, whatever estimator the latencies come from.
///
/// ```
/// use scalebench_model::change::{Ends, split};
/// // A call twice as fast whose surcharge stays: performance ×2, efficiency falls.
/// let old = Ends { r_one: 100.0, r_many: 180.0 };
/// let new = Ends { r_one: 50.0, r_many: 130.0 };
/// let s = split(&old, &new);
/// assert!((s.performance.exp() - 2.0).abs() < 1e-12);
/// assert!((s.scalability.exp() - 9.0 / 13.0).abs() < 1e-12);
/// ```
#[must_use]
pub fn split(old: &Ends, new: &Ends) -> Split {
    let (old_parts, new_parts) = (parts(old), parts(new));
    Split {
        throughput: new_parts.throughput - old_parts.throughput,
        performance: new_parts.performance - old_parts.performance,
        scalability: new_parts.scalability - old_parts.scalability,
    }
}

/// One side's contributions: ln X(N) up to a constant, −ln R(1), ln η(N).
pub(super) fn parts(ends: &Ends) -> Split {
    let (one, many) = (ends.r_one.ln(), ends.r_many.ln());
    Split {
        throughput: -many,
        performance: -one,
        scalability: one - many,
    }
}

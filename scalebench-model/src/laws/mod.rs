//! Scaling laws: which one describes a curve, with which parameters, and how well the points can carry them.
//!
//! All laws are fitted to R(N) = N/X(N), the time per call and caller, in which the Universal Scalability Law is linear:
//! `R(N) = (1 + σ(N−1) + κN(N−1))/λ`. For concurrent callers R is the latency; in parallel mode it is N·T(N).

mod design;
mod fit;
mod formula;
mod least_squares;
mod resolve;
mod spread;
mod words;

pub use fit::{Fit, Law, Observed, REFRESHES, Selection, fit, select};
pub use formula::{Power, Usl, gustafson_serial_fraction, gustafson_speedup, karp_flatt};
pub use least_squares::{Solution, least_squares};
pub use resolve::{laws, no_law_in_group};

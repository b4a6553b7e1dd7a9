//! Scaling laws: which one describes a curve, with which parameters, and how well the points can carry them.
//!
//! All laws are fitted to R(N) = N/X(N), the time per call and caller, in which the Universal Scalability Law is linear:
//! `R(N) = (1 + σ(N−1) + κN(N−1))/λ`. For concurrent callers R is the latency; in parallel mode it is N·T(N).

mod capacity;
mod design;
mod fit;
mod formula;
mod least_squares;
mod points;
mod reference;
mod resolve;
mod select;
mod spread;
mod summary;
mod words;

pub use fit::{Fit, Law, Observed, REFRESHES, fit};
pub use formula::{Power, Usl, gustafson_serial_fraction, gustafson_speedup, karp_flatt};
pub use least_squares::{Solution, least_squares};
pub(crate) use reference::FittedSingle;
pub use resolve::{laws, no_law_in_group};
pub use select::{NEAR_ENOUGH, Selection, select, select_single};
pub use summary::{Shape, shape, summary};

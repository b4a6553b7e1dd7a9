//! What changed between two runs: performance, scalability, or both.
//!
//! Throughput is the product of single-call speed and scaling, so its change splits exactly: T = P + E with
//! `T = ln X_B(N)/X_A(N)`, `P = −ln L_B(1)/L_A(1)` and `E = ln η_B(N)/η_A(N)`.

mod comparison;
mod draft;
mod drift;
mod interference;
mod judge;
mod load;
mod pair;
mod split;
mod table;
mod verdict;
mod words;

pub use comparison::{Comparison, Scope, Thresholds};
pub use draft::{Draft, Side, conclude};
pub use drift::Machine;
pub use split::{Ends, Split, split};
pub use table::{Evidence, weigh};
pub use verdict::{Factor, verdict};

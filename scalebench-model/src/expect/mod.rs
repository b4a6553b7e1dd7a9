//! Expectations without a baseline: what a benchmark must reach by itself.
//!
//! The texts are read by [`scalebench_expect`], which the attribute uses, too. Here they meet the figures.

mod figure;
mod judge;
mod violations;

pub(crate) use judge::judge;
pub use scalebench_expect::{
    Comparison, Expectation, Fault, Limit, Metric, ParseError, Unit, Written, parse,
};
pub use violations::violations;

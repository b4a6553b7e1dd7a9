//! Statistics on plain numbers. Imports nothing of the project, so that every other module may use it.
//!
//! All functions are deterministic: what is random takes a seed.

mod interval;
mod quantile;
mod random;

pub(crate) use interval::mean_and_error;
pub use interval::{Interval, student, student_quantile};
pub use quantile::{Weighted, mean, median, median_in_place, quantile, weighted_median_in_place};
pub use random::{Random, hash_text};

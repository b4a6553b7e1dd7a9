//! Statistics on plain numbers. Imports nothing of the project but `sort`, so that every other module may
//! use it.
//!
//! All functions are deterministic: what is random takes a seed.

#[cfg(feature = "compare")]
mod difference;
#[cfg(feature = "compare")]
mod discovery;
mod distribution;
mod drift;
mod interval;
#[cfg(feature = "tools")]
mod outlier;
mod poisson;
mod quantile;
mod random;
mod special;

#[cfg(feature = "compare")]
pub use difference::{Difference, Location, difference, paired_difference};
#[cfg(feature = "compare")]
pub use discovery::discoveries;
pub use distribution::{chi_squared_tail, student_quantile, student_tail};
pub use drift::{Drift, drift};
pub(crate) use interval::mean_and_error;
pub use interval::{Interval, student};
#[cfg(feature = "tools")]
pub use outlier::{Outliers, outliers};
pub use poisson::poisson_interval;
pub use quantile::{Weighted, mean, median, quantile, weighted_median_in_place};
pub use random::{Random, hash_text};

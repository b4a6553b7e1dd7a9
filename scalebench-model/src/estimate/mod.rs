//! From samples to estimates: latency, throughput, efficiency and surcharge with their intervals.
//!
//! A benchmark is a set of latency [`Curves`]: one for each launch, or one for each bootstrap resample where there are
//! too few launches. Every figure that is made of several points of a curve (efficiency, a law's parameter, a factor
//! of a change) is computed once for each curve, so what the points of one launch have in common is treated jointly.

mod collect;
mod curves;
// Public items are compiled whether anybody calls them or not.
#[cfg_attr(not(feature = "load"), expect(dead_code, unreachable_pub))]
mod load;
mod pace;
mod point;
mod replicas;
mod resample;
mod sampled;
mod scarce;

pub use collect::{Clock, latency_ns};
pub use curves::Curves;
#[cfg(feature = "load")]
pub use load::{Knee, LoadCurves, Rate, is_of, lost};
#[cfg(not(feature = "load"))]
pub(crate) use load::{LoadCurves, Rate, is_of, lost};
pub(crate) use pace::Pace;
pub(crate) use point::scaled;
pub use point::{PointEstimate, points};
#[cfg(feature = "compare")]
pub(crate) use replicas::NORMAL;
pub use replicas::{Basis, CONFIDENCE, MIN_LAUNCHES, MIN_ROUNDS, RESAMPLES, Replicas, Scale};
pub use sampled::is_sampled;
pub use scarce::LongCalls;

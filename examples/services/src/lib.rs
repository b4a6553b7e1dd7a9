//! The services that the benchmarks beside this file start and call.
//!
//! Each is a real one, as small as it can be: what is measured is how it takes company, not what it does.

pub mod http;

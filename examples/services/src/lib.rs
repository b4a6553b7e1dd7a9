//! The services that the benchmarks beside this file start and call, and the keys that they ask for.
//!
//! Each is a real one, as small as it can be: what is measured is how it takes company, not what it does.

pub mod http;
pub mod keys;

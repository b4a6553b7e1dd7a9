//! Benchmarks that more than one binary holds, so that one binary can be compared with another.

pub mod planted;

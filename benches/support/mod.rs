//! What the benchmarks of this folder work on.
#![allow(dead_code, unreachable_pub)] // Each bench target uses a part of it.

pub mod service;
pub mod text;

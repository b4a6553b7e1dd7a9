//! What people expect of a bench target, tested with the tools that they use: cargo, cargo-nextest and profilers.

mod bench;
mod harness;
mod lean;
mod library;
mod nextest;
mod plugin;
mod project;
mod run;
mod test_mode;

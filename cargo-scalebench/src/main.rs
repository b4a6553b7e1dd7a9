//! `cargo scalebench`.
fn main() {}

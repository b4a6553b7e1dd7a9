use scalebench::{Bencher, Measured, scale_bench};

#[scale_bench]
fn bench(_b: Bencher) -> Measured {}

fn main() {}

use scalebench::{Bencher, Measured, scale_bench};

#[scale_bench]
fn bench(#[with(1)] b: Bencher) -> Measured {
    b.iter(|| 1 + 1)
}

fn main() {}

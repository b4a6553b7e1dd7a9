use scalebench::{Bencher, Measured, scale_bench};

#[scale_bench]
fn bench(b: Bencher, _c: Bencher) -> Measured {
    b.iter(|| 1 + 1)
}

fn main() {}

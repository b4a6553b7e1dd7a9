use scalebench::{Bencher, Measured, scale_bench};

#[scale_bench]
fn bench(b: Bencher) -> Option<Measured> {
    Some(b.iter(|| 1 + 1))
}

fn main() {}

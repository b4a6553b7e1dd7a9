use scalebench::{Bencher, Measured, scale_bench};

#[scale_bench]
fn bench(b: Bencher) -> Measured {
    let _ = b.iter(|| 1 + 1);
    b.iter(|| 1 + 1)
}

fn main() {}

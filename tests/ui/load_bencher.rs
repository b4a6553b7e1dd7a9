use scalebench::{Bencher, Measured, scale_bench};

#[scale_bench(load)]
fn bench(b: Bencher) -> Measured {
    b.iter(|| 1 + 1)
}

fn main() {}

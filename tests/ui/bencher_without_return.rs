use scalebench::{Bencher, scale_bench};

#[scale_bench]
fn bench(b: Bencher) {
    let _ = b.iter(|| 1 + 1);
}

fn main() {}

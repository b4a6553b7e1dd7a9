use scalebench::{Bencher, scale_bench};

#[scale_bench]
fn bench(b: Bencher) -> u64 {
    let _ = b.iter(|| 1 + 1);
    2
}

fn main() {}

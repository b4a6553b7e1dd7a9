use scalebench::{Bencher, scale_bench};

#[scale_bench]
fn bench(b: &mut Bencher) {
    let _ = b.max_threads();
}

fn main() {}

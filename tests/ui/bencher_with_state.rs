use scalebench::{Bencher, Measured, scale_bench};

#[scale_bench]
fn bench(b: Bencher, #[with(vec![1])] keys: &Vec<u8>) -> Measured {
    b.iter(|| keys.len())
}

fn main() {}

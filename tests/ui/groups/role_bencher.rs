use scalebench::{Bencher, Measured, scale_bench_group};

#[scale_bench_group]
mod cache {
    use super::*;

    #[role]
    fn read(b: Bencher) -> Measured {
        b.iter(|| ())
    }

    #[role]
    fn write() {}
}

fn main() {}

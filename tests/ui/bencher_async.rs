use scalebench::{Bencher, Measured, scale_bench};

#[scale_bench(runtime = Runtime)]
async fn bench(b: Bencher<'_>) -> Measured {
    b.iter(|| 1 + 1)
}

fn main() {}

use scalebench::scale_bench;

#[scale_bench(sample_size = 100)]
fn bench() {}

fn main() {}

use scalebench::scale_bench;

#[scale_bench(throughput = 1000)]
fn bench() {}

fn main() {}

use scalebench::scale_bench;

#[scale_bench(throughput = items(1, 2))]
fn bench() {}

fn main() {}

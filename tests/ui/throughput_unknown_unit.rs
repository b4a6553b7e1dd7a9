use scalebench::scale_bench;

#[scale_bench(throughput = rows(1000))]
fn bench() {}

fn main() {}

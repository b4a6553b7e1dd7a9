use scalebench::scale_bench;

#[scale_bench(throughput = bytes(0))]
fn bench() {}

fn main() {}

use scalebench::scale_bench;

#[scale_bench(throughput = bytes("4 kB"))]
fn bench() {}

fn main() {}

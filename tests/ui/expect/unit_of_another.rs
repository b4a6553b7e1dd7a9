use scalebench::scale_bench;

#[scale_bench(expect(throughput(4) >= 5M))]
fn bench() {}

fn main() {}

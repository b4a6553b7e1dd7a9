use scalebench::scale_bench;

#[scale_bench(expect(latency <=))]
fn bench() {}

fn main() {}

use scalebench::scale_bench;

#[scale_bench(expect(latency "200ns"))]
fn bench() {}

fn main() {}

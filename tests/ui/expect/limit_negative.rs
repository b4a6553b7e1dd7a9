use scalebench::scale_bench;

#[scale_bench(expect(latency <= -3))]
fn bench() {}

fn main() {}

use scalebench::scale_bench;

#[scale_bench(expect(latency <= 200))]
fn bench() {}

fn main() {}

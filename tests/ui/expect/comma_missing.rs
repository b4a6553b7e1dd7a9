use scalebench::scale_bench;

#[scale_bench(expect(latency <= 200ns overhead(4) <= 50ns))]
fn bench() {}

fn main() {}

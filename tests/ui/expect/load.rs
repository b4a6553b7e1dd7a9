use scalebench::scale_bench;

#[scale_bench(load, expect(efficiency(8) >= 0.7))]
fn bench() {}

fn main() {}

use scalebench::scale_bench;

#[scale_bench(expect(efficiency(8) >= 70))]
fn bench() {}

fn main() {}

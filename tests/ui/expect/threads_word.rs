use scalebench::scale_bench;

#[scale_bench(expect(efficiency(all) >= 0.7))]
fn bench() {}

fn main() {}

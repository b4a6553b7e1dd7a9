use scalebench::scale_bench;

#[scale_bench(threads = [1, 2, 4], expect(efficiency(4) >= 0.7, efficiency(8) >= 0.6))]
fn bench() {}

fn main() {}

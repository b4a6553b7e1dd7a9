use scalebench::scale_bench;

#[scale_bench(expect(speedup(1) >= 1))]
fn bench() {}

fn main() {}

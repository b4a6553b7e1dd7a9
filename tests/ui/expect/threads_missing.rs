use scalebench::scale_bench;

#[scale_bench(expect(efficiency >= 0.7))]
fn bench() {}

fn main() {}

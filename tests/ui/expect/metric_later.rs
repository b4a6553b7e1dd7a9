use scalebench::scale_bench;

#[scale_bench(expect(p99(8) <= "2us"))]
fn bench() {}

fn main() {}

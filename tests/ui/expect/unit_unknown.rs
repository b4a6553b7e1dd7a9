use scalebench::scale_bench;

#[scale_bench(expect(overhead(4) <= "50 ps"))]
fn bench() {}

fn main() {}

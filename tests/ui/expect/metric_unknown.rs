use scalebench::scale_bench;

#[scale_bench(expect(efficiency(8) >= 0.7, latncy <= "200ns"))]
fn bench() {}

fn main() {}

use scalebench::scale_bench;

#[scale_bench(parallel, expect(overhead(8) <= 5us))]
fn bench() {}

fn main() {}

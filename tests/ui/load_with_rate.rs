use scalebench::scale_bench;

#[scale_bench(load = 5000)]
fn bench() {}

fn main() {}

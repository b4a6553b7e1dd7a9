use scalebench::scale_bench;

#[scale_bench(load, parallel)]
fn bench() {}

fn main() {}

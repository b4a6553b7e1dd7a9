use scalebench::scale_bench;

#[scale_bench]
#[scale_bench(ignore)]
fn bench() {}

fn main() {}

use scalebench::scale_bench;

#[scale_bench]
fn bench(#[with(seed)] _key: u64) {}

fn main() {}

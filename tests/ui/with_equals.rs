use scalebench::scale_bench;

#[scale_bench]
fn bench(#[with = 3] _key: u64) {}

fn main() {}

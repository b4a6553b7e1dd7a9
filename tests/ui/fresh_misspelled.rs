use scalebench::scale_bench;

#[scale_bench]
fn bench(#[frehs(1)] _key: &u64) {}

fn main() {}

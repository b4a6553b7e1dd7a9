use scalebench::scale_bench;

#[scale_bench]
fn bench(#[wiht(1)] _key: u64) {}

fn main() {}

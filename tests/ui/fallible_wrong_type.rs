use scalebench::scale_bench;

#[scale_bench]
fn bench(#[with("1".parse::<u8>()?)] _key: u64) {}

fn main() {}

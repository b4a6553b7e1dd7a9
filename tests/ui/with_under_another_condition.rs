use scalebench::scale_bench;

#[scale_bench]
fn bench(#[cfg_attr(not(unix), with(1))] _key: u64) {}

fn main() {}

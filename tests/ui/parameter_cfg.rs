use scalebench::scale_bench;

#[scale_bench]
fn bench(#[cfg(unix)] _key: u64) {}

fn main() {}

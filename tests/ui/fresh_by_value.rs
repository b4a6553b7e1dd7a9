use scalebench::scale_bench;

#[scale_bench]
fn bench(#[fresh(Vec::new())] _keys: Vec<u8>) {}

fn main() {}

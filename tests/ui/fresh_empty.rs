use scalebench::scale_bench;

#[scale_bench]
fn bench(#[fresh()] _keys: &Vec<u8>) {}

fn main() {}

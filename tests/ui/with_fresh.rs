use scalebench::scale_bench;

#[scale_bench]
fn bench(#[fresh(Vec::new())] _map: &Vec<u8>) {}

fn main() {}

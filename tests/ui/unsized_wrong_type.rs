use scalebench::scale_bench;

#[scale_bench]
fn bench(#[with(vec![1_u16])] _bytes: &[u8]) {}

fn main() {}

use scalebench::scale_bench;

#[scale_bench]
fn bench(_bytes: &[u8]) {}

fn main() {}

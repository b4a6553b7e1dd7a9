use scalebench::scale_bench;

#[scale_bench]
fn bench(_input: impl Iterator<Item = u8>) {}

fn main() {}

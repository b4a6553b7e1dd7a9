use scalebench::scale_bench;

#[scale_bench]
fn bench(_map: &'static Vec<u8>) {}

fn main() {}

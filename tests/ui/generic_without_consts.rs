use scalebench::scale_bench;

#[scale_bench]
fn bench<const N: usize>() {}

fn main() {}

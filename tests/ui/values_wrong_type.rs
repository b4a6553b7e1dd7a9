use scalebench::scale_bench;

#[scale_bench]
fn bench(#[values(1, "two")] _size: usize) {}

fn main() {}

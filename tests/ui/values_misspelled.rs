use scalebench::scale_bench;

#[scale_bench]
fn bench(#[value(1, 2)] _size: usize) {}

fn main() {}

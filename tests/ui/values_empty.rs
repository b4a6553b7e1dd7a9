use scalebench::scale_bench;

#[scale_bench]
fn bench(#[values()] _size: usize) {}

fn main() {}

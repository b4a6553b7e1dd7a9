use scalebench::scale_bench;

#[scale_bench]
fn bench(#[values(1..)] _size: usize) {}

fn main() {}

use scalebench::scale_bench;

#[scale_bench]
fn bench(#[values(1..4)] _size: f64) {}

fn main() {}

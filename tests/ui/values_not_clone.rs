use scalebench::scale_bench;

struct Plain;

#[scale_bench]
fn bench(#[values(Plain)] _size: Plain) {}

fn main() {}

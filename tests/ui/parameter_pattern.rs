use scalebench::scale_bench;

#[scale_bench]
fn bench((_a, _b): (u8, u8)) {}

fn main() {}

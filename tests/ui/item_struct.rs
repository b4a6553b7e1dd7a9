use scalebench::scale_bench;

#[scale_bench]
struct Bench;

fn main() {}

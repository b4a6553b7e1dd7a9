use scalebench::scale_bench;

#[scale_bench]
mod benches {}

fn main() {}

use scalebench::scale_bench;

struct Map;

#[scale_bench]
impl Map {}

fn main() {}

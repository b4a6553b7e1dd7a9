use scalebench::scale_bench;

#[scale_bench]
unsafe fn bench() {}

fn main() {}

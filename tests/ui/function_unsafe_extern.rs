use scalebench::scale_bench;

#[scale_bench]
unsafe extern "C" fn bench() {}

fn main() {}

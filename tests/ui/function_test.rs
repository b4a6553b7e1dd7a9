use scalebench::scale_bench;

#[scale_bench]
#[test]
fn bench() {}

fn main() {}

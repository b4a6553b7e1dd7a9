use scalebench::scale_bench;

#[scale_bench]
fn bench<T: Default>() {}

fn main() {}

use scalebench::scale_bench;

#[scale_bench]
fn bench(#[fresh("one")] _key: &mut u64) {}

fn main() {}

use scalebench::scale_bench;

#[scale_bench]
fn bench(#[with(1)] #[fresh(2)] _key: &u8) {}

fn main() {}

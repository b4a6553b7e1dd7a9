use scalebench::scale_bench;

#[scale_bench]
fn bench(#[fresh(2)] #[values(1)] _key: &u8) {}

fn main() {}

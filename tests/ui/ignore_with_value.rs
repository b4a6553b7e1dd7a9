use scalebench::scale_bench;

#[scale_bench(ignore = "slow")]
fn bench() {}

fn main() {}

use scalebench::scale_bench;

#[scale_bench(parallel = true)]
fn bench() {}

fn main() {}

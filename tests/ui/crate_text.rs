use scalebench::scale_bench;

#[scale_bench(crate = "bench")]
fn bench() {}

fn main() {}

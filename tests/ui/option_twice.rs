use scalebench::scale_bench;

#[scale_bench(ignore, threads = [1], ignore)]
fn bench() {}

fn main() {}

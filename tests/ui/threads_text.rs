use scalebench::scale_bench;

#[scale_bench(threads = ["all"])]
fn bench() {}

fn main() {}

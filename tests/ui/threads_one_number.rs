use scalebench::scale_bench;

#[scale_bench(threads = 4)]
fn bench() {}

fn main() {}

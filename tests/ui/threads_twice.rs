use scalebench::scale_bench;

#[scale_bench(threads = [1, 2, 1])]
fn bench() {}

fn main() {}

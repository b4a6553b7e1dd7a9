use scalebench::scale_bench;

#[scale_bench(threads = [1, 0, 2])]
fn bench() {}

fn main() {}

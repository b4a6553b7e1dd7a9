use scalebench::scale_bench;

#[scale_bench(threads = [-1])]
fn bench() {}

fn main() {}

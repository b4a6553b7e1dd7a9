use scalebench::scale_bench;

#[scale_bench(load, threads = [4, 32, 8])]
fn bench() {}

fn main() {}

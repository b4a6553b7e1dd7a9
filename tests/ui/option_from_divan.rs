use scalebench::scale_bench;

#[scale_bench(args = [1, 2])]
fn bench() {}

fn main() {}

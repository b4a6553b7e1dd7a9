use scalebench::scale_bench;

#[scale_bench(thread = [1, 2])]
fn bench() {}

fn main() {}

use scalebench::scale_bench;

#[scale_bench(tasks = [1, 8])]
fn bench() {}

fn main() {}

use scalebench::scale_bench;

#[scale_bench(name = 3)]
fn bench() {}

fn main() {}

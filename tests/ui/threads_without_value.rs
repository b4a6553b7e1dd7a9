use scalebench::scale_bench;

#[scale_bench(threads)]
fn bench() {}

fn main() {}

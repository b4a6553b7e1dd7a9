use scalebench::scale_bench;

#[scale_bench(expect)]
fn bench() {}

fn main() {}

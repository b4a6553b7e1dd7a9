use scalebench::scale_bench;

#[scale_bench(name = "")]
fn bench() {}

fn main() {}

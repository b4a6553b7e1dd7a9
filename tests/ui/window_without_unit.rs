use scalebench::scale_bench;

#[scale_bench(window = "10")]
fn bench() {}

fn main() {}

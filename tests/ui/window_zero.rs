use scalebench::scale_bench;

#[scale_bench(window = "0 ms")]
fn bench() {}

fn main() {}

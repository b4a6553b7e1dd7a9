use scalebench::scale_bench;

#[scale_bench(window = "10 msec")]
fn bench() {}

fn main() {}

use scalebench::scale_bench;

#[scale_bench(max_time = "long")]
fn bench() {}

fn main() {}

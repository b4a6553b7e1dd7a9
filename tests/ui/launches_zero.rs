use scalebench::scale_bench;

#[scale_bench(launches = 0)]
fn bench() {}

fn main() {}

use scalebench::scale_bench;

#[scale_bench("insert")]
fn bench() {}

fn main() {}

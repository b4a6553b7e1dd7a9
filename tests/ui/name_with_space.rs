use scalebench::scale_bench;

#[scale_bench(name = " insert")]
fn bench() {}

fn main() {}

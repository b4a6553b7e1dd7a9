use scalebench::scale_bench;

#[scale_bench(name = "map/insert")]
fn bench() {}

fn main() {}

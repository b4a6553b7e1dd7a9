use scalebench::scale_bench;

struct Plain;

#[scale_bench(types = [Plain])]
fn bench<T: Copy>() {}

fn main() {}

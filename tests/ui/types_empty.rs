use scalebench::scale_bench;

#[scale_bench(types = [])]
fn bench<T: Default>() {}

fn main() {}

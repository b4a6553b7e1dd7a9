#[scalebench::scale_bench(load, processes = [1, 2])]
fn bench() {}

fn main() {}

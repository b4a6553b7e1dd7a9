#[scalebench::scale_bench(parallel, processes = [1, 2], threads = [1, 2])]
fn bench() {}

fn main() {}

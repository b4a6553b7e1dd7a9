#[scalebench::scale_bench(processes = [1, 2], threads = [1, 2])]
fn bench() {}

fn main() {}

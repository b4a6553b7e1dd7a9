#[scalebench::scale_bench(processes = [1, 2], threads = [0])]
fn bench() {}

fn main() {}

use scalebench::scale_bench;

#[scale_bench(runtime = Runtime)]
fn bench() {}

fn main() {}

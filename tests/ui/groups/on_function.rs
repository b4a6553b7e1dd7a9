use scalebench::scale_bench_group;

#[scale_bench_group]
fn cache() {}

fn main() {}
